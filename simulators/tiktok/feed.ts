import { setTimeout as sleep } from 'node:timers/promises';
import type { Tiktok } from './index.ts';

const COMMENTS = [
  ['sari.w', 'Min, jembatan di Karanganyar retak, kapan diperbaiki?'],
  ['budi_s', 'Videonya bagus, tapi jalan depan pasar masih gelap'],
  ['dewi.l', 'Antre di RSUD dari subuh, nomor habis jam 7'],
  ['agus.pr', 'Lampu lalu lintas simpang lima mati dua hari'],
  ['rina_wu', 'Terima kasih, taman kota sekarang bersih'],
] as const;

export interface FeedOptions {
  everyMs?: number | undefined;
  signal?: AbortSignal;
}

/** The first scenario, unless it was told in an earlier run, then somebody writes from time to time. */
export async function feed({ world }: Tiktok, { everyMs, signal }: FeedOptions = {}): Promise<void> {
  if (world.videos.size === 0) {
    const video = world.video('Peresmian jembatan baru');
    const first = world.comment(video, ...COMMENTS[0]);
    world.comment(first, ...COMMENTS[1]);
    world.comment(world.video('Pelayanan di kecamatan'), ...COMMENTS[2]);
  }
  for (let number = world.comments.size; everyMs !== undefined && !signal?.aborted; number++) {
    await sleep(everyMs, undefined, signal ? { signal } : {}).catch(() => {});
    const [video] = [...world.videos.values()].slice(-1);
    const said = COMMENTS[number % COMMENTS.length];
    if (!signal?.aborted && video && said) world.comment(video, said[0], said[1]);
  }
}
