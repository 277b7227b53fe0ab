/** Ids of X hold their time (milliseconds since this one) above 22 other bits. They do not fit into a number. */
const EPOCH_MS = 1_288_834_974_657n;
const OTHER_BITS = 22n;

const isId = (text: string): boolean => /^\d{1,20}$/.test(text);

/** When it was made; `undefined` for what is no id. */
export const timeOfId = (id: string): number | undefined =>
  isId(id) ? Number((BigInt(id) >> OTHER_BITS) + EPOCH_MS) : undefined;

/** The smallest id of that moment. */
export function idAt(ms: number): string {
  const since = BigInt(Math.floor(ms)) - EPOCH_MS;
  return ((since > 0n ? since : 0n) << OTHER_BITS).toString();
}

/** The id that was made later; an empty text is before all. */
export const laterId = (a: string, b: string): string => (BigInt(a || 0) >= BigInt(b || 0) ? a : b);

/** The id at the end of an address of a post, or of anything else. */
export const idIn = (text: string): string | undefined => /(\d{5,20})\/?$/.exec(text)?.[1];
