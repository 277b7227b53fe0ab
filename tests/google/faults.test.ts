import { afterAll, beforeAll, expect, it } from 'vitest';
import { poll } from '../../src/flows/poll.ts';
import { queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { type GoogleHub, googleHub } from './world.ts';

/** `GOOGLE_REPLIES=500` for the long form. */
const REPLIES = Number(process.env.GOOGLE_REPLIES ?? 40);
let world: GoogleHub;
beforeAll(async () => {
  world = await googleHub();
});
afterAll(() => world.close());

it(`${REPLIES} replies among all faults: none twice, none lost`, async () => {
  const { google, hub } = world;
  const reviews = Array.from({ length: REPLIES }, (_, n) =>
    google.world.review(`Warga ${n}`, { stars: 1 + (n % 5), text: `Aduan nomor ${n}` }),
  );
  await hub.work();
  await poll(hub.deps, 'gr');
  const { db } = hub.deps;
  const opened = await eventually(async () => {
    const rows = await db.selectFrom('message').select(['object_id', 'complaint_id']).execute();
    expect(rows).toHaveLength(REPLIES);
    return rows;
  });
  google.setFaults([
    { do: 'hangup', on: '/reply$', ratio: 0.15 },
    { do: 'hangup', on: '/reply$', ratio: 0.15, landed: false },
    { do: 'error', on: '/reply$', ratio: 0.15 },
    { do: 'noId', on: '/reply$', ratio: 0.1 },
    { do: 'throttle', on: '/reply$', times: 3 },
  ]);
  for (const { complaint_id, object_id } of opened)
    await queueAnswers(hub, [complaint_id], `Jawaban untuk ${object_id.slice(-12)}`);
  google.tokens.forget();
  await eventually(async () => {
    const rows = await db
      .selectFrom('publication')
      .select(['state', 'needs_person', 'attempt', 'checks', 'explanation', 'reason', 'next_at'])
      .execute();
    const open = rows.filter(({ state }) => state !== 'published');
    expect(open).toEqual([]);
  }, 40_000);
  for (const review of reviews) expect(review.reply?.comment).toBe(`Jawaban untuk ${review.name.slice(-12)}`);
  expect(google.published().doubled).toEqual([]);
  expect(google.published().landed).toHaveLength(REPLIES);
}, 120_000);
