import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AnyAdapter, ChannelError, type Health } from '#contract';
import webhook from '../../adapters/webhook/index.ts';
import { careForChannels } from '../../src/flows/care.ts';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { delivery, message, type TestHub, testHub } from '../helpers/hub.ts';

let hub: TestHub;
let next: () => Promise<Health>;
let fetched: () => Promise<string>;
const adapter: AnyAdapter = {
  ...webhook,
  receive: {
    ...webhook.receive!,
    unpack: (given) => {
      const items = webhook.receive!.unpack(given);
      return items === 'wake' ? items : items.map((one) => ({ ...one, incomplete: true as const }));
    },
  },
  complete: () => fetched(),
  care: { every: '1h', run: () => next() },
};

beforeAll(async () => {
  hub = await testHub({ adapters: { webhook: adapter } });
  await hub.deps.db.insertInto('channel_state').values({ channel_id: 'lapor', cursor: null }).execute();
});
afterAll(() => hub.close());

const state = () =>
  hub.deps.db.selectFrom('channel_state').selectAll().where('channel_id', '=', 'lapor').executeTakeFirstOrThrow();
const notices = async () => {
  const rows = await hub.deps.db
    .selectFrom('event')
    .select('type')
    .where('complaint_id', 'is', null)
    .orderBy('seq')
    .execute();
  return rows.map((row) => row.type);
};
const longAgo = () =>
  hub.deps.db
    .updateTable('channel_state')
    .set({ cared_at: new Date(Date.now() - 50_000) })
    .execute();

it('looks after a channel when it is due, and says what is new once', async () => {
  let runs = 0;
  next = async () => {
    runs += 1;
    return { detail: 'Baik.', warnings: ['Token berakhir.'], expiresAt: new Date('2026-12-24T00:00:00Z') };
  };
  await careForChannels(hub.deps);
  await careForChannels(hub.deps);
  expect(runs).toBe(1);
  expect(await state()).toMatchObject({ warnings: ['Token berakhir.'], credentials_expire_at: new Date('2026-12-24') });
  await hub.deps.db.updateTable('channel_state').set({ cared_at: null }).execute();
  await careForChannels(hub.deps);
  expect([runs, await notices()]).toEqual([2, ['channel.warning']]);
});

it('tells of dead credentials once, whatever fails besides, and looks again soon', async () => {
  next = () => Promise.reject(new ChannelError('auth', 'Token mati. Buat yang baru.'));
  await hub.deps.db.updateTable('channel_state').set({ cared_at: null }).execute();
  await careForChannels(hub.deps);
  expect(await state()).toMatchObject({ health: 'authNeeded', health_reason: 'Token mati. Buat yang baru.' });
  next = () => Promise.reject(new ChannelError('retry', 'Gangguan.'));
  await longAgo();
  await careForChannels(hub.deps);
  expect((await state()).health).toBe('authNeeded');
  await hub.deps.db
    .updateTable('channel_state')
    .set({ publish_not_before: new Date(Date.now() + 60_000) })
    .execute();
  next = async () => ({ detail: 'Baik.' });
  await longAgo();
  await careForChannels(hub.deps);
  expect(await state()).toMatchObject({ health: 'ok', publish_not_before: null });
  expect((await notices()).slice(1)).toEqual(['channel.auth_needed', 'channel.auth_restored']);
});

async function bring(objectId: string): Promise<void> {
  await hub.hooks.receive('lapor', delivery({ items: [message(objectId)] }));
  await drainIntake(hub.deps, 'lapor');
  await drainNormalise(hub.deps, 'lapor');
}
const textOf = async (objectId: string) =>
  (await hub.deps.db.selectFrom('message').select('text').where('object_id', '=', objectId).executeTakeFirst())?.text;

it('reads at the platform what an event only names, before it is normalised', async () => {
  fetched = async () => JSON.stringify(message('c-1', { text: 'Isi lengkap' }));
  await bring('c-1');
  expect(await textOf('c-1')).toBe('Isi lengkap');
});

it('takes what cannot be seen as it came, and waits for a platform that is away', async () => {
  fetched = () => Promise.reject(new ChannelError('refused', 'Tidak terlihat', { reason: 'gone' }));
  await bring('c-2');
  expect(await textOf('c-2')).toContain('(c-2)');
  fetched = () => Promise.reject(new ChannelError('retry', 'Gangguan.'));
  await bring('c-3');
  expect(await textOf('c-3')).toBeUndefined();
  const row = await hub.deps.db
    .selectFrom('source_item')
    .selectAll()
    .where('outcome', '=', 'incomplete')
    .executeTakeFirst();
  expect(row).toMatchObject({ tries: 1 });
  fetched = async () => JSON.stringify(message('c-3', { text: 'Jadi terbaca' }));
  await hub.deps.db
    .updateTable('source_item')
    .set({ received_at: new Date(Date.now() - 6_000) })
    .where('id', '=', row!.id)
    .execute();
  await drainNormalise(hub.deps, 'lapor');
  expect(await textOf('c-3')).toBe('Jadi terbaca');
});
