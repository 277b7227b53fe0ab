import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Comment, Video } from '../../simulators/tiktok/index.ts';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { pollSurely } from '../helpers/poll.ts';
import { serveHook } from '../meta/hook.ts';
import { type TiktokHub, tiktokHub } from './world.ts';

let world: TiktokHub;
let hook: Awaited<ReturnType<typeof serveHook>>;
let video: Video;
beforeAll(async () => {
  world = await tiktokHub({ manners: { bareIds: true } });
  hook = await serveHook(world.hub, 'tiktok');
  await world.hub.work();
});
afterAll(async () => {
  await world.close();
  await hook.close();
});
beforeEach(() => {
  world.tiktok.courier.hook = undefined;
  world.tiktok.courier.agedSeconds = 0;
  video = world.tiktok.world.video('Peresmian jembatan');
});

const db = () => world.hub.deps.db;
const messageOf = (objectId: string) =>
  eventually(() => db().selectFrom('message').selectAll().where('object_id', '=', objectId).executeTakeFirstOrThrow());
const look = () => pollSurely(world.hub.deps, 'tt');
const receiptOf = async (id: string) => (await publicationOf(world.hub, id)).receipt;

async function answer(complaintId: string, text: string) {
  const [id = ''] = await queueAnswers(world.hub, [complaintId], text);
  return eventually(async () => {
    const row = await publicationOf(world.hub, id);
    expect(row.state, row.explanation ?? '').toBe('published');
    return row;
  });
}

it('a comment gets its reply, which comes back as a receipt and as no second one', async () => {
  const comment = world.tiktok.world.comment(video, 'lina.77', 'Kapan jalan B7 selesai?');
  await look();
  const message = await messageOf(comment.id);
  expect(message).toMatchObject({ surface: 'comment', thread_id: comment.id, text: 'Kapan jalan B7 selesai?' });
  const published = await answer(message.complaint_id, 'Akhir bulan ini.');
  const [reply, ...more] = world.tiktok.world.below(comment.id);
  expect(more).toEqual([]);
  expect(reply).toMatchObject({ id: published.published_id, own: true, text: 'Akhir bulan ini.' });
  await look();
  await eventually(async () => expect(await receiptOf(published.id)).toMatchObject({ state: 'visible' }));
  const outside = await db().selectFrom('message').selectAll().where('object_id', '=', reply!.id).execute();
  expect(outside).toHaveLength(1);
});

it('an answer to a reply stands below the first comment and names whom it is for', async () => {
  const comment = world.tiktok.world.comment(video, 'budi_s', 'Bagus');
  const replies = Array.from({ length: 5 }, (_, n) => world.tiktok.world.comment(comment, `warga.${n}`, `Lampu ${n}`));
  await look();
  const messages = await Promise.all(replies.map(({ id }) => messageOf(id)));
  expect(messages[4]).toMatchObject({ thread_id: comment.id, parent_id: comment.id });
  await eventually(async () => expect(await messageOf(comment.id)).toBeDefined());
  const [id = ''] = await queueAnswers(world.hub, [messages[4]!.complaint_id], 'Besok diperbaiki.');
  await eventually(async () => expect((await publicationOf(world.hub, id)).state).toBe('published'));
  expect(world.tiktok.world.landed.at(-1)?.target).toBe(comment.id);
});

it('deliveries bring comments, own replies as ours, hiding and deletion; ids keep every figure', async () => {
  const { world: tok, courier } = world.tiktok;
  courier.hook = hook.url;
  const comment = tok.comment(video, 'siti.a', 'Antre KTP dari subuh');
  const message = await messageOf(comment.id);
  expect(message).toMatchObject({ text: 'Antre KTP dari subuh' });
  expect(BigInt(comment.id) > BigInt(Number.MAX_SAFE_INTEGER)).toBe(true);
  const staff = tok.answer(comment, 'Dijawab langsung di aplikasi');
  await eventually(async () => expect(await messageOf(staff.id)).toMatchObject({ direction: 'out' }));
  tok.setStatus(comment, 'HIDDEN');
  await eventually(async () => {
    const { source_status: status } = await db()
      .selectFrom('complaint')
      .select('source_status')
      .where('id', '=', message.complaint_id)
      .executeTakeFirstOrThrow();
    expect(status).toMatchObject({ code: 'HIDDEN' });
  });
  tok.remove(comment);
  await eventually(async () => expect((await messageOf(comment.id)).deleted_at).not.toBeNull());
  await world.tiktok.delivered();
});

it('a delivery whose signature is right but old only makes the comments be read', async () => {
  const { world: tok, courier } = world.tiktok;
  const before = await db().selectFrom('envelope').select('id').execute();
  Object.assign(courier, { hook: hook.url, agedSeconds: 86_400 });
  const comment = tok.comment(video, 'joko.s', 'Parkir sempit');
  await world.tiktok.delivered();
  expect(await messageOf(comment.id)).toMatchObject({ text: 'Parkir sempit' });
  expect(await db().selectFrom('envelope').select('id').execute()).toHaveLength(before.length);
});

it('what is deleted without a word is noticed after two looks to the end', async () => {
  const comment = world.tiktok.world.comment(video, 'rina', 'Parkir gelap');
  const other = world.tiktok.world.comment(video, 'rudi', 'Betul');
  await look();
  await messageOf(comment.id);
  world.tiktok.world.remove(comment);
  await look();
  expect((await messageOf(comment.id)).deleted_at).toBeNull();
  await look();
  await eventually(async () => expect((await messageOf(comment.id)).deleted_at).not.toBeNull());
  expect((await messageOf(other.id)).deleted_at).toBeNull();
});

it('a reply that TikTok hides without a word goes to a person', async () => {
  world.tiktok.manners.hideRepeated = true;
  const comments = ['satu', 'dua'].map((who) => world.tiktok.world.comment(video, who, 'Kapan?'));
  await look();
  const found: string[] = [];
  for (const { id } of comments) found.push((await answer((await messageOf(id)).complaint_id, 'Segera.')).id);
  await look();
  await eventually(async () => expect(await receiptOf(found[1]!)).toMatchObject({ state: 'rejected' }));
  await eventually(async () => expect(await receiptOf(found[0]!)).toMatchObject({ state: 'visible' }));
});

it('mentions come as mentions; one below a video of somebody else can be answered, the video itself cannot', async () => {
  const { world: tok } = world.tiktok;
  const other = tok.comment(video, 'x', 'y');
  const said = tok.mention({ comment: other.id, who: 'Dewi', text: '@pemkab sungainya kotor', caption: 'Sungai' });
  const filmed = tok.mention({ who: 'agus', text: '', caption: '@pemkab lihat jalan ini' });
  await look();
  expect(await messageOf(`video ${filmed.video}`)).toMatchObject({
    surface: 'mention',
    text: '@pemkab lihat jalan ini',
  });
  const { complaint_id } = await messageOf(`video ${filmed.video}`);
  const [id = ''] = await queueAnswers(world.hub, [complaint_id], 'Kami cek.');
  await eventually(async () => expect((await publicationOf(world.hub, id)).state).toBe('refused'));
  expect(said.video).not.toBe(filmed.video);
});

it('a business message is answered in its conversation', async () => {
  const { world: tok, courier } = world.tiktok;
  courier.hook = hook.url;
  const id = tok.message('uid-77', 'Selamat pagi, syarat KTP apa?');
  const message = await messageOf(id);
  expect(message).toMatchObject({ surface: 'message', thread_id: 'conv-uid-77' });
  await answer(message.complaint_id, 'Bawa KK asli.');
  expect(tok.landed.at(-1)).toMatchObject({ target: 'conv-uid-77', text: 'Bawa KK asli.' });
});

const below = (comment: Comment) => world.tiktok.world.below(comment.id);

it('the token is renewed when TikTok no longer takes it, and each refresh token is used once', async () => {
  const { tokens, manners, world: tok } = world.tiktok;
  manners.rotate = true;
  const comment = tok.comment(video, 'tono', 'Halo');
  tokens.forget();
  await look().catch(() => {});
  await look();
  await answer((await messageOf(comment.id)).complaint_id, 'Halo juga.');
  expect(below(comment)).toHaveLength(1);
  expect(tokens.refused).toBe(0);
});
