import { setTimeout as sleep } from 'node:timers/promises';
import { photo } from '../app/photo.ts';
import type { Meta } from './index.ts';
import type { Person } from './world.ts';

/** Where the citizens of the demo write. */
export interface Places {
  page: string;
  instagram: string;
  phone: string;
}

const PEOPLE = ['Siti Aminah', 'Budi Santoso', 'Dewi Lestari', 'Agus Prasetyo', 'Rina Wulandari', 'Joko Susilo'];
const COMMENTS = [
  'Min, lampu jalan di depan pasar mati sudah tiga malam.',
  'Sampah di TPS Karanganyar belum diangkut sejak Senin 🗑️',
  'Jalan ke balai desa berlubang, kemarin ada yang jatuh.',
  'Kapan loket KTP buka lagi? Sudah dua kali datang tutup.',
  'Air PDAM di RT 05 keruh sejak kemarin.',
];
const MESSAGES = [
  'Selamat pagi, KTP saya rusak. Apa syarat menggantinya?',
  'Selokan depan sekolah mampet, airnya masuk kelas.',
  'Pohon besar di Jl. Veteran miring, takut tumbang.',
];

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length]!;

/** A person in public; in chats they have another number. */
function person(number: number): Person {
  const name = pick(PEOPLE, number);
  return {
    id: `2590000000${String(number % PEOPLE.length).padStart(4, '0')}`,
    name,
    username: name.split(' ')[0]!.toLowerCase(),
  };
}
const inChat = (number: number): Person => ({ ...person(number), id: `7700000000${String(number).padStart(6, '0')}` });
const onPhone = (number: number): Person => ({
  ...person(number),
  id: `62812000${String(number % 10_000).padStart(5, '0')}`,
});
const picture = (seed: number) => ({ mime: 'image/png', bytes: photo(seed) });

export interface FeedOptions {
  everyMs?: number | undefined;
  signal?: AbortSignal;
}

/** The first scenario, unless it was told in an earlier run, then somebody writes from time to time. */
export async function feed(meta: Meta, places: Places, { everyMs, signal }: FeedOptions = {}): Promise<void> {
  if (meta.world.posts.size === 0) scenario(meta, places);
  for (let number = meta.world.comments.size + 10; everyMs !== undefined && !signal?.aborted; number++) {
    await sleep(everyMs, undefined, signal ? { signal } : {}).catch(() => {});
    if (!signal?.aborted) one(meta, places, number);
  }
}

/** Something of every kind: comments, replies, chats, a story, a mention, a visitor's post, photos. */
function scenario({ citizens, phones }: Meta, { page, instagram, phone }: Places): void {
  const post = citizens.ownPost(page, 'Kerja bakti massal Minggu pagi. Ayo ikut!');
  const first = citizens.comment(post, person(0), COMMENTS[0]!, { photo: picture(5) });
  citizens.comment(first, person(1), 'Betul, di gang sebelah juga mati.');
  const wrong = citizens.comment(post, person(2), 'Jembatan di Kebulusan retak');
  citizens.edit(wrong, 'Jembatan di Kebulusan retak, motor harus pelan-pelan');
  citizens.visitorPost(page, person(3), COMMENTS[1]!);
  citizens.mention(page, person(4), 'Tolong @Kabupaten Contoh, parkir liar di alun-alun.');
  citizens.message(page, inChat(1), MESSAGES[0]!);
  const media = citizens.ownPost(instagram, 'Pasar murah di alun-alun, Sabtu pukul 8.');
  citizens.comment(media, person(5), COMMENTS[2]!);
  citizens.mentionInComment(instagram, person(1), '@pemkab.contoh trotoar depan stasiun rusak');
  citizens.storyReply(instagram, inChat(2), MESSAGES[1]!);
  citizens.storyMention(instagram, inChat(3), picture(9));
  phones.message(phone, onPhone(4), 'Jalan depan SD Kutosari berlubang besar', { photo: picture(13) });
}

function one({ citizens, phones, world }: Meta, { page, instagram, phone }: Places, number: number): void {
  const account = number % 2 === 0 ? page : instagram;
  const post = [...world.posts.values()].findLast((known) => known.account === account && !known.elsewhere);
  if (number % 4 === 3) citizens.message(account, inChat(number), pick(MESSAGES, number));
  else if (number % 4 === 2) phones.message(phone, onPhone(number), pick(MESSAGES, number + 1));
  else if (post) citizens.comment(post, person(number), pick(COMMENTS, number));
}
