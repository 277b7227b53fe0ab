import { afterAll, beforeAll, expect, it } from 'vitest';
import { poll } from '../../src/flows/poll.ts';
import { queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { type TiktokHub, tiktokHub } from './world.ts';

/** `TIKTOK_REPLIES=500` for the long form. */
const REPLIES = Number(process.env.TIKTOK_REPLIES ?? 40);
let world: TiktokHub;
beforeAll(async () => {
  const manners = { bareIds: true, shortPages: true, shuffle: true, duplicates: true, rotate: true };
  world = await tiktokHub({ manners });
});
afterAll(() => world.close());

it(`${REPLIES} replies among all faults: none twice, none lost`, async () => {
  const { tiktok, hub } = world;
  const { db } = hub.deps;
  const video = tiktok.world.video('Peresmian pasar');
  const comments = Array.from({ length: REPLIES }, (_, n) => tiktok.world.comment(video, `warga.${n}`, `Aduan ${n}`));
  await hub.work();
  await poll(hub.deps, 'tt');
  const opened = await eventually(async () => {
    const rows = await db.selectFrom('message').select(['object_id', 'complaint_id']).execute();
    expect(rows).toHaveLength(REPLIES);
    return rows;
  });
  tiktok.setFaults([
    { do: 'hangup', on: '/reply/create/$', ratio: 0.15 },
    { do: 'hangup', on: '/reply/create/$', ratio: 0.15, landed: false },
    { do: 'error', on: '/reply/create/$', ratio: 0.15 },
    { do: 'noId', on: '/reply/create/$', ratio: 0.1 },
    { do: 'refuse', on: '/reply/create/$', code: 50000, ratio: 0.1, landed: false },
    { do: 'throttle', on: '/reply/create/$', times: 3 },
    { do: 'delay', on: '/reply/', reads: true, ratio: 0.1, ms: 50 },
  ]);
  for (const { complaint_id, object_id } of opened) await queueAnswers(hub, [complaint_id], `Jawaban ${object_id}`);
  await eventually(async () => {
    const rows = await db.selectFrom('publication').select(['state', 'explanation']).execute();
    expect(rows.filter(({ state }) => state !== 'published')).toEqual([]);
  }, 110_000);
  for (const { id } of comments) expect(tiktok.world.below(id).map(({ text }) => text)).toEqual([`Jawaban ${id}`]);
  expect(tiktok.published().doubled).toEqual([]);
}, 120_000);
