import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { packDelivery, packRaw, sha256 } from '../../src/core/sealed.ts';
import { pause, pollNow, replay, replayQuarantined, resume } from '../../src/flows/desk/channels.ts';
import { readQuarantined } from '../../src/flows/desk/quarantine.ts';
import { newId } from '../../src/store/database.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testDesk } from '../helpers/desk.ts';
import { keyring, seedUser } from '../helpers/register.ts';
import { refused } from './helper.ts';

let database: TestDatabase;
let desk: TestDesk;
let keeper: Actor;
beforeAll(async () => {
  database = await testDatabase();
  desk = testDesk(database.db);
  keeper = await seedUser(database.db, { role: 'channel_admin' });
});
beforeEach(() => {
  desk.woken.length = 0;
});
afterAll(() => database.close());

const state = (id: string) =>
  database.db.selectFrom('channel_state').selectAll().where('channel_id', '=', id).executeTakeFirstOrThrow();

async function item(channel: string, outcome: 'applied' | 'quarantined' | 'waiting', received_at = new Date()) {
  const id = newId();
  await database.db
    .insertInto('source_item')
    .values({
      ...{ id, channel_id: channel, key: id, key_hash: sha256(id), envelope_id: null, outcome, received_at, tries: 4 },
      ...{ reason: 'x', object_hash: null, thread_hash: null, complaint_id: null },
      sealed: keyring.encrypt(packRaw('{"teks":"halo"}'), 'item'),
    })
    .execute();
  return id;
}

async function envelope(outcome: 'done' | 'quarantined', received_at = new Date()) {
  const id = newId();
  const body = Buffer.from([0xff, 0x00, 0x41]);
  const sealed = keyring.encrypt(packDelivery({ body, headers: { 'x-signature': 'abc' }, query: {} }), 'envelope');
  await database.db
    .insertInto('envelope')
    .values({
      ...{ id, endpoint: 'lapor', adapter: 'webhook', dedupe: sha256(id), outcome, received_at, tries: 2, reason: 'x' },
      ...{ items: null, sealed },
    })
    .execute();
  return id;
}

const outcomeOf = async (table: 'source_item' | 'envelope', id: string) =>
  (await database.db.selectFrom(table).select('outcome').where('id', '=', id).executeTakeFirstOrThrow()).outcome;

it('pauses and resumes, and wakes what waited', async () => {
  await pause(desk, keeper, 'fb', 'Token diganti');
  expect(await state('fb')).toMatchObject({ health: 'paused', paused_by: keeper.userId });
  await refused(pollNow(desk, keeper, 'fb'), 'cannot_poll');
  await resume(desk, keeper, 'fb');
  expect(await state('fb')).toMatchObject({ health: 'ok', paused_at: null, paused_by: null });
  expect(desk.woken.map(([stage]) => stage)).toEqual(['poll', 'normalise', 'publish', 'reconcile']);
  const types = await database.db
    .selectFrom('event')
    .select('type')
    .where('complaint_id', 'is', null)
    .orderBy('seq')
    .execute();
  expect(types.map((event) => event.type)).toEqual(['channel.paused', 'channel.resumed']);
});

it('polls now what can be polled', async () => {
  await pollNow(desk, keeper, 'fb');
  expect(desk.woken).toEqual([['poll', 'fb']]);
  expect((await refused(pollNow(desk, keeper, 'web'), 'cannot_poll')).message).toContain('not polled');
  await refused(pollNow(desk, keeper, 'tidak-ada'), 'not_found');
});

it('is for channel keepers and administrators only', async () => {
  const officer = await seedUser(database.db, { role: 'intake_officer' });
  await refused(pause(desk, officer, 'fb'), 'forbidden');
  const agency = await seedUser(database.db, { role: 'agency_admin', agencyId: 'dpupr' });
  await refused(pause(desk, agency, 'chat'), 'not_found');
});

describe('replay', () => {
  it('takes what came in the time range on that channel, and nothing else', async () => {
    const from = new Date('2026-11-24T00:00:00Z');
    const inside = new Date(Date.now());
    const range = { from: new Date(inside.getTime() - 1_000), to: new Date(inside.getTime() + 1_000) };
    const [mine, done] = [await item('web', 'applied', inside), await envelope('done', inside)];
    const [other, earlier] = [await item('fb', 'applied', inside), await item('web', 'applied', from)];
    expect(await replay(desk, keeper, 'web', range)).toEqual({ items: 1, deliveries: 1 });
    expect(await outcomeOf('source_item', mine)).toBe('waiting');
    expect(await outcomeOf('envelope', done)).toBe('waiting');
    expect(await outcomeOf('source_item', other)).toBe('applied');
    expect(await outcomeOf('source_item', earlier)).toBe('applied');
    expect(desk.woken).toEqual([
      ['intake', 'lapor'],
      ['normalise', 'web'],
    ]);
  });

  it('lets quarantined ones wait again, and only those', async () => {
    const [bad, fine, whole] = [
      await item('fb', 'quarantined'),
      await item('fb', 'applied'),
      await envelope('quarantined'),
    ];
    expect(await replayQuarantined(desk, keeper, [bad, fine, whole])).toBe(2);
    expect(await outcomeOf('source_item', bad)).toBe('waiting');
    expect(await outcomeOf('source_item', fine)).toBe('applied');
    expect(desk.woken.sort()).toEqual([
      ['intake', 'lapor'],
      ['normalise', 'fb'],
    ]);
    await refused(replayQuarantined(desk, keeper, [bad]), 'not_found');
  });
});

describe('raw', () => {
  it('comes back byte for byte, and each reading is an event', async () => {
    const admin = await seedUser(database.db, { role: 'system_admin' });
    const [delivery, one] = [await envelope('quarantined'), await item('fb', 'quarantined')];
    expect([...(await readQuarantined(desk, admin, delivery)).bytes]).toEqual([0xff, 0x00, 0x41]);
    expect(Buffer.from((await readQuarantined(desk, admin, one)).bytes).toString()).toBe('{"teks":"halo"}');
    const readings = await database.db
      .selectFrom('event')
      .select('data')
      .where('type', '=', 'quarantine.read')
      .execute();
    expect(readings).toHaveLength(2);
  });

  it('is not for channel keepers', async () => {
    await refused(readQuarantined(desk, keeper, await item('fb', 'quarantined')), 'forbidden');
  });
});
