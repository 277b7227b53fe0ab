import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { serveHook } from './hook.ts';
import { BUDI, LINA, type MetaHub, metaHub, PAGE } from './world.ts';

let world: MetaHub;
let hook: Awaited<ReturnType<typeof serveHook>>;
beforeAll(async () => {
  world = await metaHub({ meta: { delivering: { twice: 0.5, shuffle: true } } });
  hook = await serveHook(world.hub);
  world.meta.deliverTo(hook.url);
  await world.hub.work();
});
afterAll(async () => {
  await world.close();
  await hook.close();
});

const messageWith = (text: string) =>
  eventually(() =>
    world.hub.deps.db.selectFrom('message').selectAll().where('text', '=', text).executeTakeFirstOrThrow(),
  );
const complaintOf = (id: string) =>
  world.hub.deps.db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

/** Answers and waits until it stands. */
async function answer(complaintId: string, text: string) {
  const [id = ''] = await queueAnswers(world.hub, [complaintId], text);
  return eventually(async () => {
    const row = await publicationOf(world.hub, id);
    expect(row.state).toBe('published');
    return row;
  });
}

describe('from a citizen to the answer', () => {
  it('a comment becomes a public item, and its answer stands below it once', async () => {
    const { citizens, world: facebook } = world.meta;
    const post = citizens.ownPost(PAGE, 'Kerja bakti hari Minggu');
    const comment = citizens.comment(post, LINA, 'Jalan depan pasar gelap: الشارع مظلم');
    const message = await messageWith(comment.text);
    expect(message).toMatchObject({ object_id: comment.id, thread_id: comment.id, surface: 'comment' });
    expect(await complaintOf(message.complaint_id)).toMatchObject({ state: 'new', public: true });
    const published = await answer(message.complaint_id, 'Lampu kami perbaiki Senin.');
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
    const message = await messageWith(reply.text);
    expect(message).toMatchObject({ thread_id: top.id, parent_id: top.id });
    await answer(message.complaint_id, 'Jalan itu segera ditambal.');
    expect(facebook.below(top.id).map((one) => one.text)).toEqual([reply.text, 'Jalan itu segera ditambal.']);
  });

  it('a message is answered in its chat, and the echo with our key is no second message', async () => {
    const { citizens } = world.meta;
    const asked = citizens.message(PAGE, { id: '7700000000000055', name: 'Lina' }, 'KTP saya kapan jadi?');
    const message = await messageWith(asked.text);
    expect(message).toMatchObject({ thread_id: 'dm:7700000000000055', surface: 'message' });
    const published = await answer(message.complaint_id, 'Besok dapat diambil.');
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
  expect(await messageWith(visitor.text)).toMatchObject({ object_id: visitor.id, surface: 'post' });
  const comment = citizens.comment(visitor, LINA, 'Di sini juga');
  await messageWith('Di sini juga');
  citizens.edit(comment, 'Di sini juga, sudah dua minggu');
  expect(await messageWith('Di sini juga, sudah dua minggu')).toMatchObject({ edited: true });
  citizens.remove(comment);
  await eventually(async () => {
    const row = await messageWith('Di sini juga, sudah dua minggu');
    expect(row.deleted_at).not.toBeNull();
  });
});
