import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { confirm, decline, retry } from '../../src/flows/desk/publications.ts';
import { step } from '../../src/flows/desk/steps.ts';
import { callForOverdue } from '../../src/flows/publish/handOver.ts';
import { callOverdue } from '../../src/store/publications.ts';
import { newsFor } from '../../src/store/staff.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { CHANNELS, type TestDesk, testConfig, testDesk } from '../helpers/desk.ts';
import { seedComplaint, seedPublication, seedUser } from '../helpers/register.ts';
import { complaintRow, refused, trailOf } from './helper.ts';

let database: TestDatabase;
let desk: TestDesk;
let admin: Actor;
beforeAll(async () => {
  database = await testDatabase();
  const counter = { ...CHANNELS[0]!, id: 'loket', mode: 'assisted' as const };
  desk = testDesk(database.db, { ...testConfig(), channels: [...CHANNELS, counter] });
  admin = await seedUser(database.db, { role: 'central_admin' });
});
afterAll(() => database.close());

const row = (id: string) =>
  database.db.selectFrom('publication').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

async function waiting(about: object = {}, next_at = new Date()) {
  const complaint = await seedComplaint(database.db, { channel_id: 'loket', surface: 'call', ...about });
  const id = await seedPublication(database.db, complaint, { state: 'assist', channel_id: 'loket', next_at });
  return { complaint: complaint.id, id };
}

it('confirms what has no address by how it was given', async () => {
  const { complaint, id } = await waiting();
  await refused(confirm(desk, admin, id, {}), 'reason_required');
  await refused(confirm(desk, admin, id, { note: '  ' }), 'reason_required');
  const note = 'Disampaikan lewat telepon pukul 10.05';
  await confirm(desk, admin, id, { note });
  expect(await row(id)).toMatchObject({ state: 'published', permalink: null, explanation: note });
  expect((await complaintRow(database.db, complaint)).state).toBe('answered');
  const ours = database.db.selectFrom('message').select('object_id').where('publication_id', '=', id);
  expect(await ours.execute()).toEqual([{ object_id: id }]);
});

it('wants the address of what stands in public, and of what an adapter published', async () => {
  const wall = await waiting({ surface: 'post', public: true });
  const target = { ...(await row(wall.id)).target, surface: 'post' as const };
  await database.db
    .updateTable('publication')
    .set({ target: JSON.stringify(target) as never })
    .where('id', '=', wall.id)
    .execute();
  await refused(confirm(desk, admin, wall.id, { note: 'Sudah ditempel' }), 'reason_required');
  await confirm(desk, admin, wall.id, { permalink: 'https://contoh.example/1' });
  const machine = await seedComplaint(database.db);
  const id = await seedPublication(database.db, machine, { state: 'uncertain', needs_person: true });
  await refused(confirm(desk, admin, id, { note: 'Ada' }), 'reason_required');
});

it('keeps why somebody did not publish it, and lets them try again', async () => {
  const { complaint, id } = await waiting();
  await decline(desk, admin, id, 'Situs tidak dapat dibuka');
  expect(await row(id)).toMatchObject({
    ...{ state: 'refused', reason: 'notPublished', needs_person: false },
    explanation: 'Belum ditayangkan: Situs tidak dapat dibuka',
  });
  expect(await trailOf(database.db, complaint)).toContain('publication.declined');
  await refused(decline(desk, admin, id, 'Lagi'), 'illegal_state');
  await retry(desk, admin, id);
  expect((await row(id)).state).toBe('queued');
});

it('calls for what nobody has confirmed in time, again and again, and tells those who may publish it', async () => {
  const late = await waiting({ agency_id: 'dukcapil' }, new Date(Date.now() - 1_000));
  const early = await waiting({}, new Date(Date.now() + 60_000));
  const since = new Date(Date.now() - 60_000);
  await callForOverdue(desk);
  await callForOverdue(desk);
  const { state, needs_person, reason, next_at } = await row(late.id);
  expect({ state, needs_person, reason }).toEqual({ state: 'assist', needs_person: true, reason: 'overdue' });
  expect(Math.round((next_at.getTime() - Date.now()) / 3_600_000)).toBe(4);
  expect((await row(early.id)).needs_person).toBe(false);
  const called = async () =>
    (await trailOf(database.db, late.complaint)).filter((one) => one === 'publication.overdue');
  expect(await called()).toHaveLength(1);
  const { ticket_no } = await complaintRow(database.db, late.complaint);
  expect((await newsFor(database.db, admin, 'assist', since)).map((one) => one.ticket_no)).toEqual([ticket_no]);
  expect(await newsFor(database.db, admin, 'assist', new Date(Date.now() + 1_000))).toEqual([]);
  await database.db
    .updateTable('publication')
    .set({ next_at: new Date(0) })
    .where('id', '=', late.id)
    .execute();
  await callForOverdue(desk);
  expect(await called()).toHaveLength(2);
  await confirm(desk, admin, late.id, { note: 'Sudah ditelepon' });
  expect(await newsFor(database.db, admin, 'assist', since)).toEqual([]);
});

it('takes back what people were to publish when its complaint is put on the sensitive hold', async () => {
  const { complaint, id } = await waiting({}, new Date(Date.now() - 1_000));
  const other = await waiting();
  await callForOverdue(desk);
  await step(desk, admin, complaint, 'hold', 'Dugaan gratifikasi');
  const queued = { state: 'queued', needs_person: false, reason: null, explanation: null };
  expect(await row(id)).toMatchObject(queued);
  expect((await row(other.id)).state).toBe('assist');
  const held = await waiting({ sensitive: true }, new Date(Date.now() - 1_000));
  await database.db.transaction().execute(async (tx) => expect(await callOverdue(tx, 1, 'Terlambat')).toEqual([]));
  await callForOverdue(desk);
  expect(await row(held.id)).toMatchObject(queued);
  expect(await trailOf(database.db, held.complaint)).toEqual([]);
});
