import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { assign } from '../../src/flows/desk/assign.ts';
import { setUserDisabled } from '../../src/flows/desk/users.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testDesk } from '../helpers/desk.ts';
import { seedComplaint, seedUser } from '../helpers/register.ts';
import { complaintRow, refused, trailOf } from './helper.ts';

const NOBODY = { agency: null, unit: null, assignee: null };
const DPUPR = { ...NOBODY, agency: 'dpupr' };

let database: TestDatabase;
let desk: TestDesk;
let central: Actor;
let agency: Actor;
let staff: Actor;
beforeAll(async () => {
  database = await testDatabase();
  desk = testDesk(database.db);
  central = await seedUser(database.db, { role: 'central_admin' });
  agency = await seedUser(database.db, { role: 'agency_admin', agencyId: 'dpupr' });
  staff = await seedUser(database.db, { role: 'unit_staff', agencyId: 'dpupr', unitId: 'bina-marga' });
});
afterAll(() => database.close());

it('hands over to an agency, a unit and a person', async () => {
  const { id } = await seedComplaint(database.db);
  const to = { agency: 'dpupr', unit: 'bina-marga', assignee: staff.userId };
  await assign(desk, central, id, { from: NOBODY, to });
  const row = await complaintRow(database.db, id);
  expect(row).toMatchObject({ agency_id: 'dpupr', unit_id: 'bina-marga', assignee_id: staff.userId });
  expect(await trailOf(database.db, id)).toEqual(['complaint.assigned']);
});

it('of many who saw the same, one is first and the others are told', async () => {
  const { id } = await seedComplaint(database.db);
  const targets = ['bina-marga', 'cipta-karya', 'bina-marga', 'cipta-karya', null];
  const outcomes = await Promise.allSettled(
    targets.map((unit) => assign(desk, central, id, { from: NOBODY, to: { ...DPUPR, unit } })),
  );
  expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  expect(outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason.code)).toEqual(
    Array(4).fill('conflict'),
  );
  expect(await trailOf(database.db, id)).toEqual(['complaint.assigned']);
});

it('keeps agency roles within their agency, and lets them give back with a reason', async () => {
  const { id } = await seedComplaint(database.db, { agency_id: 'dpupr' });
  await refused(assign(desk, agency, id, { from: DPUPR, to: { ...NOBODY, agency: 'dukcapil' } }), 'forbidden');
  await refused(assign(desk, agency, id, { from: DPUPR, to: NOBODY }), 'reason_required');
  await assign(desk, agency, id, { from: DPUPR, to: { ...DPUPR, unit: 'cipta-karya' } });
  const from = { ...DPUPR, unit: 'cipta-karya' };
  await assign(desk, agency, id, { from, to: NOBODY, reason: 'Bukan kewenangan kami' });
  expect((await complaintRow(database.db, id)).agency_id).toBeNull();
  await refused(assign(desk, agency, id, { from: NOBODY, to: DPUPR }), 'not_found');
});

it('gives work only to people who can do it', async () => {
  const { id } = await seedComplaint(database.db, { agency_id: 'dpupr' });
  const to = (assignee: string, unit: string | null) => ({ from: DPUPR, to: { agency: 'dpupr', unit, assignee } });
  const auditor = await seedUser(database.db, { role: 'auditor' });
  await refused(assign(desk, central, id, to(auditor.userId, null)), 'unknown_user');
  await refused(assign(desk, central, id, to(staff.userId, 'cipta-karya')), 'unknown_user');
  const left = await seedUser(database.db, { role: 'unit_staff', agencyId: 'dpupr', unitId: 'bina-marga' });
  await setUserDisabled(desk, left.userId, true);
  await refused(assign(desk, central, id, to(left.userId, 'bina-marga')), 'unknown_user');
  await refused(assign(desk, central, id, to(id, 'bina-marga')), 'unknown_user');
  await assign(desk, central, id, to(staff.userId, 'bina-marga'));
});

it('keeps what is on hold where its marker sees it', async () => {
  const { id } = await seedComplaint(database.db, { agency_id: 'dpupr', sensitive: true, sensitive_by: agency.userId });
  await refused(assign(desk, agency, id, { from: DPUPR, to: NOBODY, reason: 'x' }), 'stays_on_hold');
  await refused(assign(desk, central, id, { from: DPUPR, to: NOBODY, reason: 'x' }), 'not_found');
});

it('refuses what hub.yaml does not name', async () => {
  const { id } = await seedComplaint(database.db);
  const to = (agencyId: string, unit: string | null) => ({
    from: NOBODY,
    to: { agency: agencyId, unit, assignee: null },
  });
  const unknown = await refused(assign(desk, central, id, to('x', null)), 'unknown_agency');
  expect(unknown.message).toContain('dpupr, dukcapil');
  await refused(assign(desk, central, id, to('dukcapil', 'bina-marga')), 'unknown_unit');
});
