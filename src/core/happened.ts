import { Refusal } from './refusal.ts';

const CLOCKS_DIFFER_MS = 5 * 60_000;

/** Clocks differ a little; what lies further ahead has not happened, and is refused with `in_future`. */
export function mustHaveHappened(field: string, at: Date | undefined, now: Date): void {
  if (!at || at.getTime() <= now.getTime() + CLOCKS_DIFFER_MS) return;
  throw new Refusal(
    'in_future',
    `"${field}" lies in the future (${at.toISOString()}; it is ${now.toISOString()} now); say when it was, with the right offset, or leave it out`,
  );
}
