import { expect, it } from 'vitest';
import { crash } from './crash.ts';

/** The short form of `npm run crash`. */
it.each(['postgres', 'redis'] as const)(
  'loses and doubles nothing when workers are killed, on %s',
  async (backend) => {
    const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 1e9));
    const result = await crash({ backend, events: 800, replies: 200, kills: 5, seed, receiverMs: 300 });
    expect(result, `seed ${seed}`).toMatchObject({
      acknowledged: 800,
      lost: 0,
      doubledComplaints: 0,
      replies: 200,
      doubledReplies: 0,
      unsettled: 0,
      falselyPublished: 0,
      auditBreaks: 0,
    });
    // Most must really have gone out: a hub that puts everything before a person would be sound too.
    expect(result.published).toBeGreaterThan(150);
  },
  180_000,
);
