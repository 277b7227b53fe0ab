import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { reject, reopen, returnToReporter, step } from '../../src/flows/desk/steps.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testDesk } from '../helpers/desk.ts';
import { seedComplaint, seedUser } from '../helpers/register.ts';
import { complaintRow, outboxOf, refused, trailOf } from './helper.ts';

let database: TestDatabase;
let desk: TestDesk;
let admin: Actor;
beforeAll(async () => {
  database = await testDatabase();
  desk = testDesk(database.db);
  admin = await seedUser(database.db, { role: 'central_admin' });
});
afterAll(() => database.close());

const stateOf = async (id: string) => (await complaintRow(database.db, id)).state;

it('walks from received over answered to closed, and back', async () => {
  const { id } = await seedComplaint(database.db);
  await step(desk, admin, id, 'start');
  expect(await stateOf(id)).toBe('in_progress');
  await returnToReporter(desk, admin, id, 'Lokasi belum jelas');
  expect(await stateOf(id)).toBe('incomplete');
  await step(desk, admin, id, 'start');
  await reject(desk, admin, id, 'Tidak dapat dibuktikan');
  expect(await complaintRow(database.db, id)).toMatchObject({ state: 'rejected', closed_at: desk.clock.now() });
  await reopen(desk, admin, id, 'Bukti baru');
  expect(await complaintRow(database.db, id)).toMatchObject({ state: 'in_progress', closed_at: null });
  const types = ['started', 'returned', 'started', 'rejected', 'reopened'];
  expect(await trailOf(database.db, id)).toEqual(types.map((type) => `complaint.${type}`));
  expect(await outboxOf(database.db, id)).toEqual(Array(5).fill('status'));
});

it('reopens within the time of the policy only', async () => {
  const now = desk.clock.now();
  const { reopenWithin } = desk.config.hub.policies;
  const closed = (ms: number) =>
    seedComplaint(database.db, { state: 'closed', closed_at: new Date(now.getTime() - ms) });
  await reopen(desk, admin, (await closed(reopenWithin)).id, 'Belum selesai');
  await refused(reopen(desk, admin, (await closed(reopenWithin + 1)).id, 'Belum selesai'), 'reopen_too_late');
});

it('settles a reaction once', async () => {
  const { id } = await seedComplaint(database.db, { state: 'answered', reaction_pending: true });
  await step(desk, admin, id, 'reaction');
  expect(await complaintRow(database.db, id)).toMatchObject({ state: 'answered', reaction_pending: false });
  await refused(step(desk, admin, id, 'reaction'), 'illegal_state');
});

it('closes and withdraws', async () => {
  const answered = await seedComplaint(database.db, { state: 'answered', reaction_pending: true });
  await step(desk, admin, answered.id, 'close');
  expect(await complaintRow(database.db, answered.id)).toMatchObject({ state: 'closed', reaction_pending: false });
  const open = await seedComplaint(database.db);
  await refused(step(desk, admin, open.id, 'close'), 'reason_required');
  await step(desk, admin, open.id, 'withdraw', 'Diminta pelapor');
  expect(await stateOf(open.id)).toBe('withdrawn');
});

it('puts on hold and lifts: nobody else sees it meanwhile', async () => {
  const other = await seedUser(database.db, { role: 'system_admin' });
  const { id } = await seedComplaint(database.db, { agency_id: 'dpupr' });
  await step(desk, admin, id, 'hold', 'Dugaan gratifikasi');
  expect(await complaintRow(database.db, id)).toMatchObject({ sensitive: true, sensitive_by: admin.userId });
  await refused(step(desk, other, id, 'lift'), 'not_found');
  await refused(step(desk, admin, id, 'hold'), 'illegal_state');
  await step(desk, admin, id, 'lift');
  await step(desk, other, id, 'start');
  expect(await trailOf(database.db, id)).toEqual(['hold.set', 'hold.lifted', 'complaint.started']);
});
