import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { pollSurely } from '../helpers/poll.ts';
import { serveHook } from '../meta/hook.ts';
import { storeOf } from './store.ts';
import { AUDIENCE, CLINIC, type GoogleHub, googleHub, PUSHER } from './world.ts';

let world: GoogleHub;
let hook: Awaited<ReturnType<typeof serveHook>>;
beforeAll(async () => {
  world = await googleHub();
  hook = await serveHook(world.hub, 'google');
  await world.hub.work();
});
afterAll(async () => {
  await world.close();
  await hook.close();
});

const messageOf = (objectId: string) =>
  eventually(() =>
    world.hub.deps.db.selectFrom('message').selectAll().where('object_id', '=', objectId).executeTakeFirstOrThrow(),
  );
const look = () => pollSurely(world.hub.deps, 'gr');

async function answer(complaintId: string, text: string) {
  const [id = ''] = await queueAnswers(world.hub, [complaintId], text);
  return eventually(async () => {
    const row = await publicationOf(world.hub, id);
    expect(row.state, row.explanation ?? '').toBe('published');
    return row;
  });
}

it('a review of one star gets its answer, is edited, and the next answer carries the first one on', async () => {
  const review = world.google.world.review('Lina H.', { stars: 1, text: 'Antre KTP tiga jam' });
  await look();
  const message = await messageOf(review.name);
  expect(message).toMatchObject({ surface: 'review', text: 'Antre KTP tiga jam', thread_id: review.name });
  const first = await answer(message.complaint_id, 'Loket kami tambah mulai Senin.');
  expect(first.published_id).toBe(`${review.name}/reply@${new Date(review.reply!.at).toISOString()}`);
  expect(review.reply?.comment).toBe('Loket kami tambah mulai Senin.');

  world.google.world.edit(review, { text: 'Antre KTP tiga jam. Senin masih sama!' });
  await look();
  await eventually(async () => {
    expect(await messageOf(review.name)).toMatchObject({ edited: true, text: 'Antre KTP tiga jam. Senin masih sama!' });
  });
  await answer(message.complaint_id, 'Mesin antrean baru dipasang hari ini.');
  const [newest, ...older] = review.reply?.comment.split('\n\n') ?? [];
  expect(newest).toBe('Mesin antrean baru dipasang hari ini.');
  expect(older.join()).toMatch(/^Jawaban sebelumnya \(\d+ \w+ 20\d\d\):\nLoket kami tambah mulai Senin\.$/);
  expect(world.google.published().doubled).toEqual([]);
});

it('stars without words, photos and other locations come, too', async () => {
  const stars = world.google.world.review('Budi', { stars: 2, location: CLINIC });
  await look();
  const { complaint_id } = await messageOf(stars.name);
  const complaint = await world.hub.deps.db
    .selectFrom('complaint')
    .select(['title', 'state', 'public'])
    .where('id', '=', complaint_id)
    .executeTakeFirstOrThrow();
  expect(complaint).toEqual({ title: 'Ulasan 2 bintang tanpa teks', state: 'new', public: true });
});

it('a push makes the reviews be read at once; a forged one does not', async () => {
  world.google.pushTo({ hook: hook.url, audience: AUDIENCE, email: PUSHER });
  const review = world.google.world.review('Siti', { stars: 3, text: 'Parkir sempit' });
  await world.google.delivered();
  expect(await messageOf(review.name)).toMatchObject({ text: 'Parkir sempit' });
  world.google.pushTo(undefined);
  const body = Buffer.from('{"message":{}}');
  const forged = { authorization: 'Bearer e30.e30.e30' };
  expect(await world.hub.hooks.receive('google', { body, headers: forged, query: {} })).toEqual({ status: 401 });
});

describe('what becomes of a reply', () => {
  const receiptOf = async (id: string) => (await publicationOf(world.hub, id)).receipt;

  it('is looked at until Google has decided: pending, then visible', async () => {
    world.google.world.moderation = 'hold';
    const review = world.google.world.review('Rina', { stars: 2, text: 'Toilet kotor' });
    await look();
    const { id } = await answer((await messageOf(review.name)).complaint_id, 'Sudah dibersihkan.');
    await look();
    await eventually(async () => expect(await receiptOf(id)).toMatchObject({ state: 'sent' }));
    world.google.world.judge(review, 'APPROVED');
    await due();
    await look();
    await eventually(async () => expect(await receiptOf(id)).toMatchObject({ state: 'visible' }));
    world.google.world.moderation = 'approve';
  });

  it('refused by policy goes to a person, and is not carried by the next answer', async () => {
    world.google.world.moderation = { reject: 'PERSONAL_INFO' };
    const review = world.google.world.review('Joko', { stars: 1, text: 'Kartu saya hilang' });
    await look();
    const { complaint_id } = await messageOf(review.name);
    const { id } = await answer(complaint_id, 'NIK Anda 3201 sudah kami cek.');
    await look();
    await eventually(async () => {
      const row = await publicationOf(world.hub, id);
      expect(row).toMatchObject({ needs_person: true, receipt: { state: 'rejected' } });
      expect(row.explanation).toContain('memuat data pribadi (PERSONAL_INFO)');
    });
    world.google.world.moderation = 'approve';
    await world.hub.deps.db.updateTable('publication').set({ needs_person: false }).where('id', '=', id).execute();
    await answer(complaint_id, 'Silakan datang ke loket 3.');
    expect(review.reply?.comment).toBe('Silakan datang ke loket 3.');
  });

  /** As if the time of the next look had come. */
  async function due() {
    await storeOf(world.hub).update('moderation', async (old) => {
      const all = Object.entries(old as Record<string, { since: string }>);
      return Object.fromEntries(all.map(([name, one]) => [name, { ...one, since: '2026-01-01T00:00:00.000Z' }]));
    });
  }
});

it('words that somebody wrote in Google’s own pages are told, and stay below the next answer', async () => {
  const review = world.google.world.review('Tono', { stars: 2, text: 'Lift rusak' });
  world.google.world.answerByHand(review, 'Terima kasih, kami cek. (Humas)');
  await look();
  const { complaint_id } = await messageOf(review.name);
  await eventually(async () => {
    const rows = await world.hub.deps.db
      .selectFrom('message')
      .select('text')
      .where('complaint_id', '=', complaint_id)
      .where('direction', '=', 'out')
      .execute();
    expect(rows).toEqual([{ text: 'Terima kasih, kami cek. (Humas)' }]);
  });
  await answer(complaint_id, 'Lift sudah jalan.');
  expect(review.reply?.comment).toMatch(
    /^Lift sudah jalan\.\n\nJawaban sebelumnya .*:\nTerima kasih, kami cek\. \(Humas\)$/,
  );
});

it('one that was deleted is found in the full walk', async () => {
  const review = world.google.world.review('Dewi', { stars: 1, text: 'Ramai sekali' });
  await look();
  await messageOf(review.name);
  world.google.world.remove(review);
  await world.hub.deps.db
    .updateTable('channel_state')
    .set({ cursor: (await agedCursor()) as never })
    .where('channel_id', '=', 'gr')
    .execute();
  await look();
  await eventually(async () => expect((await messageOf(review.name)).deleted_at).not.toBeNull());
});

/** The cursor as it would be if the last full walk were long ago. */
async function agedCursor() {
  const row = await world.hub.deps.db
    .selectFrom('channel_state')
    .select('cursor')
    .where('channel_id', '=', 'gr')
    .executeTakeFirstOrThrow();
  return JSON.stringify(row.cursor).replaceAll(/"fullAt":"[^"]+"/g, '"fullAt":"2026-01-01T00:00:00.000Z"');
}
