import type { Ground } from './ground.ts';

export type Subject = () => Promise<number>;

/**
 * Measures the subjects one after the other, round by round, after one round that does not count. Every second round
 * goes backwards, so that none always has the better place. Gives back each subject's rates, by round.
 */
export async function alternate<K extends string>(
  ground: Ground,
  subjects: Record<K, Subject>,
): Promise<Record<K, number[]>> {
  const names = Object.keys(subjects) as K[];
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round <= ground.rounds; round += 1) {
    for (const name of round % 2 ? names : [...names].reverse()) {
      const rate = await subjects[name]();
      ground.say(`  round ${round || 'warm-up'} ${name}: ${Math.round(rate)}/s`);
      if (round > 0) rates[name].push(rate);
    }
  }
  return rates;
}

/** Looks every 10 ms; resolves with the milliseconds since `since` when `done` says so. */
export async function waitUntil(done: () => Promise<boolean>, since: number, giveUpMs = 600_000): Promise<number> {
  for (;;) {
    if (await done()) return performance.now() - since;
    if (performance.now() - since > giveUpMs) throw new Error(`not done after ${giveUpMs / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
