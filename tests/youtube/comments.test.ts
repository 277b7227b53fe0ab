import { afterAll, beforeAll, expect, it } from 'vitest';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { pollSurely } from '../helpers/poll.ts';
import { CHANNEL, type YoutubeHub, youtubeHub } from './world.ts';

let world: YoutubeHub;
beforeAll(async () => {
  world = await youtubeHub();
  await world.hub.work();
});
afterAll(() => world.close());

const messageOf = (objectId: string) =>
  eventually(() =>
    world.hub.deps.db.selectFrom('message').selectAll().where('object_id', '=', objectId).executeTakeFirstOrThrow(),
  );
const look = () => pollSurely(world.hub.deps, 'yt');

async function answer(complaintId: string, text: string) {
  const [id = ''] = await queueAnswers(world.hub, [complaintId], text);
  return eventually(async () => {
    const row = await publicationOf(world.hub, id);
    expect(row.state, row.explanation ?? '').toBe('published');
    return row;
  });
}

it('a comment gets its reply, and the reply that comes back is no second one', async () => {
  const comment = world.youtube.world.comment('@lina77', 'Kapan jalan B7 selesai?');
  await look();
  const message = await messageOf(comment.id);
  expect(message).toMatchObject({ surface: 'comment', thread_id: comment.id, text: 'Kapan jalan B7 selesai?' });
  const published = await answer(message.complaint_id, 'Akhir bulan ini.');
  const [reply, ...more] = world.youtube.world.below(comment.id);
  expect(more).toEqual([]);
  expect(reply).toMatchObject({ id: published.published_id, author: { channel: CHANNEL }, text: 'Akhir bulan ini.' });
  await look();
  const rows = await world.hub.deps.db
    .selectFrom('message')
    .select(['object_id', 'direction'])
    .where('complaint_id', '=', message.complaint_id)
    .execute();
  expect(rows.filter(({ direction }) => direction === 'out').map((one) => one.object_id)).toEqual([reply!.id]);
});

it('an answer to a reply in an old thread goes to the thread', async () => {
  const { world: tube } = world.youtube;
  const comment = tube.comment('@budi', 'Bagus videonya');
  await look();
  await messageOf(comment.id);
  const replies = Array.from({ length: 7 }, (_, n) => tube.reply(comment, `@warga${n}`, `Lampu mati ${n}`));
  await look();
  const [first] = replies;
  const message = await messageOf(first!.id);
  expect(message).toMatchObject({ thread_id: comment.id, parent_id: comment.id });
  for (const one of replies) await messageOf(one.id);
  await answer(message.complaint_id, 'Lampu diperbaiki besok.');
  expect(tube.below(comment.id).at(-1)).toMatchObject({ parent: comment.id, text: 'Lampu diperbaiki besok.' });
});

it('what YouTube holds back comes, too, and once', async () => {
  const held = world.youtube.world.comment('@siti', 'Pungli di loket 3!', { held: 'heldForReview' });
  await look();
  const { complaint_id } = await messageOf(held.id);
  world.youtube.world.release(held);
  await look();
  expect((await messageOf(held.id)).complaint_id).toBe(complaint_id);
});

it('changed and deleted comments are noticed, a deleted one after two looks', async () => {
  const { world: tube } = world.youtube;
  const comment = tube.comment('@rina', 'Parkir sempit');
  const reply = tube.reply(comment, '@joko', 'Betul');
  await look();
  await messageOf(reply.id);
  tube.edit(comment, 'Parkir sempit dan gelap');
  await look();
  await eventually(async () => {
    expect(await messageOf(comment.id)).toMatchObject({ edited: true, text: 'Parkir sempit dan gelap' });
  });
  tube.remove(comment);
  await look();
  expect(await goneItems()).toBe(0);
  await look();
  expect(await goneItems()).toBe(2);
  for (const { id } of [comment, reply])
    await eventually(async () => expect((await messageOf(id)).deleted_at).not.toBeNull());
});

/** How many deletions the poll has told of. */
const goneItems = async () => {
  const rows = await world.hub.deps.db.selectFrom('source_item').select('key').execute();
  return rows.filter(({ key }) => key.endsWith(' gone')).length;
};
