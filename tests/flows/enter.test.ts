import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MessageItem } from '#contract';
import type { Channel } from '../../src/config/channel.ts';
import { enter, type NewEntry } from '../../src/flows/enter.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { drainTriage } from '../../src/flows/triage.ts';
import { type TestHub, testHub, webhookChannel } from '../helpers/hub.ts';

const counter: Channel = {
  ...webhookChannel({ id: 'loket', label: 'Loket', adapter: 'manual', account: 'loket', mode: 'assisted' }),
  settings: { surface: 'form' },
};
let hub: TestHub;
beforeAll(async () => {
  hub = await testHub({ channels: [webhookChannel(), counter] });
});
afterAll(() => hub.close());

const itemOf = (change: Partial<MessageItem> = {}): MessageItem => {
  const id = randomUUID();
  const at = '2026-11-20T03:00:00.000Z';
  return { type: 'message', objectId: id, threadId: id, at, surface: 'form', text: 'Lampu jalan padam.', ...change };
};
const entryOf = (item: MessageItem, change: Partial<NewEntry> = {}): NewEntry => ({
  ...{ channel: counter, key: item.objectId, item, files: [], by: 'user:0' },
  receivedAt: new Date('2026-11-20T03:00:00Z'),
  ...change,
});
const complaint = (id: string | null) =>
  hub.deps.db
    .selectFrom('complaint')
    .selectAll()
    .where('id', '=', id ?? '')
    .executeTakeFirstOrThrow();

it('opens a complaint at once, with its ticket, its files and who entered it', async () => {
  const file = { name: 'surat.pdf', mime: 'application/pdf', size: 3, sha256: 'ab' };
  const item = itemOf({ author: { name: 'Siti Aminah', phone: '+6281200000001' } });
  const { outcome, complaintId } = await enter(hub.deps, entryOf(item, { files: [file], by: 'user:7' }));
  expect(outcome).toBe('entered');
  const row = await complaint(complaintId);
  expect(row).toMatchObject({ state: 'received', channel_id: 'loket', surface: 'form', public: false });
  expect(row.ticket_no).toMatch(/^[2-9A-Z]{3}-[2-9A-Z]{3}-[2-9A-Z]{3}$/);
  expect(row.received_at.toISOString()).toBe('2026-11-20T03:00:00.000Z');
  expect(row.recorded_at.getTime()).toBeGreaterThan(row.received_at.getTime());
  const { db } = hub.deps;
  const event = await db.selectFrom('event').selectAll().where('complaint_id', '=', row.id).executeTakeFirstOrThrow();
  expect(event).toMatchObject({ actor: 'user:7', type: 'complaint.opened' });
  const stored = await db.selectFrom('attachment').selectAll().where('complaint_id', '=', row.id).execute();
  expect(stored).toMatchObject([{ ...file, state: 'stored', message_id: row.opening_message_id }]);
});

it('adds nothing when the same key comes again, also at the same moment', async () => {
  const item = itemOf();
  const both = await Promise.all([enter(hub.deps, entryOf(item)), enter(hub.deps, entryOf(item))]);
  expect(both.map((one) => one.outcome).sort()).toEqual(['entered', 'known']);
  const again = await enter(hub.deps, entryOf({ ...itemOf(), text: 'Lain' }, { key: item.objectId }));
  const opened = both.find((one) => one.outcome === 'entered');
  expect(again).toMatchObject({ outcome: 'known', complaintId: opened?.complaintId });
});

it('is a complaint at once also in public when a person has judged it, and waits as new when nobody has', async () => {
  const judged = await enter(hub.deps, entryOf(itemOf({ surface: 'post' }), { judged: true }));
  const other = await enter(hub.deps, entryOf(itemOf({ surface: 'post' })));
  expect(await complaint(judged.complaintId)).toMatchObject({ state: 'received', public: true });
  expect(await complaint(other.complaintId)).toMatchObject({ state: 'new', ticket_no: null });
});

it('joins the thread of a complaint that is open', async () => {
  const first = await enter(hub.deps, entryOf(itemOf({ threadId: 'telepon 1', surface: 'call' })));
  const second = await enter(
    hub.deps,
    entryOf(itemOf({ threadId: 'telepon 1', surface: 'call', text: 'Masih padam' })),
  );
  expect(second.complaintId).toBe(first.complaintId);
  expect((await complaint(first.complaintId)).messages).toBe(2);
});

it('hides what the rules call sensitive, and is triaged like any other complaint', async () => {
  const sensitive = { when: { words: ['pungli'] }, then: { sensitive: true } };
  const routed = {
    when: { words: ['lampu'] },
    then: { agency: 'dpupr' },
  };
  hub.deps.config.hub.routing.push(sensitive as never, routed as never);
  const hidden = await enter(hub.deps, entryOf(itemOf({ text: 'Ada pungli di loket.' })));
  expect((await complaint(hidden.complaintId)).sensitive).toBe(true);
  const open = await enter(hub.deps, entryOf(itemOf()));
  await drainTriage(hub.deps);
  expect(await complaint(open.complaintId)).toMatchObject({ agency_id: 'dpupr', triaged_at: expect.any(Date) });
});

it('can be read again from what is stored', async () => {
  const item = itemOf();
  const { complaintId } = await enter(hub.deps, entryOf(item));
  const { db } = hub.deps;
  await db.updateTable('source_item').set({ outcome: 'waiting' }).where('complaint_id', '=', complaintId).execute();
  await drainNormalise(hub.deps, 'loket');
  const row = await db
    .selectFrom('source_item')
    .select(['outcome', 'reason', 'complaint_id'])
    .where('key', '=', item.objectId)
    .executeTakeFirstOrThrow();
  expect(row).toEqual({ outcome: 'ignored', reason: 'known already', complaint_id: complaintId });
});
