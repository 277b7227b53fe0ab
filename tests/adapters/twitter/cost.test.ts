import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelError, Published, Reply } from '#contract';
import { billMonth } from '../../../adapters/twitter/cost.ts';
import twitter from '../../../adapters/twitter/index.ts';
import { type Post, startX, type X } from '../../../simulators/x/index.ts';
import { ACCOUNT, SECRETS } from '../../x/world.ts';
import { type Driven, driven } from './context.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const US = `@${ACCOUNT.username}`;

let now = 0;
let x: X;
beforeEach(async () => {
  now = Date.parse('2026-11-01T00:00:00Z');
  x = await startX({ account: ACCOUNT, consumerSecret: SECRETS.X_SECRET }, () => now);
});
afterEach(() => x.close());

const drive = (cost: object, settings: object = {}) => driven(x.url, { cost, ...settings }, () => new Date(now));

let count = 0;
const answer = ({ ctx }: Driven, post: Post, text = 'Terima kasih, dikerjakan.'): Promise<Published> => {
  const ref = { post: post.id, replyable: true };
  const reply: Reply = {
    ...{ key: `k-${count++}`, attempt: 1, kind: 'answer', text, files: [], firstAttemptAt: ctx.now() },
    target: { objectId: post.id, threadId: post.id, surface: 'mention', ref },
  };
  return twitter.publish!.send(reply, ctx);
};
const failing = (work: Promise<unknown>) => work.then(() => undefined, (error: ChannelError) => error); // biome-ignore format: one glance

it('a month of the bill begins on its day, at midnight UTC', () => {
  const month = (text: string, day: number) => {
    const { from, until } = billMonth(new Date(text), day);
    return [from.toISOString().slice(0, 10), until.toISOString().slice(0, 10)];
  };
  expect(month('2026-11-30T23:59:59Z', 1)).toEqual(['2026-11-01', '2026-12-01']);
  expect(month('2026-12-01T00:00:00Z', 1)).toEqual(['2026-12-01', '2027-01-01']);
  expect(month('2026-01-14T12:00:00Z', 15)).toEqual(['2025-12-15', '2026-01-15']);
  expect(month('2026-01-15T00:00:00Z', 15)).toEqual(['2026-01-15', '2026-02-15']);
});

describe('the money of a month', () => {
  it('a month of polling and 100 answers a day stays within it, and the ledger never says less than the bill', async () => {
    const one = drive({ monthly: 50, replies: 35 });
    for (let hour = 0; hour < 30 * 24; hour++) {
      const posts = Array.from({ length: hour % 24 < 10 ? 10 : 1 }, (_, n) =>
        x.world.write(`warga${n}`, `${US} aduan ${hour}-${n}`),
      );
      await one.poll();
      for (const post of posts.length > 1 ? posts : []) await answer(one, post);
      now += HOUR_MS;
    }
    expect(x.world.landed).toHaveLength(3_000);
    expect(x.bill.spent).toBeLessThanOrEqual(50);
    const { reads, replies } = one.values.get('cost') as { reads: number; replies: number };
    expect(replies).toBe(30_000_000);
    expect((reads + replies) / 1e6).toBeGreaterThanOrEqual(x.bill.spent - 1e-6);
    expect((reads + replies) / 1e6).toBeLessThan(x.bill.spent * 1.05);
  }, 90_000);

  it('reading stops where the part of answers begins, says until when, and answers go on', async () => {
    const one = drive({ monthly: 1, replies: 0.7 });
    for (let n = 0; n < 250; n++) x.world.write('lina77', `${US} aduan ${n}`);
    await one.poll();
    const post = x.world.write('lina77', `${US} satu lagi`);
    const error = await failing(one.poll());
    expect(error).toMatchObject({ kind: 'throttled', quotaUntil: new Date('2026-12-01T00:00:00Z') });
    expect(error?.message).toContain('membaca');
    await expect(answer(one, post)).resolves.toHaveProperty('publishedId');
    now = Date.parse('2026-12-01T00:00:01Z');
    expect(await one.poll()).toContain(`post ${post.id}`);
  });

  it('an answer that the month does not cover is not sent; an address makes it dearer', async () => {
    const one = drive({ monthly: 0.2, replies: 0.2 });
    const post = x.world.write('lina77', `${US} jalan rusak`);
    await answer(one, post, 'Sudah dijadwalkan.');
    const error = await failing(answer(one, post, 'Lihat https://kebumenkab.go.id/jalan'));
    expect(error).toMatchObject({ kind: 'throttled', code: 'quotaSpent', retryAfterMs: HOUR_MS });
    expect(error?.quotaUntil).toEqual(new Date('2026-12-01T00:00:00Z'));
    expect(x.world.landed).toHaveLength(1);
    now += 31 * DAY_MS;
    await answer(one, post, 'Lihat https://kebumenkab.go.id/jalan');
    expect(x.bill.charged.postWithUrl).toBe(0.2);
  });

  it('what X turned away is not charged for; what is in doubt is', async () => {
    const one = drive({ monthly: 50 });
    const post = x.world.write('lina77', `${US} jalan rusak`);
    const spent = () => (one.values.get('cost') as { replies: number }).replies;
    x.setFaults([{ do: 'refuse', on: '/tweets$', times: 1 }]);
    expect(await failing(answer(one, post))).toMatchObject({ kind: 'refused' });
    expect(spent()).toBe(0);
    x.setFaults([{ do: 'noId', on: '/tweets$', times: 1 }]);
    expect(await failing(answer(one, post))).toMatchObject({ kind: 'retry', nothingSent: false });
    expect(spent()).toBe(10_000);
  });

  it('when X itself says that the credit is spent, the same follows', async () => {
    const one = drive({ monthly: null });
    const post = x.world.write('lina77', `${US} jalan rusak`);
    await one.poll();
    x.bill.credit = 0;
    expect(await failing(answer(one, post))).toMatchObject({ kind: 'throttled', quotaUntil: expect.any(Date) });
  });

  it('the check says what is left', async () => {
    const one = drive({ monthly: 0.5, replies: 0.5 });
    const post = x.world.write('lina77', `${US} jalan rusak`);
    for (let n = 0; n < 46; n++) await answer(one, post, `Jawaban ${n}`);
    const { detail, warnings } = await twitter.probe!(one.ctx);
    expect(detail).toContain('US$0.03');
    expect(warnings).toEqual([expect.stringContaining('cukup untuk 3 jawaban')]);
  });
});
