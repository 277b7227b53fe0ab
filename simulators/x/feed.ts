import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from './world.ts';

const PEOPLE = ['sitiaminah', 'budi_s', 'dewi_kbm', 'agusp', 'rina_w', 'jokosusilo'];
const WORDS = [
  'lampu jalan depan pasar mati tiga malam',
  'sampah di TPS Karanganyar belum diangkut sejak Senin 🗑️',
  'jalan ke balai desa berlubang, kemarin ada yang jatuh',
  'kapan loket KTP buka lagi? Sudah dua kali datang tutup',
  'air PDAM di RT 05 keruh sejak kemarin',
];

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length]!;

export interface FeedOptions {
  everyMs?: number | undefined;
  signal?: AbortSignal;
}

/** Something of every kind, unless it was told in an earlier run, then somebody writes from time to time. */
export async function feed(world: World, { everyMs, signal }: FeedOptions = {}): Promise<void> {
  if (world.posts.size === 0) scenario(world);
  for (let number = world.posts.size; everyMs !== undefined && !signal?.aborted; number++) {
    await sleep(everyMs, undefined, signal ? { signal } : {}).catch(() => {});
    if (!signal?.aborted) world.write(pick(PEOPLE, number), `@${world.us.username} ${pick(WORDS, number)}`);
  }
}

function scenario(world: World): void {
  const us = `@${world.us.username}`;
  const ours = world.write(world.us.username, 'Kerja bakti massal Minggu pagi. Ayo ikut!');
  world.write(pick(PEOPLE, 0), `${us} ${WORDS[0]}`);
  const wrong = world.write(pick(PEOPLE, 1), `${us} jembatan di Kebulusan retak`);
  world.edit(wrong, `${us} jembatan di Kebulusan retak, motor harus pelan-pelan`);
  world.write(pick(PEOPLE, 2), 'Jadwalnya bentrok dengan pasar murah, min', { replyTo: ours });
  world.write(pick(PEOPLE, 3), 'Semoga tempat sampahnya juga ditambah', { quotes: ours });
  world.direct(pick(PEOPLE, 4), 'Selamat pagi, KTP saya rusak. Apa syarat menggantinya?');
}
