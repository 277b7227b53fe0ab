import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../../simulators/app/index.ts';
import { createPublisher } from '../../src/flows/publish/index.ts';
import { drainReconcile } from '../../src/flows/reconcile.ts';
import { ensureChannels } from '../../src/store/channelState.ts';
import { bringReports, publicationOf, queueAnswers } from '../helpers/answers.ts';
import { application, names, settingsFor } from '../helpers/application.ts';
import { type TestHub, testHub } from '../helpers/hub.ts';

let app: App;
let hub: TestHub;
beforeAll(async () => {
  app = await application('native');
  const publish = { concurrency: 4, receipts: false, statuses: false };
  hub = await testHub({ channel: { mode: 'assisted', publish, settings: settingsFor(app, 'native') } });
  await ensureChannels(hub.deps.db, ['lapor']);
});
afterAll(async () => {
  await hub.close();
  await app.close();
});

const queueOne = async () => {
  const [id] = await queueAnswers(hub, await bringReports(hub, names(1)));
  return id!;
};
const drain = () => createPublisher(hub.deps).drain('lapor');

it('hands what is queued to people: nothing leaves, and it says by when it should stand there', async () => {
  const id = await queueOne();
  await drain();
  const row = await publicationOf(hub, id);
  expect(row).toMatchObject({ state: 'assist', attempt: 0 });
  const hours = (row.next_at.getTime() - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(3.9);
  expect(hours).toBeLessThan(4.1);
  expect(app.replies().landed).toEqual([]);
  const events = await hub.deps.db
    .selectFrom('event')
    .select('data')
    .where('complaint_id', '=', row.complaint_id)
    .where('type', '=', 'publication.assist')
    .execute();
  expect(events).toEqual([{ data: { publicationId: id, kind: 'answer' } }]);
});

it('leaves it queued while the complaint is on the sensitive hold, or the channel is paused', async () => {
  const held = await queueOne();
  const { db } = hub.deps;
  const { complaint_id } = await publicationOf(hub, held);
  await db.updateTable('complaint').set({ sensitive: true }).where('id', '=', complaint_id).execute();
  await drain();
  expect((await publicationOf(hub, held)).state).toBe('queued');
  const paused = await queueOne();
  await db.updateTable('channel_state').set({ paused_at: new Date() }).execute();
  await drain();
  expect((await publicationOf(hub, paused)).state).toBe('queued');
  await db.updateTable('channel_state').set({ paused_at: null }).execute();
  await drain();
  expect((await publicationOf(hub, paused)).state).toBe('assist');
});

it('puts a doubt of the time before in front of a person, and nothing of it into the queue again', async () => {
  const id = await queueOne();
  const doubt = { state: 'uncertain' as const, attempt: 1, uncertain_at: new Date(0), next_at: new Date(0) };
  await hub.deps.db.updateTable('publication').set(doubt).where('id', '=', id).execute();
  await drainReconcile(hub.deps, 'lapor');
  await drain();
  expect(await publicationOf(hub, id)).toMatchObject({ state: 'uncertain', needs_person: true });
  expect(app.replies().landed).toEqual([]);
});

it('gives people the whole answer, unless parts of it stand already', async () => {
  const [fresh, begun] = [await queueOne(), await queueOne()];
  const divide = (id: string, done: object[]) => {
    const parts = JSON.stringify({ texts: ['Satu', 'Dua'], done, from: 0 });
    return sql`update publication set parts = ${parts}::jsonb where id = ${id}`.execute(hub.deps.db);
  };
  await divide(fresh, []);
  await divide(begun, [{ publishedId: 'bagian-1' }]);
  await drain();
  expect(await publicationOf(hub, fresh)).toMatchObject({ state: 'assist', parts: null });
  expect((await publicationOf(hub, begun)).parts).toMatchObject({ done: [{ publishedId: 'bagian-1' }] });
});
