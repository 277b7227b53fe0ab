import type { Landed, World } from './world.ts';

const placeOf = ({ account, kind, target, text }: Landed): string => JSON.stringify([account, kind, target, text]);

/** For tests: what landed, and the words that landed more than once in one place. */
export function tally({ landed }: World) {
  const counts = new Map<string, number>();
  for (const one of landed) counts.set(placeOf(one), (counts.get(placeOf(one)) ?? 0) + 1);
  const doubled = landed.filter((one) => (counts.get(placeOf(one)) ?? 0) > 1);
  return { landed, doubled };
}
