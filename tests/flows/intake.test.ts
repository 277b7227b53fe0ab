import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawItem, Receive } from '#contract';
import webhook from '../../adapters/webhook/index.ts';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { eventually } from '../helpers/eventually.ts';
import { BACKENDS, delivery, message, type TestHub, testHub, webhookChannel } from '../helpers/hub.ts';

const count = async (hub: TestHub, table: 'complaint' | 'message' | 'source_item' | 'envelope'): Promise<number> => {
  const { n } = await hub.deps.db
    .selectFrom(table)
    .select((row) => row.fn.countAll<string>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
};

async function drain(hub: TestHub): Promise<void> {
  await drainIntake(hub.deps, 'lapor');
  await drainNormalise(hub.deps, 'lapor');
}

describe.each(BACKENDS)('with workers, on %s', (backend) => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await testHub({ backend });
    await hub.work();
  });
  afterAll(() => hub.close());

  it('makes exactly one record of each of many deliveries that come one to five times at once', async () => {
    const DELIVERIES = 10_000;
    const signed = Array.from({ length: DELIVERIES }, (_, n) => delivery(message(`r-${n}`)));
    const sends = signed.flatMap((one, n) => Array.from({ length: 1 + (n % 5) }, () => one));
    const answers = await Promise.all(sends.map((one) => hub.hooks.receive('lapor', one)));
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    await eventually(async () => expect(await count(hub, 'complaint')).toBe(DELIVERIES), 120_000);
    await eventually(async () => {
      const open = await hub.deps.db.selectFrom('outbox').select('id').where('done_at', 'is', null).execute();
      expect(open).toEqual([]);
    });
    expect(await count(hub, 'envelope')).toBe(DELIVERIES);
    expect(await count(hub, 'complaint')).toBe(DELIVERIES);
    expect(await count(hub, 'message')).toBe(DELIVERIES);
    const tickets = await hub.deps.db.selectFrom('complaint').select('ticket_no').distinct().execute();
    expect(tickets).toHaveLength(DELIVERIES);
  }, 180_000);
});

describe('by hand', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await testHub();
  });
  afterAll(() => hub.close());

  it('lands 999 of a batch of 1,000 with one unreadable item, and quarantines that one with its reason', async () => {
    const items = Array.from({ length: 1_000 }, (_, n) => message(`b-${n}`));
    items[500] = { account: 'lapor', type: 'message', objectId: 'b-500', nonsense: true };
    await hub.hooks.receive('lapor', delivery({ items }));
    await drain(hub);
    const rows = await hub.deps.db.selectFrom('source_item').select(['outcome', 'reason']).execute();
    expect(rows.filter((row) => row.outcome === 'applied')).toHaveLength(999);
    const [bad] = rows.filter((row) => row.outcome === 'quarantined');
    expect(bad?.reason).toContain('not an item');
    expect(await count(hub, 'complaint')).toBe(999);
  });

  it('quarantines a delivery that is not JSON, alone', async () => {
    const good = delivery(message('g-1'));
    const secretly = delivery({});
    const bad = { ...secretly, body: Buffer.from('{"items": [') };
    // Signed for other bytes, so it is refused; stored only when the signature fits.
    expect((await hub.hooks.receive('lapor', bad)).status).toBe(401);
    expect((await hub.hooks.receive('lapor', good)).status).toBe(200);
    expect((await hub.hooks.receive('nirgends', good)).status).toBe(404);
  });

  it('keeps items of an account that no channel names, and reads them when one does', async () => {
    await hub.hooks.receive('lapor', delivery({ items: [message('u-1', { account: 'baru' })] }));
    await drain(hub);
    const { applyConfiguration } = await import('../../src/flows/configured.ts');
    const before = await hub.deps.db.selectFrom('source_item').selectAll().where('channel_id', '=', '?').execute();
    expect(before).toHaveLength(1);
    expect(before[0]?.reason).toContain('"baru"');
    const config = { ...hub.deps.config, channels: [webhookChannel({ id: 'baru', account: 'baru' })], hash: 'x' };
    const deps = { ...hub.deps, config };
    await applyConfiguration(deps);
    await drainNormalise(deps, 'baru');
    const complaint = await hub.deps.db.selectFrom('complaint').selectAll().where('channel_id', '=', 'baru').execute();
    expect(complaint).toHaveLength(1);
  });
});

const permutations = <T>(values: T[]): T[][] =>
  values.length <= 1
    ? [values]
    : values.flatMap((value, at) => permutations(values.toSpliced(at, 1)).map((rest) => [value, ...rest]));

describe('order', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await testHub();
  });
  afterAll(() => hub.close());

  const story = (id: string) => [
    message(id, { text: 'awal', at: '2026-11-24T01:00:00.000Z', title: 'Judul' }),
    message(id, { text: 'ubahan satu', at: '2026-11-24T02:00:00.000Z', edited: true }),
    message(id, { text: 'ubahan dua', at: '2026-11-24T03:00:00.000Z', edited: true }),
    { account: 'lapor', type: 'status', objectId: id, at: '2026-11-24T04:00:00.000Z', code: 'proses' },
    { account: 'lapor', type: 'status', objectId: id, at: '2026-11-24T05:00:00.000Z', code: 'selesai' },
    { account: 'lapor', type: 'deletion', objectId: id, at: '2026-11-24T06:00:00.000Z' },
  ];

  async function stateOf(id: string) {
    const { db } = hub.deps;
    const row = await db.selectFrom('message').selectAll().where('object_id', '=', id).executeTakeFirstOrThrow();
    const complaint = await db
      .selectFrom('complaint')
      .select(['state', 'body', 'title', 'source_status', 'last_activity_at', 'messages'])
      .where('id', '=', row.complaint_id)
      .executeTakeFirstOrThrow();
    const versions = await db
      .selectFrom('message_version')
      .select(['at', 'text', 'title'])
      .where('message_id', '=', row.id)
      .orderBy('at')
      .execute();
    const { text, title, at, version_at, edited, created_seen, deleted_at } = row;
    return { complaint, versions, message: { text, title, at, version_at, edited, created_seen, deleted_at } };
  }

  it('does not matter: every permutation of create, edits, statuses and deletion ends in the same state', async () => {
    const orders = permutations([0, 1, 2, 3, 4, 5]);
    expect(orders).toHaveLength(720);
    // One delivery per step: all first steps, then all second steps, ... so each order really is an order of arrival.
    for (let step = 0; step < 6; step++) {
      const items = orders.map((order, n) => story(`o-${n}`)[order[step]!]);
      await hub.hooks.receive('lapor', delivery({ items }));
      await drain(hub);
    }
    const expected = await stateOf('o-0');
    expect(expected.message.text).toBe('ubahan dua');
    // Taken back: the message keeps its last words, and the complaint shows them no more.
    expect(expected.complaint).toMatchObject({ body: '', title: 'Dihapus oleh penulisnya' });
    expect(expected.complaint.source_status?.code).toBe('selesai');
    expect(expected.message.deleted_at).not.toBeNull();
    for (let n = 1; n < orders.length; n++) expect(await stateOf(`o-${n}`), `order ${orders[n]}`).toEqual(expected);
    const waiting = await hub.deps.db
      .selectFrom('source_item')
      .select('id')
      .where('outcome', 'in', ['pending', 'waiting'])
      .execute();
    expect(waiting).toEqual([]);
  });

  it('does not matter within one batch either', async () => {
    const orders = permutations([0, 1, 2, 3, 4, 5]);
    const items = orders.flatMap((order, n) => order.map((at) => story(`w-${n}`)[at]));
    await hub.hooks.receive('lapor', delivery({ items }));
    await drain(hub);
    const expected = await stateOf('o-0');
    for (let n = 0; n < orders.length; n++) expect(await stateOf(`w-${n}`), `order ${orders[n]}`).toEqual(expected);
  });
});

describe('an endpoint that serves a family', () => {
  let hub: TestHub;
  beforeAll(async () => {
    const unpack: Receive<unknown>['unpack'] = (given) =>
      (webhook.receive!.unpack(given) as RawItem[]).map((one) => ({ ...one, adapter: one.account.split('-')[0]! }));
    const family = { ...webhook, receive: { ...webhook.receive!, serves: ['saudara'], unpack } };
    hub = await testHub({
      adapters: { webhook: family, saudara: webhook },
      channels: [
        webhookChannel({ account: 'webhook-1' }),
        webhookChannel({ id: 'saudara', adapter: 'saudara', account: 'saudara-1' }),
        webhookChannel({ id: 'lain', account: 'webhook-2', endpoint: 'lain' }),
      ],
    });
  });
  afterAll(() => hub.close());

  it('gives each item to the channel of its adapter, and none to an account that listens elsewhere', async () => {
    const accounts = ['webhook-1', 'saudara-1', 'saudara-9', 'webhook-2'];
    const items = accounts.map((account) => message(`f-${account}`, { account }));
    await hub.hooks.receive('lapor', delivery({ items }));
    await drainIntake(hub.deps, 'lapor');
    const rows = await hub.deps.db.selectFrom('source_item').select(['channel_id', 'reason']).orderBy('id').execute();
    expect(rows.map((row) => row.channel_id)).toEqual(['lapor', 'saudara', '?', '?']);
    expect(rows[2]!.reason).toContain('"saudara-9" (saudara) belongs to no channel');
    expect(rows[3]!.reason).toContain('"webhook-2" (webhook) belongs to no channel at this endpoint');
  });
});
