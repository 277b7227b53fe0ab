import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { App } from '../../simulators/app/index.ts';
import { confirm, decline } from '../../src/flows/desk/publications.ts';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { createPublisher } from '../../src/flows/publish/index.ts';
import { drainReconcile } from '../../src/flows/reconcile.ts';
import { ensureChannels } from '../../src/store/channelState.ts';
import { refused } from '../desk/helper.ts';
import { bringReports, publicationOf, queueAnswers } from '../helpers/answers.ts';
import { application, names, settingsFor } from '../helpers/application.ts';
import { delivery, message, type TestHub, testHub } from '../helpers/hub.ts';
import { seedUser } from '../helpers/register.ts';

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

/** A reply of our account appears in the thread of an answer that waits for a person. */
async function echo(id: string, about: object): Promise<string> {
  const { target } = await publicationOf(hub, id);
  const objectId = `gema-${id}`;
  const ours = message(objectId, { threadId: target.threadId, parentId: target.objectId, fromUs: true, ...about });
  await hub.hooks.receive('lapor', delivery({ items: [ours] }));
  await drainIntake(hub.deps, 'lapor');
  await drainNormalise(hub.deps, 'lapor');
  return objectId;
}
const messageOf = (objectId: string) =>
  hub.deps.db.selectFrom('message').selectAll().where('object_id', '=', objectId).executeTakeFirst();

it('is settled when the channel shows our reply by its key; who then confirms it hears that it stands', async () => {
  const id = await queueOne();
  await drain();
  const objectId = await echo(id, { publicationKey: id });
  const row = await publicationOf(hub, id);
  expect(row).toMatchObject({ state: 'published', published_id: objectId });
  expect(await messageOf(objectId)).toMatchObject({ direction: 'out', publication_id: id });
  const actor = await seedUser(hub.deps.db, { role: 'central_admin' });
  const again = await refused(confirm(hub.deps, actor, id, { permalink: 'https://contoh.example/1' }), 'illegal_state');
  expect(again.message).toContain('stands there already');
  const events = await hub.deps.db
    .selectFrom('event')
    .select('type')
    .where('complaint_id', '=', row.complaint_id)
    .orderBy('seq')
    .execute();
  expect(events.map(({ type }) => type).slice(-2)).toEqual(['complaint.answered', 'publication.published']);
});

it('keeps a reply of ours that was pasted until it is confirmed, and then knows it', async () => {
  const id = await queueOne();
  await drain();
  const publishedId = await echo(id, {});
  expect(await messageOf(publishedId)).toBeUndefined();
  const actor = await seedUser(hub.deps.db, { role: 'central_admin' });
  await confirm(hub.deps, actor, id, { permalink: 'https://contoh.example/2', publishedId });
  await drainNormalise(hub.deps, 'lapor');
  expect(await messageOf(publishedId)).toMatchObject({ publication_id: id });
});

it('takes what our account wrote for an answer outside the hub once ours is said not to stand there', async () => {
  const id = await queueOne();
  await drain();
  const objectId = await echo(id, {});
  const actor = await seedUser(hub.deps.db, { role: 'central_admin' });
  await decline(hub.deps, actor, id, 'Sudah dijawab lain');
  await drainNormalise(hub.deps, 'lapor');
  expect(await messageOf(objectId)).toMatchObject({ direction: 'out', publication_id: null });
});
