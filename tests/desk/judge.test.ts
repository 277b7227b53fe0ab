import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { linkHash } from '../../src/core/chain.ts';
import { accept, dismiss, judgeMany } from '../../src/flows/desk/judge.ts';
import { addNote } from '../../src/flows/desk/notes.ts';
import { newId } from '../../src/store/database.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testDesk } from '../helpers/desk.ts';
import { seedComplaint, seedUser } from '../helpers/register.ts';
import { complaintRow, outboxOf, refused, trailOf } from './helper.ts';

let database: TestDatabase;
let desk: TestDesk;
let officer: Actor;
beforeAll(async () => {
  database = await testDatabase();
  desk = testDesk(database.db);
  officer = await seedUser(database.db, { role: 'intake_officer' });
});
afterAll(() => database.close());

const fresh = (about = {}) => seedComplaint(database.db, { state: 'new', surface: 'comment', ...about });

describe('accept', () => {
  it('makes a complaint with a ticket, and lets triage know', async () => {
    const { id } = await fresh();
    await accept(desk, officer, id, { agency: 'dpupr', unit: 'bina-marga', kind: 'aspiration' });
    const row = await complaintRow(database.db, id);
    expect(row).toMatchObject({ state: 'received', agency_id: 'dpupr', unit_id: 'bina-marga', kind: 'aspiration' });
    expect(row.ticket_no).toMatch(/^[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}$/);
    expect(await trailOf(database.db, id)).toEqual(['complaint.accepted']);
    expect(await outboxOf(database.db, id)).toEqual(['promoted']);
  });

  it('takes back a dismissal, and keeps a ticket that was given once', async () => {
    const { id, ticketNo } = await seedComplaint(database.db, { state: 'received' });
    await dismiss(desk, officer, id, { reason: 'Ucapan terima kasih' });
    expect((await complaintRow(database.db, id)).state).toBe('not_complaint');
    await accept(desk, officer, id);
    expect(await complaintRow(database.db, id)).toMatchObject({ state: 'received', ticket_no: ticketNo });
  });

  it('refuses what is no agency, and leaves everything as it was', async () => {
    const { id } = await fresh();
    await refused(accept(desk, officer, id, { agency: 'tidak-ada' }), 'unknown_agency');
    await refused(accept(desk, officer, id, { unit: 'bina-marga' }), 'unknown_unit');
    expect((await complaintRow(database.db, id)).state).toBe('new');
    expect(await trailOf(database.db, id)).toEqual([]);
  });

  it('happens once, however many try', async () => {
    const { id } = await fresh();
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => accept(desk, officer, id)));
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(await trailOf(database.db, id)).toEqual(['complaint.accepted']);
  });

  it('is not for those who may only read', async () => {
    const { id } = await fresh();
    await refused(accept(desk, await seedUser(database.db, { role: 'auditor' }), id), 'forbidden');
    await refused(accept(desk, await seedUser(database.db, { role: 'unit_head', agencyId: 'dpupr' }), id), 'not_found');
  });
});

it('judges many, each on its own', async () => {
  const good = [await fresh(), await fresh()];
  const closed = await seedComplaint(database.db, { state: 'closed' });
  const unknown = newId();
  const ids = [good[0]!.id, closed.id, unknown, good[1]!.id];
  const results = await judgeMany(desk, officer, 'dismiss', ids);
  expect(results.map(({ id, ok, code }) => [id, ok, code])).toEqual([
    [good[0]!.id, true, undefined],
    [closed.id, false, 'illegal_state'],
    [unknown, false, 'not_found'],
    [good[1]!.id, true, undefined],
  ]);
});

it('keeps a chain that nobody can change unnoticed, and reasons beside it', async () => {
  const { id } = await fresh();
  await dismiss(desk, officer, id, { reason: 'Iklan' });
  await accept(desk, officer, id);
  await addNote(desk, officer, id, 'Catatan internal');
  const events = await database.db
    .selectFrom('event')
    .selectAll()
    .where('complaint_id', '=', id)
    .orderBy('seq')
    .execute();
  let prev: Buffer | null = null;
  for (const event of events) {
    const link = { ...event, complaintId: event.complaint_id };
    expect(event.hash).toEqual(linkHash(prev, link));
    expect(JSON.stringify(event.data)).not.toMatch(/Iklan|Catatan/);
    prev = event.hash;
  }
  expect(events).toHaveLength(3);
  expect((await complaintRow(database.db, id)).event_head).toEqual(prev);
  const reason = database.db.selectFrom('event_reason').select('text').where('event_id', '=', events[0]!.id);
  expect(await reason.executeTakeFirst()).toEqual({ text: 'Iklan' });
});
