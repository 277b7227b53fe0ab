import { afterAll, beforeAll, expect, it } from 'vitest';
import { poll } from '../../src/flows/poll.ts';
import { queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { ACCOUNT, type XHub, xHub } from './world.ts';

/** `X_REPLIES=500` for the long form. */
const REPLIES = Number(process.env.X_REPLIES ?? 40);
let world: XHub;
beforeAll(async () => {
  const cost = { monthly: null };
  world = await xHub({ settings: { cost }, x: { lagMs: 300 }, oauth: 1 });
});
afterAll(() => world.close());

it(`${REPLIES} replies among all faults: none twice, none lost`, async () => {
  const { x, hub } = world;
  const { db } = hub.deps;
  const posts = Array.from({ length: REPLIES }, (_, n) =>
    x.world.write(`warga${n}`, `@${ACCOUNT.username} aduan nomor ${n}`),
  );
  await hub.work();
  const opened = await eventually(async () => {
    await poll(hub.deps, 'x');
    const rows = await db.selectFrom('message').select(['object_id', 'complaint_id']).execute();
    expect(rows).toHaveLength(REPLIES);
    return rows;
  });
  x.setFaults([
    { do: 'hangup', on: '/tweets$', ratio: 0.15 },
    { do: 'hangup', on: '/tweets$', ratio: 0.15, landed: false },
    { do: 'error', on: '/tweets$', ratio: 0.15 },
    { do: 'noId', on: '/tweets$', ratio: 0.1 },
    { do: 'throttle', on: '/tweets$', times: 3 },
  ]);
  for (const { complaint_id } of opened) await queueAnswers(hub, [complaint_id], 'Jawaban yang sama untuk semua.');
  await eventually(async () => {
    const rows = await db.selectFrom('publication').select(['state', 'explanation']).execute();
    expect(rows.filter(({ state }) => state !== 'published')).toEqual([]);
  }, 110_000);
  const counts = new Map(posts.map(({ id }) => [id, 0]));
  for (const { target } of x.world.landed) counts.set(target, (counts.get(target) ?? 0) + 1);
  expect([...counts.values()].filter((count) => count !== 1)).toEqual([]);
  expect(x.published().doubled).toEqual([]);
}, 120_000);
