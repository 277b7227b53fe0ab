const DAY_MS = 86_400_000;
/** From fewer items no rhythm can be told. */
const ENOUGH = 20;

/** How a channel has been in the last weeks. */
export interface Rhythm {
  items: number;
  /** The longest pause between two of them, in milliseconds. */
  longestMs: number;
}

/** How long a channel may be quiet, in milliseconds: twice its longest pause, never under a day. `null`: nobody can say. */
export const quietLimit = ({ items, longestMs }: Rhythm): number | null =>
  items < ENOUGH ? null : Math.max(DAY_MS, 2 * longestMs);

/** Since when a channel is unusually quiet; `null`: it is not. `expect`: as its file says, `undefined` by its own rhythm. */
export function silentSince(
  { lastItemAt, quietMs }: { lastItemAt: Date | null; quietMs: number | null },
  expect: { every: number } | false | undefined,
  now: Date,
): Date | null {
  const limit = expect === undefined ? quietMs : expect === false ? null : expect.every;
  if (limit === null || lastItemAt === null) return null;
  return now.getTime() - lastItemAt.getTime() > limit ? lastItemAt : null;
}
