import { setTimeout as sleep } from 'node:timers/promises';
import type { Google } from './index.ts';
import type { Review, World } from './world.ts';

const PEOPLE = ['Lina Hartati', 'Budi Santoso', 'Dewi Lestari', 'Agus Prasetyo', 'Rina Wulandari', 'Joko Susilo'];
/** Of one star: who wrote so is answered, and writes again. */
const ANGRY = [
  'Antre KTP tiga jam, lalu loketnya ditutup. Tidak ada penjelasan.',
  'Sudah empat kali datang, kartu keluarga belum jadi juga.',
  'Nomor antrean habis jam tujuh pagi. Kami yang dari desa jauh tidak kebagian.',
] as const;
const OTHERS = [
  [2, 'Parkir sempit, motor sampai ke bahu jalan.'],
  [5, 'Petugasnya sabar menjelaskan. Terima kasih.'],
  [3, 'Ruang tunggu panas, kipasnya mati.'],
  [2, ''],
] as const;
const AGAIN = 'Sudah dijawab, tetapi hari ini antreannya masih sama. Mohon benar-benar diperbaiki.';

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length]!;

export interface FeedOptions {
  everyMs?: number | undefined;
  /** How long after an answer somebody who gave one star writes again. */
  editAfterMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * One review of one star at every start, others unless they came in an earlier run; then somebody writes from time to
 * time. Google keeps one review for each person and place, so who writes again changes it.
 */
export async function feed(google: Google, { everyMs, editAfterMs, signal }: FeedOptions = {}): Promise<void> {
  const { world, places } = google;
  if (editAfterMs !== undefined) writeAgain(world, editAfterMs, signal);
  if (world.reviews.size === 0) for (const number of OTHERS.keys()) other(world, number, pick(places, number + 1));
  const angry = world.reviews.size;
  world.review(person(angry), { stars: 1, text: pick(ANGRY, angry), location: pick(places, 0) });
  for (let number = world.reviews.size; everyMs !== undefined && !signal?.aborted; number++) {
    await sleep(everyMs, undefined, { signal }).catch(() => {});
    if (!signal?.aborted) other(world, number, pick(places, number));
  }
}

const person = (number: number): string => {
  const round = Math.floor(number / PEOPLE.length);
  return round === 0 ? pick(PEOPLE, number) : `${pick(PEOPLE, number)} ${round + 1}`;
};

function other(world: World, number: number, location: string): void {
  const [stars, text] = pick(OTHERS, number);
  world.review(person(number), { stars, text, location });
}

/** Those who gave one star and were answered change their review, once; also when the answer came before a restart. */
function writeAgain(world: World, afterMs: number, signal: AbortSignal | undefined): void {
  const waiting = new Set<string>();
  const look = () => {
    for (const review of [...world.reviews.values()].filter(isOpen)) {
      if (waiting.has(review.name)) continue;
      waiting.add(review.name);
      void sleep(afterMs, undefined, { signal }).then(
        () => world.edit(review, { text: `${review.text} ${AGAIN}` }),
        () => {},
      );
    }
  };
  world.on('changed', look);
  look();
}

const isOpen = ({ stars, reply, created, updated }: Review): boolean =>
  stars === 1 && reply !== undefined && created === updated;
