import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildApi } from '../../src/api/app.ts';
import type { Channel } from '../../src/config/channel.ts';
import type { Actor } from '../../src/core/access.ts';
import { saveDraft } from '../../src/flows/desk/drafts.ts';
import { enterByHand } from '../../src/flows/desk/enter.ts';
import { merge } from '../../src/flows/desk/merge.ts';
import { createKey } from '../../src/flows/desk/users.ts';
import { refused } from '../desk/helper.ts';
import { eventually } from '../helpers/eventually.ts';
import { webhookChannel } from '../helpers/hub.ts';
import { seedMessage, seedPublication, seedUser } from '../helpers/register.ts';
import { complaintsOf, publicationsOf, type SmsWorld, smsWorld } from './world.ts';

/** A citizen at the counter leaves a number; the answer goes there, and what they write back comes home. */
const counter: Channel = {
  ...webhookChannel({ id: 'loket', label: 'Loket', adapter: 'manual', account: 'loket', mode: 'assisted' }),
  settings: { surface: 'form' },
};
const PHONE = '+6281200000077';
let world: SmsWorld;
let officer: Actor;
beforeAll(async () => {
  world = await smsWorld({ channels: [counter] });
  officer = await seedUser(world.hub.deps.db, { role: 'central_admin' });
  await world.hub.work();
});
afterAll(() => world.close());

const enter = (reporter: object, more: object = {}) =>
  enterByHand(world.hub.deps, officer, {
    ...{ channel: 'loket', text: 'Lampu padam', agency: 'diskominfo' },
    reporter,
    ...more,
  });
const answer = (id: string, more: object = {}) =>
  saveDraft(world.hub.deps, officer, id, { text: 'Lampu sudah diganti.', submit: true, through: 'sms', ...more });
const complaint = (id: string) =>
  world.hub.deps.db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

it('is answered by SMS once, and the answer to that joins the complaint', async () => {
  const { hub, gateway } = world;
  const { complaintId } = await enter({ name: 'Siti Aminah', phone: '0812-0000-0077' });
  await answer(complaintId);
  const [sent] = await eventually(async () => {
    const rows = await publicationsOf(hub);
    expect(rows.map(({ state }) => state)).toEqual(['published']);
    return rows;
  });
  expect(sent).toMatchObject({ channel_id: 'sms', complaint_id: complaintId });
  expect(gateway.published()).toMatchObject({ went: [{ to: PHONE, text: 'Lampu sudah diganti.' }], doubled: [] });
  expect((await complaint(complaintId)).state).toBe('answered');
  gateway.world.write(PHONE, 'Masih padam di ujung gang');
  await eventually(async () => {
    const row = await complaint(complaintId);
    expect(row).toMatchObject({ messages: 2, reaction_pending: true });
  });
  const all = await hub.deps.db.selectFrom('complaint').select('id').execute();
  expect(all).toHaveLength(1);
  // Now the newest message stands on SMS; the way back is that thread, and no second one.
  const messages = await hub.deps.db.selectFrom('message').select(['channel_id', 'direction']).orderBy('id').execute();
  expect(messages).toEqual([
    { channel_id: 'loket', direction: 'in' },
    { channel_id: 'sms', direction: 'out' },
    { channel_id: 'sms', direction: 'in' },
  ]);
});

it('shows the number to nobody who may not see the contact, in no thread and on no publication', async () => {
  const { hub, gateway } = world;
  const { deps, hooks, foundation } = hub;
  const readiness = async () => ({ ready: true, checks: {} });
  const app = buildApi({ ...deps, hooks, pool: foundation.pool, publicUrl: 'http://127.0.0.1:3000', readiness });
  gateway.world.write('+6281200000079', 'Jembatan desa hampir putus');
  const { complaintId } = await enter({ phone: '0812-0000-0080' }, { anonymous: true });
  await answer(complaintId);
  const [written] = await eventually(async () => {
    const rows = (await complaintsOf(hub)).filter(({ text }) => text.startsWith('Jembatan'));
    expect(rows).toHaveLength(1);
    const sent = await publicationsOf(hub);
    expect(sent.find((row) => row.complaint_id === complaintId)?.state).toBe('published');
    return rows;
  });
  const { userId } = await seedUser(deps.db, { role: 'system_admin' });
  const { key } = await createKey(deps, { userId, label: 'x', agencyId: null, unitId: null });
  const see = async (url: string) => {
    const response = await app.inject({ url: `/api/v1/${url}`, headers: { authorization: `Bearer ${key}` } });
    expect(response.statusCode).toBe(200);
    expect(response.body).not.toMatch(/81200000/);
    return response.json();
  };
  const { messages, threadId } = await see(`complaints/${written!.id}`);
  expect(messages).toMatchObject([{ threadId }]);
  await see(`complaints/${complaintId}`);
  await see('complaints');
  expect((await see('publications')).items).toContainEqual(expect.objectContaining({ complaint: complaintId }));
  await app.close();
});

it('refuses who left no number, names the channels that can write first, and hides no other fault', async () => {
  const { complaintId } = await enter({ name: 'Budi', address: 'Desa Contoh' });
  const { faults } = await refused(answer(complaintId), 'cannot_answer');
  expect(faults).toMatchObject([{ code: 'unreachable', message: expect.stringContaining('lebih dulu: sms') }]);
  await refused(answer(complaintId, { through: 'loket' }), 'cannot_answer');
  const reachable = await enter({ name: 'Budi', phone: '081200000078' });
  const long = await refused(answer(reachable.complaintId, { text: 'a'.repeat(2_000) }), 'cannot_answer');
  expect(long.faults).toMatchObject([{ code: 'too_long' }]);
});

it('reaches a person once, however many of their reports are answered', async () => {
  const [mine, again, other] = [
    await enter({ name: 'Tono', phone: '081200000079' }),
    await enter({ name: 'Tono', phone: '081200000079' }),
    await enter({ name: 'Wati', phone: '081200000080' }),
  ];
  for (const one of [again, other]) await merge(world.hub.deps, officer, one.complaintId, mine.complaintId, 'sama');
  const rows = await world.hub.deps.db
    .selectFrom('message')
    .select(['id', 'complaint_id'])
    .where(
      'complaint_id',
      'in',
      [mine, again, other].map(({ complaintId }) => complaintId),
    )
    .execute();
  const messageIds = rows.map(({ id }) => id);
  const idOf = (one: typeof mine) => rows.find((row) => row.complaint_id === one.complaintId)!.id;
  for (const more of [{ toAll: true }, { messageIds }]) {
    const { id } = await answer(mine.complaintId, { ...more, submit: false });
    const draft = world.hub.deps.db.selectFrom('draft').select('targets').where('id', '=', id);
    const { targets } = await draft.executeTakeFirstOrThrow();
    expect(new Set(targets.map(({ messageId }) => messageId))).toEqual(new Set([idOf(again), idOf(other)]));
    expect(targets).toHaveLength(2);
  }
  const texts = { [idOf(mine)]: 'Khusus yang ini.' };
  const { faults } = await refused(answer(mine.complaintId, { toAll: true, texts }), 'cannot_answer');
  expect(faults).toMatchObject([{ code: 'no_target' }]);
});

it('answers a portal that it was entered into there, and the reporter on the other channel', async () => {
  const { db } = world.hub.deps;
  const { complaintId } = await enter({ name: 'Rina', phone: '081200000081' });
  const opening = (await complaint(complaintId)).opening_message_id!;
  const sent = await seedPublication(
    db,
    { id: complaintId, messageId: opening, ticketNo: null },
    { state: 'published', kind: 'forward', channel_id: 'loket' },
  );
  const there = await seedMessage(db, complaintId, { direction: 'out', publication_id: sent });
  const { id } = await answer(complaintId, { submit: false });
  const draft = db.selectFrom('draft').select('targets').where('id', '=', id);
  expect((await draft.executeTakeFirstOrThrow()).targets).toEqual([
    { channelId: 'sms', messageId: opening },
    { channelId: 'loket', messageId: there },
  ]);
});
