import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveDraft } from '../../src/flows/desk/drafts.ts';
import { moderate } from '../../src/flows/desk/moderate.ts';
import { poll } from '../../src/flows/poll.ts';
import { eventually } from '../helpers/eventually.ts';
import { seedUser } from '../helpers/register.ts';
import { answer, channelState, complaintOf, messageOf, messageWith } from './helper.ts';
import { serveHook } from './hook.ts';
import { BUDI, facebookChannel, LINA, type MetaHub, metaHub, PAGE } from './world.ts';

let world: MetaHub;
let hook: Awaited<ReturnType<typeof serveHook>>;
beforeAll(async () => {
  world = await metaHub({
    meta: { delivering: { twice: 0.5, shuffle: true } },
    channels: (url) => [facebookChannel(url, { poll: { every: 3_600_000 } })],
  });
  hook = await serveHook(world.hub);
  world.meta.deliverTo(hook.url);
  await world.hub.work();
});
afterAll(async () => {
  await world.close();
  await hook.close();
});

describe('from a citizen to the answer', () => {
  it('a comment becomes a public item, and its answer stands below it once', async () => {
    const { citizens, world: facebook } = world.meta;
    const post = citizens.ownPost(PAGE, 'Kerja bakti hari Minggu');
    const comment = citizens.comment(post, LINA, 'Jalan depan pasar gelap: الشارع مظلم');
    const message = await messageWith(world, comment.text);
    expect(message).toMatchObject({ object_id: comment.id, thread_id: comment.id, surface: 'comment' });
    expect(await complaintOf(world, message.complaint_id)).toMatchObject({ state: 'new', public: true });
    const published = await answer(world, message.complaint_id, 'Lampu kami perbaiki Senin.');
    const [reply, ...more] = facebook.below(comment.id);
    expect(more).toEqual([]);
    expect(reply).toMatchObject({ id: published.published_id, parent: comment.id, text: 'Lampu kami perbaiki Senin.' });
    await world.meta.delivered();
    // Our own comment came back by webhook and is no complaint.
    const rows = await world.hub.deps.db
      .selectFrom('message')
      .select('direction')
      .where('object_id', '=', reply!.id)
      .execute();
    expect(rows).toEqual([{ direction: 'out' }]);
  });

  it('an answer to a reply goes to the comment above it', async () => {
    const { citizens, world: facebook } = world.meta;
    const top = citizens.comment(citizens.ownPost(PAGE, 'Pasar murah'), BUDI, 'Di mana tempatnya?');
    const reply = citizens.comment(top, LINA, 'Di lapangan, tapi jalannya rusak');
    const message = await messageWith(world, reply.text);
    expect(message).toMatchObject({ thread_id: top.id, parent_id: top.id });
    await answer(world, message.complaint_id, 'Jalan itu segera ditambal.');
    expect(facebook.below(top.id).map((one) => one.text)).toEqual([reply.text, 'Jalan itu segera ditambal.']);
  });

  it('a message is answered in its chat, and the echo with our key is no second message', async () => {
    const { citizens } = world.meta;
    const asked = citizens.message(PAGE, { id: '7700000000000055', name: 'Lina' }, 'KTP saya kapan jadi?');
    const message = await messageWith(world, asked.text);
    expect(message).toMatchObject({ thread_id: 'dm:7700000000000055', surface: 'message' });
    const published = await answer(world, message.complaint_id, 'Besok dapat diambil.');
    await world.meta.delivered();
    const own = await world.hub.deps.db
      .selectFrom('message')
      .selectAll()
      .where('text', '=', 'Besok dapat diambil.')
      .execute();
    expect(own.map((one) => [one.object_id, one.publication_id])).toEqual([[published.published_id, published.id]]);
  });
});

it('edits, removals and visitor posts come, too', async () => {
  const { citizens } = world.meta;
  const visitor = citizens.visitorPost(PAGE, BUDI, 'Sampah tidak diangkut');
  expect(await messageWith(world, visitor.text)).toMatchObject({ object_id: visitor.id, surface: 'post' });
  const comment = citizens.comment(visitor, LINA, 'Di sini juga');
  await messageWith(world, 'Di sini juga');
  citizens.edit(comment, 'Di sini juga, sudah dua minggu');
  expect(await messageWith(world, 'Di sini juga, sudah dua minggu')).toMatchObject({ edited: true });
  citizens.remove(comment);
  await eventually(async () => {
    const row = await messageWith(world, 'Di sini juga, sudah dua minggu');
    expect(row.deleted_at).not.toBeNull();
  });
});

describe('what an operator does besides', () => {
  it('hides a comment at the platform, whose own word comes back', async () => {
    const { citizens } = world.meta;
    const comment = citizens.comment(citizens.ownPost(PAGE, 'Vaksin'), BUDI, 'Nomor saya 081200001111');
    const message = await messageWith(world, comment.text);
    const officer = await seedUser(world.hub.deps.db, { role: 'central_admin' });
    await moderate(world.hub.deps, officer, message.id, { action: 'hide', reason: 'Memuat nomor telepon' });
    expect(comment.hidden).toBe(true);
    await eventually(async () => {
      const { source_status } = await complaintOf(world, message.complaint_id);
      expect(source_status).toMatchObject({ code: 'hidden', label: 'Disembunyikan di Facebook' });
    });
    await moderate(world.hub.deps, officer, message.id, { action: 'unhide' });
    expect(comment.hidden).toBe(false);
  });

  it('answers a comment in private, once', async () => {
    const { citizens, world: facebook } = world.meta;
    const comment = citizens.comment(citizens.ownPost(PAGE, 'Bansos'), LINA, 'Kenapa saya tidak dapat?');
    const message = await messageWith(world, comment.text);
    const officer = await seedUser(world.hub.deps.db, { role: 'central_admin' });
    const { db } = world.hub.deps;
    await db.updateTable('complaint').set({ state: 'received' }).where('id', '=', message.complaint_id).execute();
    const text = 'Silakan kirim nomor kartu Anda di sini.';
    await saveDraft(world.hub.deps, officer, message.complaint_id, { text, privately: true, submit: true });
    await eventually(async () => expect(comment.privateReply).toBe(true));
    expect(facebook.below(comment.id)).toEqual([]);
    const again = saveDraft(world.hub.deps, officer, message.complaint_id, { text, privately: true, submit: true });
    await expect(again).rejects.toMatchObject({ code: 'cannot_answer', faults: [{ code: 'privately_used' }] });
  });
});

it('the poll brings what no delivery brought: comments, replies, chats, edits and removals', async () => {
  const { citizens } = world.meta;
  world.meta.deliverTo(undefined);
  const post = citizens.ownPost(PAGE, 'Jembatan');
  const comment = citizens.comment(post, LINA, 'Jembatan goyang');
  const reply = citizens.comment(comment, BUDI, 'Betul, sudah lama');
  citizens.message(PAGE, { id: '7700000000000077', name: 'Siti' }, 'Ada loker?');
  await poll(world.hub.deps, 'fb');
  await messageWith(world, 'Jembatan goyang');
  expect(await messageWith(world, 'Betul, sudah lama')).toMatchObject({ thread_id: comment.id });
  expect(await messageWith(world, 'Ada loker?')).toMatchObject({
    surface: 'message',
    thread_id: 'dm:7700000000000077',
  });
  citizens.edit(comment, 'Jembatan goyang sekali');
  citizens.remove(reply);
  await poll(world.hub.deps, 'fb');
  await messageWith(world, 'Jembatan goyang sekali');
  await eventually(async () => expect((await messageOf(world, reply.id)).deleted_at).not.toBeNull());
  expect((await channelState(world, 'fb')).poll_error).toBeNull();
  world.meta.deliverTo(hook.url);
});

it('a subscription that was lost is made again', async () => {
  const { assets } = world.meta.subscriptions;
  await eventually(async () => expect(assets.get(PAGE)).toContain('feed'));
  assets.set(PAGE, ['feed']);
  await world.hub.deps.db.updateTable('channel_state').set({ cared_at: null }).execute();
  await eventually(async () =>
    expect(assets.get(PAGE)).toEqual(expect.arrayContaining(['feed', 'messages', 'mention'])),
  );
});
