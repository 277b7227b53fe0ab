import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world.ts';

const COMMENTS = [
  ['@sitiaminah', 'Min, lampu jalan di Jl. Pemuda mati sejak Sabtu, tolong dicek'],
  ['@budisantoso', 'Videonya jelas. Tapi jadwal angkut sampah di Gombong kok tidak ditepati?'],
  ['@dewi.lestari', 'Kapan pendaftaran sekolah dibuka? Di situs belum ada'],
  ['@aguspr', 'Air PDAM keruh lagi pagi ini, RT 03 Panjer'],
  ['@rinawulan', 'Terima kasih sudah memperbaiki trotoar depan stasiun'],
] as const;

export interface FeedOptions {
  everyMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** Something of every kind, unless it was told in an earlier run, then somebody writes from time to time. */
export async function feed(world: World, { everyMs, signal }: FeedOptions = {}): Promise<void> {
  if (world.comments.size === 0) scenario(world);
  for (let number = world.comments.size; everyMs !== undefined && !signal?.aborted; number++) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    const [handle, text] = COMMENTS[number % COMMENTS.length]!;
    if (!signal?.aborted) world.comment(handle, text);
  }
}

function scenario(world: World): void {
  const first = world.comment(...COMMENTS[0]);
  world.reply(first, '@jokosusilo', 'Betul, di gang sebelah juga gelap');
  const wrong = world.comment('@warga.kutosari', 'Jembatan gantung di Kutosari goyang');
  world.edit(wrong, 'Jembatan gantung di Kutosari goyang, papan tengahnya lepas');
  world.comment(...COMMENTS[1]);
  world.comment('@akunbaru77', 'Cek kanal saya, ada info bansos', { held: 'heldForReview' });
}
