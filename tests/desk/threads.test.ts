import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { merge, unmerge } from '../../src/flows/desk/merge.ts';
import { moveTo, split } from '../../src/flows/desk/threads.ts';
import { inboxPage } from '../../src/store/inbox.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testDesk } from '../helpers/desk.ts';
import { seedComplaint, seedMessage, seedUser } from '../helpers/register.ts';
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

describe('merge', () => {
  it('makes a duplicate, and unmerge gives it back as it was', async () => {
    const parent = await seedComplaint(database.db);
    const child = await seedComplaint(database.db, { state: 'new', surface: 'comment' });
    await merge(desk, admin, child.id, parent.id, 'Jalan yang sama');
    const merged = await complaintRow(database.db, child.id);
    expect(merged).toMatchObject({ state: 'duplicate', merged_into: parent.id });
    expect(await trailOf(database.db, parent.id)).toEqual(['duplicate.taken']);
    await unmerge(desk, admin, child.id);
    expect(await complaintRow(database.db, child.id)).toMatchObject({
      state: 'new',
      merged_into: null,
      closed_at: null,
    });
    await refused(unmerge(desk, admin, child.id), 'illegal_state');
  });

  it('builds no chains and no circles', async () => {
    const [a, b, c] = [
      await seedComplaint(database.db),
      await seedComplaint(database.db),
      await seedComplaint(database.db),
    ];
    await merge(desk, admin, b.id, a.id, 'sama');
    await refused(merge(desk, admin, a.id, c.id, 'sama'), 'illegal_state');
    await refused(merge(desk, admin, c.id, b.id, 'sama'), 'illegal_state');
    expect(() => merge(desk, admin, c.id, c.id, 'sama')).toThrow(/into itself/);
  });

  it('cannot deadlock, and one of two opposite merges wins', async () => {
    const [a, b] = [await seedComplaint(database.db), await seedComplaint(database.db)];
    const outcomes = await Promise.allSettled([
      merge(desk, admin, a.id, b.id, 'sama'),
      merge(desk, admin, b.id, a.id, 'sama'),
    ]);
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find((one) => one.status === 'rejected')?.reason.code).toBe('illegal_state');
  });

  it('reaches into nothing that the actor does not see', async () => {
    const agency = await seedUser(database.db, { role: 'agency_admin', agencyId: 'dpupr' });
    const mine = await seedComplaint(database.db, { agency_id: 'dpupr' });
    const foreign = await seedComplaint(database.db, { agency_id: 'dukcapil' });
    await refused(merge(desk, agency, mine.id, foreign.id, 'sama'), 'not_found');
  });
});

describe('split', () => {
  it('makes a complaint of its own, with text, order and search', async () => {
    const start = new Date('2026-11-20T01:00:00Z');
    const later = new Date('2026-11-21T01:00:00Z');
    const { id } = await seedComplaint(database.db, { text: 'Jalan berlubang', at: start, agency_id: 'dpupr' });
    const second = await seedMessage(database.db, id, { text: 'Lampu jalan padam juga', at: later });
    const made = await split(desk, admin, id, [second], 'Dua masalah');
    const [old, fresh] = [await complaintRow(database.db, id), await complaintRow(database.db, made)];
    expect(old).toMatchObject({ body: 'Jalan berlubang', messages: 1, last_activity_at: start });
    expect(fresh).toMatchObject({
      body: 'Lampu jalan padam juga',
      messages: 1,
      last_activity_at: later,
      state: 'received',
    });
    expect(fresh).toMatchObject({ agency_id: 'dpupr', assignee_id: null, opening_message_id: second });
    expect(fresh.ticket_no).not.toBe(old.ticket_no);
    expect(await outboxOf(database.db, made)).toEqual(['created']);
    const found = async (q: string) => (await inboxPage(database.db, admin, { q, limit: 10 })).map((row) => row.id);
    expect(await found('lampu padam')).toEqual([made]);
    expect(await found('berlubang')).toContain(id);
  });

  it('leaves the last message of the citizen where it is', async () => {
    const { id, messageId } = await seedComplaint(database.db);
    await refused(split(desk, admin, id, [messageId]), 'last_message');
  });

  it('takes only what is in the complaint, and what is in work', async () => {
    const { id } = await seedComplaint(database.db);
    const other = await seedComplaint(database.db);
    await refused(split(desk, admin, id, [other.messageId]), 'unknown_message');
    const closed = await seedComplaint(database.db, { state: 'closed' });
    await refused(split(desk, admin, closed.id, [closed.messageId]), 'illegal_state');
  });
});

it('moves messages to the complaint they belong to, with their attachments', async () => {
  const from = await seedComplaint(database.db, { text: 'Jalan berlubang' });
  const to = await seedComplaint(database.db, { text: 'Sampah menumpuk' });
  const lost = await seedMessage(database.db, from.id, { text: 'Sampahnya berbau' });
  await database.db
    .insertInto('attachment')
    .values({
      id: lost,
      message_id: lost,
      complaint_id: from.id,
      channel_id: 'web',
      position: 0,
      name: 'a.png',
    } as never)
    .execute();
  await moveTo(desk, admin, from.id, { messages: [lost], to: to.id, reason: 'Salah gabung' });
  const messages = database.db.selectFrom('message').select('complaint_id').where('id', '=', lost);
  expect(await messages.executeTakeFirst()).toEqual({ complaint_id: to.id });
  const files = database.db.selectFrom('attachment').select('complaint_id').where('id', '=', lost);
  expect(await files.executeTakeFirst()).toEqual({ complaint_id: to.id });
  expect((await complaintRow(database.db, to.id)).messages).toBe(2);
  expect((await complaintRow(database.db, from.id)).messages).toBe(1);
});
