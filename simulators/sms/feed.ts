import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world.ts';

const TEXTS = [
  ['+628120000101', 'Lapor: jalan Desa Karangsari rusak parah, tolong ditambal. Suwun'],
  ['+628130000102', 'Air PDAM di RT 03 mati 2 hari min'],
  ['TSEL', 'Paket internet murah! Balas YA'],
  ['+628570000103', 'kapan jadwal KTP keliling kec Ambal'],
  ['+628220000104', 'Lampu jalan depan SMP 2 mati, anak2 takut lewat kalau malam'],
] as const;

export interface FeedOptions {
  everyMs?: number | undefined;
  signal?: AbortSignal;
}

/** The first messages, unless they came in an earlier run, then one from time to time. */
export async function feed(world: World, { everyMs, signal }: FeedOptions = {}): Promise<void> {
  if (world.came.length === 0) for (const [from, text] of TEXTS) world.write(from, text);
  for (let number = world.came.length; everyMs !== undefined && !signal?.aborted; number++) {
    await sleep(everyMs, undefined, signal ? { signal } : {}).catch(() => {});
    const [from, text] = TEXTS[number % TEXTS.length] ?? TEXTS[0];
    if (!signal?.aborted) world.write(from, text);
  }
}
