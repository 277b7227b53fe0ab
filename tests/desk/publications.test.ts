import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { ApiDeps } from '../../src/api/deps.ts';
import { publicationViews } from '../../src/api/views/publication.ts';
import type { Actor } from '../../src/core/access.ts';
import { sha256 } from '../../src/core/sealed.ts';
import { markAnswered } from '../../src/flows/answered.ts';
import { cancel, confirm, retry } from '../../src/flows/desk/publications.ts';
import { appendEvents } from '../../src/store/events.ts';
import type { PublicationState } from '../../src/store/schema.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testDesk } from '../helpers/desk.ts';
import { type ComplaintSeed, seedComplaint, seedPublication, seedUser } from '../helpers/register.ts';
import { complaintRow, outboxOf, refused, trailOf } from './helper.ts';

let database: TestDatabase;
let desk: TestDesk;
let admin: Actor;
beforeAll(async () => {
  database = await testDatabase();
  desk = testDesk(database.db);
  admin = await seedUser(database.db, { role: 'central_admin' });
});
beforeEach(() => {
  desk.woken.length = 0;
});
afterAll(() => database.close());

const row = (id: string) =>
  database.db.selectFrom('publication').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

async function standing(state: PublicationState, needs_person = false, about: ComplaintSeed = {}) {
  const complaint = await seedComplaint(database.db, about);
  const id = await seedPublication(database.db, complaint, {
    state,
    needs_person,
    attempt: 3,
    explanation: 'Tidak pasti',
  });
  return { complaint: complaint.id, id };
}
const permalink = 'https://contoh.example/1?comment=3';

it.each(['uncertain', 'assist'] as const)(
  'confirms what is %s: with link and time, and the complaint is answered',
  async (state) => {
    const { complaint, id } = await standing(state, true);
    const publishedAt = new Date('2026-11-24T01:02:03Z');
    await confirm(desk, admin, id, { permalink, publishedAt, publishedId: `1_${state}` });
    expect(await row(id)).toMatchObject({
      ...{ state: 'published', permalink, published_at: publishedAt, confirmed_by: admin.userId, needs_person: false },
      ...{ published_id: `1_${state}`, published_hash: sha256(`1_${state}`), explanation: null },
    });
    expect(await complaintRow(database.db, complaint)).toMatchObject({ state: 'answered', answered_at: publishedAt });
    expect(await trailOf(database.db, complaint)).toEqual(['publication.confirmed', 'complaint.answered']);
    const ours = database.db.selectFrom('message').select('object_id').where('publication_id', '=', id);
    expect(await ours.execute()).toEqual([{ object_id: `1_${state}` }]);
  },
);

it('believes no time that has not come, and keeps its own time in the trail', async () => {
  const { complaint, id } = await standing('assist');
  await refused(confirm(desk, admin, id, { permalink, publishedAt: new Date('2099-01-01T00:00:00Z') }), 'in_future');
  expect((await row(id)).state).toBe('assist');
  await confirm(desk, admin, id, { permalink, publishedAt: new Date('2026-11-24T01:02:03Z') });
  const events = database.db.selectFrom('event').select('at').where('complaint_id', '=', complaint);
  const now = desk.clock.now();
  expect(await events.execute()).toEqual([{ at: now }, { at: now }]);
});

it('confirms one part of an answer: the next one goes out, and the whole answers the complaint', async () => {
  const { complaint, id } = await standing('uncertain', true);
  const parts = { texts: ['Bagian satu', 'Bagian dua'], done: [], from: 0 };
  await sql`update publication set parts = ${JSON.stringify(parts)}::jsonb where id = ${id}`.execute(database.db);
  await confirm(desk, admin, id, { permalink, publishedId: 'bagian-1' });
  expect(await row(id)).toMatchObject({
    ...{ state: 'queued', published_id: null, needs_person: false },
    parts: { done: [{ publishedId: 'bagian-1', permalink }], from: 3 },
  });
  expect((await complaintRow(database.db, complaint)).state).not.toBe('answered');
  await sql`update publication set state = 'uncertain', needs_person = true where id = ${id}`.execute(database.db);
  await confirm(desk, admin, id, { permalink: `${permalink}4` });
  expect(await row(id)).toMatchObject({ state: 'published', published_id: 'bagian-1', permalink });
  expect((await complaintRow(database.db, complaint)).state).toBe('answered');
  const ours = database.db.selectFrom('message').select(['object_id', 'text']).where('publication_id', '=', id);
  expect(await ours.orderBy('id').execute()).toEqual([
    { object_id: 'bagian-1', text: 'Bagian satu' },
    { object_id: `${permalink}4`, text: 'Bagian dua' },
  ]);
});

it('confirms all that was left of an answer in parts where a person was to publish it', async () => {
  const { complaint, id } = await standing('assist');
  const parts = { texts: ['Satu', 'Dua', 'Tiga'], done: [{ publishedId: 'bagian-1' }], from: 1 };
  await sql`update publication set parts = ${JSON.stringify(parts)}::jsonb where id = ${id}`.execute(database.db);
  const [shown] = await publicationViews(desk as unknown as ApiDeps, admin, [await row(id)]);
  expect([shown?.text, shown?.parts?.texts]).toEqual(['Dua\n\nTiga', parts.texts]);
  await confirm(desk, admin, id, { permalink });
  expect(await row(id)).toMatchObject({ state: 'published', published_id: 'bagian-1' });
  expect((await complaintRow(database.db, complaint)).state).toBe('answered');
  const ours = database.db.selectFrom('message').select(['text', 'parent_id']).where('publication_id', '=', id);
  expect(await ours.execute()).toEqual([{ text: 'Dua\n\nTiga', parent_id: 'bagian-1' }]);
});

it('sends again only what a person says is not there', async () => {
  const searching = await standing('uncertain');
  await refused(retry(desk, admin, searching.id), 'not_settled');
  const { complaint, id } = await standing('uncertain', true);
  await retry(desk, admin, id, 'Tidak ada di aplikasi');
  expect(await row(id)).toMatchObject({ state: 'queued', needs_person: false, attempt: 3, uncertain_at: null });
  expect(desk.woken).toEqual([['publish', 'web']]);
  expect(await trailOf(database.db, complaint)).toEqual(['publication.retried']);
  await refused(retry(desk, admin, id), 'illegal_state');
});

it('of many who decide at once, one does', async () => {
  const { complaint, id } = await standing('uncertain', true);
  const decisions = [1, 2, 3, 4].flatMap(() => [
    confirm(desk, admin, id, { permalink }),
    retry(desk, admin, id),
    cancel(desk, admin, id),
  ]);
  const outcomes = await Promise.allSettled(decisions);
  const settled = (await row(id)).state;
  const won = outcomes.filter((one) => one.status === 'fulfilled').length;
  // What was queued again may be cancelled after it; nothing else follows anything.
  expect([1, 2]).toContain(won);
  if (won === 2) expect(settled).toBe('cancelled');
  expect((await complaintRow(database.db, complaint)).state).toBe(settled === 'published' ? 'answered' : 'received');
});

it.each(['sending', 'published', 'cancelled'] as const)('leaves alone what is %s', async (state) => {
  const { id } = await standing(state);
  await refused(confirm(desk, admin, id, { permalink }), 'illegal_state');
  await refused(retry(desk, admin, id), 'illegal_state');
  await refused(cancel(desk, admin, id), 'illegal_state');
});

it('cancels, and lets what waited behind it go', async () => {
  const { id } = await standing('uncertain', true);
  await cancel(desk, admin, id, 'Diganti');
  expect((await row(id)).state).toBe('cancelled');
  expect(desk.woken).toEqual([
    ['normalise', 'web'],
    ['publish', 'web'],
  ]);
});

it('keeps what the actor may not see or do', async () => {
  const { id } = await standing('assist', false, { agency_id: 'dpupr' });
  const other = await seedUser(database.db, { role: 'agency_admin', agencyId: 'dukcapil' });
  const staff = await seedUser(database.db, { role: 'unit_staff', agencyId: 'dpupr' });
  await refused(confirm(desk, other, id, { permalink }), 'not_found');
  await refused(confirm(desk, staff, id, { permalink }), 'forbidden');
});

it('marks answered from any working state, once, and nothing else', async () => {
  const waiting = await seedComplaint(database.db, { state: 'awaiting_approval', reaction_pending: true });
  const asked = await seedComplaint(database.db, { state: 'incomplete' });
  const at = new Date('2026-11-24T03:00:00Z');
  const mark = () =>
    database.db.transaction().execute(async (tx) => {
      await appendEvents(tx, await markAnswered(tx, [waiting.id, asked.id, waiting.id], at, 'hub'), at);
    });
  await mark();
  await mark();
  expect(await complaintRow(database.db, waiting.id)).toMatchObject({ state: 'answered', reaction_pending: false });
  expect(await complaintRow(database.db, asked.id)).toMatchObject({ state: 'incomplete', answered_at: at });
  expect(await trailOf(database.db, waiting.id)).toEqual(['complaint.answered']);
  expect(await outboxOf(database.db, waiting.id)).toEqual(['status']);
  expect(await trailOf(database.db, asked.id)).toEqual([]);
});
