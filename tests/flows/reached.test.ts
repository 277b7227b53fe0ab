import { afterAll, beforeAll, expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { confirm } from '../../src/flows/desk/publications.ts';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { bringReports, publicationOf, queueAnswers } from '../helpers/answers.ts';
import { delivery, message, type TestHub, testHub } from '../helpers/hub.ts';
import { seedUser } from '../helpers/register.ts';

/** One person with two complaints, written to first about both, in the one thread that is theirs. */
const THREAD = 'surat-tini';
let hub: TestHub;
let first: string;
let second: string;
beforeAll(async () => {
  hub = await testHub({ adapters: { ...adapters, webhook: { ...adapters.webhook!, reach: () => null } } });
  const ids = await bringReports(hub, ['jalan', 'lampu']);
  [first, second] = [ids[0]!, ids[1]!];
  await writeFirst(first, 'kami-1');
  await writeFirst(second, 'kami-2');
});
afterAll(() => hub.close());

async function writeFirst(complaintId: string, publishedId: string): Promise<void> {
  const [id] = await queueAnswers(hub, [complaintId]);
  const { target } = await publicationOf(hub, id!);
  const change = { state: 'assist' as const, target: JSON.stringify({ ...target, threadId: THREAD, reached: true }) };
  await hub.deps.db
    .updateTable('publication')
    .set(change as never)
    .where('id', '=', id!)
    .execute();
  const actor = await seedUser(hub.deps.db, { role: 'central_admin' });
  await confirm(hub.deps, actor, id!, { permalink: `https://contoh.example/${publishedId}`, publishedId });
}

async function joined(objectId: string, about: object): Promise<string> {
  const reply = message(objectId, { threadId: THREAD, surface: 'mail', claimed: true, ...about });
  await hub.hooks.receive('lapor', delivery({ items: [reply] }));
  await drainIntake(hub.deps, 'lapor');
  await drainNormalise(hub.deps, 'lapor');
  const { db } = hub.deps;
  const row = await db.selectFrom('message').selectAll().where('object_id', '=', objectId).executeTakeFirstOrThrow();
  return row.complaint_id;
}

it('what they write there belongs to the complaint whose letter it answers, and else to the one spoken of last', async () => {
  expect(await joined('balasan-1', {})).toBe(second);
  expect(await joined('balasan-2', { parentId: 'kami-1' })).toBe(first);
  expect(await joined('balasan-3', { parentId: 'kami-2' })).toBe(second);
  expect(await joined('balasan-4', { parentId: 'tidak-dikenal' })).toBe(second);
});
