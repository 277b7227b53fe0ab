import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { App } from '../../simulators/app/index.ts';
import { recordReading } from '../../src/flows/health.ts';
import { createPublisher } from '../../src/flows/publish/index.ts';
import { bringReports, publicationOf, queueAnswers } from '../helpers/answers.ts';
import { application, names, settingsFor } from '../helpers/application.ts';
import { type TestHub, testHub } from '../helpers/hub.ts';

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
