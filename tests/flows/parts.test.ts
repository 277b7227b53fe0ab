import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { App } from '../../simulators/app/index.ts';
import { plan } from '../../src/core/parts.ts';
import { createPublisher } from '../../src/flows/publish/index.ts';
import { settleAll } from '../../src/flows/publish/settle.ts';
import { drainReconcile } from '../../src/flows/reconcile.ts';
import { bringReports, publicationOf, queueAnswers } from '../helpers/answers.ts';
import { application, names, settingsFor } from '../helpers/application.ts';
import { eventually } from '../helpers/eventually.ts';
import { type TestHub, testHub } from '../helpers/hub.ts';
import { dividing } from '../kit/broken/divide.ts';

let app: App;
let hub: TestHub;
beforeEach(async () => {
  app = await application('lookup');
  const publish = { concurrency: 4, receipts: false, statuses: false };
  const channel = { settings: settingsFor(app, 'lookup'), publish };
  hub = await testHub({ channel, adapters: { webhook: dividing } });
});
afterEach(async () => {
  await hub.close();
  await app.close();
});

const LONG = ['satu', 'dua', 'tiga'].map((word) => `${word} `.repeat(3_900 / (word.length + 1)).trim()).join('\n');
const partTexts = () => dividing.publish!.split!(LONG, { surface: 'report', settings: {} });
const landedOf = (id: string) => app.replies().landed.filter((one) => one.key.startsWith(id));
const drain = () => createPublisher(hub.deps).drain('lapor');
const stateOf = (complaint: string) =>
  hub.deps.db.selectFrom('complaint').select('state').where('id', '=', complaint).executeTakeFirstOrThrow();

async function queueOne() {
  const [complaint = ''] = await bringReports(hub, names(1));
  const [id = ''] = await queueAnswers(hub, [complaint], LONG);
  return { complaint, id };
}

it('sends the parts in order, one attempt each, and the answer counts with the last', async () => {
  const { complaint, id } = await queueOne();
  await drain();
  const row = await publicationOf(hub, id);
  expect(row).toMatchObject({ state: 'published', attempt: 3, published_id: row.parts?.done[0]?.publishedId });
  expect(landedOf(id).map(({ text }) => text)).toEqual(partTexts());
  const attempts = await hub.deps.db.selectFrom('publication_attempt').selectAll().orderBy('attempt').execute();
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['published', 'published', 'published']);
  const ours = await hub.deps.db
    .selectFrom('message')
    .selectAll()
    .where('direction', '=', 'out')
    .orderBy('id')
    .execute();
  expect(ours.map(({ object_id, text }) => [object_id, text])).toEqual(landedOf(id).map((one) => [one.id, one.text]));
  expect(ours[1]?.parent_id).toBe(ours[0]?.object_id);
  expect((await stateOf(complaint)).state).toBe('answered');
});

it('repeats no part and loses none, when the process ends between them', async () => {
  const { complaint, id } = await queueOne();
  // Every part is taken, and the connection breaks before the answer: as if the process had ended there.
  app.faults.set([{ do: 'hangup', times: 3 }]);
  for (let part = 1; part <= 3; part++) {
    await drain();
    expect(await publicationOf(hub, id)).toMatchObject({ state: 'uncertain', attempt: part });
    expect((await stateOf(complaint)).state).not.toBe('answered');
    await sql`update publication set next_at = now()`.execute(hub.deps.db);
    await drainReconcile(hub.deps, 'lapor');
  }
  expect(await publicationOf(hub, id)).toMatchObject({ state: 'published', attempt: 3, checks: 0 });
  expect(landedOf(id).map(({ text }) => text)).toEqual(partTexts());
  expect((await stateOf(complaint)).state).toBe('answered');
});

it('counts a late proof of a part once', async () => {
  const { id } = await queueOne();
  app.faults.set([{ do: 'hangup', times: 1 }]);
  await drain();
  const before = await publicationOf(hub, id);
  await sql`update publication set next_at = now()`.execute(hub.deps.db);
  await drainReconcile(hub.deps, 'lapor');
  const after = await publicationOf(hub, id);
  expect(after).toMatchObject({ state: 'queued', attempt: 1 });
  expect(after.parts?.done).toHaveLength(1);
  // The worker that sent part 1 was only slow, and now tells of it.
  const published = { publishedId: landedOf(id)[0]!.id };
  const late = { publication: before, after: { state: 'published', published } } as const;
  const settled = await hub.deps.db.transaction().execute((tx) => settleAll(tx, 'sending', [late], new Date()));
  expect(settled).toEqual([]);
  await drain();
  expect(landedOf(id).map(({ text }) => text)).toEqual(partTexts());
});

it('divides once: what is kept counts, whatever the settings say later', async () => {
  const { id } = await queueOne();
  const kept = plan(['Bagian A', 'Bagian B'], 0)!;
  await sql`update publication set parts = ${JSON.stringify(kept)}::jsonb`.execute(hub.deps.db);
  await drain();
  expect(landedOf(id).map(({ text }) => text)).toEqual(['Bagian A', 'Bagian B']);
});

it('goes on with the rest after a refusal that a person has mended, and says how much stands', async () => {
  const { id } = await queueOne();
  app.faults.set([{ do: 'hangup', times: 1 }]);
  await drain();
  await sql`update publication set next_at = now()`.execute(hub.deps.db);
  await drainReconcile(hub.deps, 'lapor');
  app.faults.set([{ do: 'refuse', times: 1 }]);
  await drain();
  const refused = await publicationOf(hub, id);
  expect(refused.state).toBe('refused');
  expect(refused.explanation).toMatch(/^Bagian 1 dari 3 sudah tayang\. /);
  await sql`update publication set state = 'queued', next_at = now()`.execute(hub.deps.db);
  await drain();
  await eventually(async () => expect((await publicationOf(hub, id)).state).toBe('published'));
  expect(landedOf(id).map(({ text }) => text)).toEqual(partTexts());
});

it('ends no drain while the next part becomes due: the claim that found nothing may have looked before', async () => {
  await sql`create function slow_claim() returns trigger language plpgsql as $$ begin
    if current_query() like '%claim queued%' then perform pg_sleep(0.3); end if;
    return null;
  end $$`.execute(hub.deps.db);
  await sql`create trigger slow_claim before update on publication execute function slow_claim()`.execute(hub.deps.db);
  const { id } = await queueOne();
  await drain();
  expect(landedOf(id).map(({ text }) => text)).toEqual(partTexts());
});
