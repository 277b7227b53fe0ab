import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { settleAll } from '../../src/flows/publish/settle.ts';
import { holdUnderway, withReplyIn } from '../../src/store/register.ts';
import { bringReports, publicationOf, queueAnswers } from '../helpers/answers.ts';
import { names } from '../helpers/application.ts';
import { type TestHub, testHub } from '../helpers/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await testHub();
});
afterAll(() => hub.close());

/** A reply that has left, and its settling in a transaction of its own. */
async function underway() {
  const { db } = hub.deps;
  const [complaintId] = await bringReports(hub, names(1));
  const [id] = await queueAnswers(hub, [complaintId!]);
  await db.updateTable('publication').set({ state: 'sending', attempt: 1 }).where('id', '=', id!).execute();
  const settle = () => {
    const published = { publishedId: `p-${id}` };
    const settling = {
      publication: { id: id!, attempt: 1, parts: null },
      after: { state: 'published' as const, published },
    };
    return db.transaction().execute((tx) => settleAll(tx, 'sending', [settling], new Date()));
  };
  return { complaintId: complaintId!, id: id!, settle };
}

it.each(['of the channel', 'of the thread'])(
  'a reply %s is not settled while somebody decides to wait for it',
  async (which) => {
    const { complaintId, id, settle } = await underway();
    let settled: Promise<unknown> | undefined;
    await hub.deps.db.transaction().execute(async (tx) => {
      if (which === 'of the channel') await holdUnderway(tx, 'lapor');
      else expect(await withReplyIn(tx, [complaintId], ['sending'])).toEqual(new Set([complaintId]));
      settled = settle();
      // Time enough for it to be done, were it not held.
      await sleep(300);
      expect((await publicationOf(hub, id)).state).toBe('sending');
    });
    await settled;
    expect((await publicationOf(hub, id)).state).toBe('published');
  },
);
