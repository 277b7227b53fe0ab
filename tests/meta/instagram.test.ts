import { afterAll, beforeAll, expect, it } from 'vitest';
import { photo } from '../../simulators/app/photo.ts';
import { poll } from '../../src/flows/poll.ts';
import { eventually } from '../helpers/eventually.ts';
import { answer, complaintOf, messageOf, messageWith } from './helper.ts';
import { serveHook } from './hook.ts';
import { BUDI, INSTAGRAM, instagramChannel, LINA, type MetaHub, metaHub } from './world.ts';

let world: MetaHub;
let hook: Awaited<ReturnType<typeof serveHook>>;
beforeAll(async () => {
  const host = (url: string) => [instagramChannel(url, { poll: { every: 3_600_000 } })];
  world = await metaHub({ channels: host });
  hook = await serveHook(world.hub);
  world.meta.deliverTo(hook.url);
  await world.hub.work();
});
afterAll(async () => {
  await world.close();
  await hook.close();
});

it('a comment is answered below it, a reply below the comment above, with the name in front', async () => {
  const { citizens, world: instagram } = world.meta;
  const top = citizens.comment(citizens.ownPost(INSTAGRAM, 'Pasar murah'), BUDI, 'Kapan?');
  const message = await messageWith(world, 'Kapan?');
  expect(message).toMatchObject({ object_id: top.id, surface: 'comment' });
  await answer(world, message.complaint_id, 'Hari Minggu.');
  const reply = citizens.comment(top, LINA, 'Jalannya rusak 🕳️');
  await messageWith(world, 'Jalannya rusak 🕳️');
  await world.hub.deps.db
    .updateTable('complaint')
    .set({ opening_message_id: (await messageOf(world, reply.id)).id })
    .where('id', '=', message.complaint_id)
    .execute();
  await answer(world, message.complaint_id, 'Segera kami tambal.');
  expect(instagram.below(top.id).map((one) => one.text)).toEqual([
    'Hari Minggu.',
    reply.text,
    '@lina.h Segera kami tambal.',
  ]);
});

it('a mention comes with ids only and is read, and answered where it stands', async () => {
  const { citizens, world: instagram } = world.meta;
  const mention = citizens.mentionInComment(INSTAGRAM, LINA, '@pemkab.contoh lampu mati');
  const message = await messageWith(world, '@pemkab.contoh lampu mati');
  expect(message).toMatchObject({ object_id: mention.id, surface: 'mention' });
  await answer(world, message.complaint_id, 'Petugas datang besok.');
  expect(instagram.below(mention.id).map((one) => one.text)).toEqual(['Petugas datang besok.']);
});

it('a story mention and a story reply are messages; the answer is a message', async () => {
  const { citizens } = world.meta;
  const said = citizens.storyMention(
    INSTAGRAM,
    { id: '8800000000000066', name: 'Lina' },
    { mime: 'image/png', bytes: photo(3) },
  );
  const message = await messageOf(world, said.mid);
  expect(message).toMatchObject({ surface: 'message', title: 'Menyebut akun ini di Story', text: '' });
  await eventually(async () => {
    const file = await world.hub.deps.db
      .selectFrom('attachment')
      .select('state')
      .where('message_id', '=', message.id)
      .executeTakeFirst();
    expect(file?.state).toBe('stored');
  });
  const reply = citizens.storyReply(INSTAGRAM, { id: '8800000000000067', name: 'Budi' }, 'Selokan mampet di story itu');
  const about = await messageWith(world, 'Selokan mampet di story itu');
  expect((await complaintOf(world, about.complaint_id)).context).toMatchObject({
    post: { text: 'Balasan untuk Story akun ini' },
  });
  const published = await answer(world, about.complaint_id, 'Kami cek hari ini.');
  const chat = [...world.meta.world.chats.values()].find((one) => one.messages.some(({ mid }) => mid === reply.mid));
  expect(chat?.messages.at(-1)).toMatchObject({ mid: published.published_id, text: 'Kami cek hari ini.' });
});

it('what is deleted is found by reading, and an unsent message is sealed', async () => {
  const { citizens } = world.meta;
  const post = citizens.ownPost(INSTAGRAM, 'Jadwal air');
  const kept = citizens.comment(post, BUDI, 'Air mati di RT 3');
  const regretted = citizens.comment(post, LINA, 'Nomor rumah saya 12');
  await messageWith(world, kept.text);
  await messageWith(world, regretted.text);
  await poll(world.hub.deps, 'ig');
  citizens.remove(regretted);
  await poll(world.hub.deps, 'ig');
  await eventually(async () => expect((await messageOf(world, regretted.id)).deleted_at).not.toBeNull());
  expect((await messageOf(world, kept.id)).deleted_at).toBeNull();

  const person = { id: '8800000000000068', name: 'Siti' };
  const said = citizens.message(INSTAGRAM, person, 'KTP saya hilang');
  await messageWith(world, 'KTP saya hilang');
  citizens.unsend(INSTAGRAM, person, said);
  await eventually(async () => expect((await messageOf(world, said.mid)).deleted_at).not.toBeNull());
});
