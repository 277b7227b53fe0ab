import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ChannelError } from '#contract';
import webhookAdapter from '../../adapters/webhook/index.ts';
import type { App } from '../../simulators/app/index.ts';
import { recordCheck, recordFailure, recordReading, recordSuccess } from '../../src/flows/health.ts';
import { poll } from '../../src/flows/poll.ts';
import { createPublisher } from '../../src/flows/publish/index.ts';
import { bringReports, publicationOf, queueAnswers } from '../helpers/answers.ts';
import { application, names, settingsFor } from '../helpers/application.ts';
import { type TestHub, testHub } from '../helpers/hub.ts';

const POLL = webhookAdapter.poll!;
const ONE = { concurrency: 1, receipts: false, statuses: false };
let app: App;
let hub: TestHub;
beforeEach(async () => {
  app = await application('native');
  const publish = { concurrency: 4, receipts: false, statuses: false, maxPerDay: 5 };
  hub = await testHub({ channel: { settings: settingsFor(app, 'native'), publish } });
  await hub.deps.db.insertInto('channel_state').values({ channel_id: 'lapor', cursor: sql`'null'::jsonb` }).execute();
});
afterEach(async () => {
  await hub.close();
  await app.close();
});

const health = () =>
  hub.deps.db.selectFrom('channel_state').select(['health', 'health_reason']).executeTakeFirstOrThrow();
const published = async (ids: readonly string[]) =>
  (await Promise.all(ids.map((id) => publicationOf(hub, id)))).filter((row) => row.state === 'published').length;
const later = (hours: number) =>
  sql`update publication_attempt set started_at = started_at - ${hours} * interval '1 hour'`.execute(hub.deps.db);

it('sends as many as a day allows, says so, and goes on when the day is over; nothing is lost', async () => {
  const ids = await queueAnswers(hub, await bringReports(hub, names(12)));
  const publisher = createPublisher(hub.deps);
  // Two workers at once do not send more together.
  await Promise.all([publisher.drain('lapor'), createPublisher(hub.deps).drain('lapor')]);
  expect(app.replies().keys).toBe(5);
  expect(await health()).toEqual({ health: 'quotaSpent', health_reason: expect.stringMatching(/Batas 5 .* WIB\.$/) });
  await later(23);
  await publisher.drain('lapor');
  expect(app.replies().keys).toBe(5);
  await later(2);
  await publisher.drain('lapor');
  expect(app.replies().keys).toBe(10);
  expect((await health()).health).toBe('quotaSpent');
  await later(25);
  await publisher.drain('lapor');
  expect(await published(ids)).toBe(12);
  expect(await health()).toEqual({ health: 'ok', health_reason: null });
});

it('counts what may have reached the server, and not what never left', async () => {
  const ids = await queueAnswers(hub, await bringReports(hub, names(5)));
  app.faults.set([{ do: 'throttle', times: 1, retryAfter: 1 }]);
  const publisher = createPublisher(hub.deps);
  await publisher.drain('lapor');
  await sql`update channel_state set publish_not_before = null`.execute(hub.deps.db);
  await sql`update publication set next_at = now() where state = 'queued'`.execute(hub.deps.db);
  await publisher.drain('lapor');
  expect(await published(ids)).toBe(5);
});

it('what was read does not say that the quota is free again, nor that a held channel is well', async () => {
  for (const [state, held] of [
    ['quotaSpent', null],
    ['authNeeded', new Date(Date.now() + 60_000)],
  ] as const) {
    await hub.deps.db.updateTable('channel_state').set({ health: state, publish_not_before: held }).execute();
    await recordReading(hub.deps, 'lapor');
    expect((await health()).health).toBe(state);
  }
  await hub.deps.db.updateTable('channel_state').set({ publish_not_before: null }).execute();
  await recordReading(hub.deps, 'lapor');
  expect((await health()).health).toBe('ok');
});

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const quotaOf = (until: Date) =>
  new ChannelError('throttled', 'Kuota bulan ini habis.', { retryAfterMs: 3_600_000, quotaUntil: until });

it('a quota of the platform is told with its end, and ends when that works again for which it was spent', async () => {
  await recordFailure(hub.deps, 'lapor', quotaOf(inDays(9)), true);
  expect(await health()).toEqual({
    health: 'quotaSpent',
    health_reason: expect.stringMatching(/habis\. Lanjut .* WIB\.$/),
  });
  await recordSuccess(hub.deps, 'lapor');
  expect((await health()).health).toBe('quotaSpent');
  await recordReading(hub.deps, 'lapor');
  expect(await health()).toEqual({ health: 'ok', health_reason: null });
  await recordFailure(hub.deps, 'lapor', quotaOf(inDays(9)));
  await recordReading(hub.deps, 'lapor');
  await recordCheck(hub.deps, 'lapor');
  expect((await health()).health).toBe('quotaSpent');
  await recordFailure(hub.deps, 'lapor', quotaOf(inDays(-1)));
  await recordReading(hub.deps, 'lapor');
  expect((await health()).health).toBe('ok');
});

it('a quota that is spent for reading leaves answers alone', async () => {
  const page = () => Promise.reject(quotaOf(inDays(1)));
  const adapters = { ...hub.deps.adapters, webhook: { ...hub.deps.adapters.webhook!, poll: { ...POLL, page } } };
  await poll({ ...hub.deps, adapters }, 'lapor');
  expect((await health()).health).toBe('quotaSpent');
  const [id = ''] = await queueAnswers(hub, await bringReports(hub, names(1)));
  await createPublisher(hub.deps).drain('lapor');
  expect((await publicationOf(hub, id)).state).toBe('published');
  expect((await health()).health).toBe('quotaSpent');
});

it('what met the spent quota keeps its place: answers leave in order when it refills', async () => {
  const ids = await queueAnswers(hub, await bringReports(hub, names(6)));
  let left = 2;
  const webhook = hub.deps.adapters.webhook!;
  const send: NonNullable<typeof webhook.publish>['send'] = (reply, ctx) =>
    left-- > 0 ? webhook.publish!.send(reply, ctx) : Promise.reject(quotaOf(inDays(1)));
  const one = {
    ...hub.deps.config,
    channels: hub.deps.config.channels.map((channel) => ({ ...channel, publish: ONE })),
  };
  const adapters = { ...hub.deps.adapters, webhook: { ...webhook, publish: { ...webhook.publish!, send } } };
  const deps = { ...hub.deps, adapters, config: one };
  await createPublisher(deps).drain('lapor');
  expect(await published(ids)).toBe(2);
  expect((await health()).health).toBe('quotaSpent');
  // Nothing leaves before the refill.
  left = 10;
  await createPublisher(deps).drain('lapor');
  expect(await published(ids)).toBe(2);
  await hub.deps.db.updateTable('channel_state').set({ publish_not_before: null }).execute();
  await createPublisher(deps).drain('lapor');
  const order = app.replies().landed.map(({ key }) => ids.indexOf(key));
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  expect((await health()).health).toBe('ok');
});
