import { afterAll, beforeAll, expect, it } from 'vitest';
import { poll } from '../../src/flows/poll.ts';
import { queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { type YoutubeHub, youtubeHub } from './world.ts';

/** `YOUTUBE_REPLIES=500` for the long form. */
const REPLIES = Number(process.env.YOUTUBE_REPLIES ?? 40);
let world: YoutubeHub;
beforeAll(async () => {
  world = await youtubeHub();
});
afterAll(() => world.close());

it(`${REPLIES} replies among all faults: none twice, none lost`, async () => {
  const { youtube, hub } = world;
  const { db } = hub.deps;
  const comments = Array.from({ length: REPLIES }, (_, n) => youtube.world.comment(`@warga${n}`, `Aduan nomor ${n}`));
  await hub.work();
  await poll(hub.deps, 'yt');
  const opened = await eventually(async () => {
    const rows = await db.selectFrom('message').select(['object_id', 'complaint_id']).execute();
    expect(rows).toHaveLength(REPLIES);
    return rows;
  });
  youtube.setFaults([
    { do: 'hangup', on: '/comments$', ratio: 0.15 },
    { do: 'hangup', on: '/comments$', ratio: 0.15, landed: false },
    { do: 'error', on: '/comments$', ratio: 0.15 },
    { do: 'noId', on: '/comments$', ratio: 0.1 },
    { do: 'throttle', on: '/comments$', times: 3 },
  ]);
  for (const { complaint_id, object_id } of opened) await queueAnswers(hub, [complaint_id], `Jawaban ${object_id}`);
  await eventually(async () => {
    const rows = await db.selectFrom('publication').select(['state', 'explanation']).execute();
    expect(rows.filter(({ state }) => state !== 'published')).toEqual([]);
  }, 110_000);
  for (const { id } of comments) expect(youtube.world.below(id).map(({ text }) => text)).toEqual([`Jawaban ${id}`]);
  expect(youtube.published().doubled).toEqual([]);
}, 120_000);
