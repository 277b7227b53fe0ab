import { describe, expect, it } from 'vitest';
import type { ChannelContext, ChannelError, HttpRequest, HttpResponse, Json } from '#contract';
import youtube from '../../../adapters/youtube/index.ts';
import { quotaDay, untilReset } from '../../../adapters/youtube/quota.ts';
import { kitTokens } from '../../kit/context.ts';
import { youtubeHarness } from '../youtube.harness.ts';
import { ACCESS, CHANNEL } from '../youtube.platform.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

it('a day begins at midnight in California, in winter and in summer', () => {
  expect(quotaDay(new Date('2026-11-24T07:59:59Z'))).toEqual({ day: '2026-11-23', overMs: 24 * HOUR_MS - 1_000 });
  expect(quotaDay(new Date('2026-11-24T08:00:00Z'))).toEqual({ day: '2026-11-24', overMs: 0 });
  expect(quotaDay(new Date('2026-07-01T07:00:00Z'))).toEqual({ day: '2026-07-01', overMs: 0 });
  expect(untilReset(new Date('2026-11-24T05:00:00Z'))).toBe(3 * HOUR_MS);
});

/** YouTube counts units for each of its days and refuses what is over; the clock is moved by the test. */
function year(about: { settings?: object; threads?: number } = {}) {
  let now = new Date('2026-11-01T09:00:00Z');
  const used = new Map<string, number>();
  const refused: string[] = [];
  const values = new Map<string, Json>();
  const http = async ({ url, method }: HttpRequest): Promise<HttpResponse> => {
    const { pathname } = new URL(url);
    if (pathname === '/token') return answer({ access_token: ACCESS, expires_in: 3_599, scope: '' });
    const { day } = quotaDay(now);
    const units = (used.get(day) ?? 0) + (method === 'POST' ? 50 : 1);
    if (units > 10_000) {
      refused.push(day);
      return answer({ error: { errors: [{ reason: 'quotaExceeded' }] } }, 403);
    }
    used.set(day, units);
    if (method === 'POST') return answer({ id: `UgxA.${used.size}-${units}` });
    return answer({ items: threadsAt(now, about.threads ?? 60) });
  };
  const ctx: ChannelContext<unknown> = {
    channel: { id: 'yt', account: CHANNEL },
    settings: youtube.settings.parse({ ...youtubeHarness.settings('http://127.0.0.1:9'), ...about.settings }),
    ...{ secret: async () => 'x', now: () => now, signal: new AbortController().signal, http, tokens: kitTokens },
    store: {
      get: async (key) => values.get(key),
      async update(key, change) {
        const next = await change(values.get(key));
        values.set(key, next);
        return next;
      },
    },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  };
  const forward = (ms: number) => {
    now = new Date(now.getTime() + ms);
  };
  return { ctx, used, refused, forward, now: () => now };
}

function answer(body: Json, status = 200): HttpResponse {
  const text = JSON.stringify(body);
  return { status, headers: {}, bytes: Buffer.from(text), text: () => text, json: () => body };
}

const threadsAt = (now: Date, count: number): Json[] =>
  Array.from({ length: count }, (_, n) => {
    const at = new Date(now.getTime() - n * HOUR_MS).toISOString();
    const id = `Ugx${at.slice(0, 13)}`;
    const topLevelComment = { id, snippet: { textDisplay: 'a', publishedAt: at, updatedAt: at } };
    return { id, snippet: { totalReplyCount: 0, topLevelComment } };
  });

const send = ({ ctx, now }: ReturnType<typeof year>, key: string) =>
  youtube.publish!.send(
    {
      ...{ key, attempt: 1, kind: 'answer', text: `Jawaban ${key}`, files: [], firstAttemptAt: now() },
      target: { objectId: 'UgxA', threadId: 'UgxA', surface: 'comment' },
    },
    ctx,
  );

async function pollOnce({ ctx }: ReturnType<typeof year>, at: Json): Promise<Json> {
  for (let next = at; ; ) {
    const page = await youtube.poll!.page(next, ctx);
    next = page.next as Json;
    if (!page.more) return next;
  }
}

describe('the quota of a day', () => {
  it('a month of polling and 100 replies a day stay within it', async () => {
    const world = year();
    let at: Json = null;
    for (let hour = 0; hour < 30 * 24; hour++) {
      for (let minute = 0; minute < 60; minute += 10) {
        at = await pollOnce(world, at);
        world.forward(10 * MINUTE_MS);
      }
      // Citizens are answered in the office's hours: ten hours, ten replies each.
      if (hour % 24 < 10) for (let n = 0; n < 10; n++) await send(world, `${hour}-${n}`);
    }
    expect(world.refused).toEqual([]);
    expect(world.used.size).toBeGreaterThanOrEqual(30);
    expect(Math.max(...world.used.values())).toBeLessThanOrEqual(10_000);
  }, 60_000);

  it('polling stops where the part of replies begins, and goes on evenly over the day', async () => {
    const world = year({ settings: { dailyUnits: 1_000, replyUnits: 900 } });
    let at: Json = null;
    for (let n = 0; n < 12; n++) {
      at = await pollOnce(world, at);
      world.forward(10 * MINUTE_MS);
    }
    const early = [...world.used.values()][0] ?? 0;
    expect(early).toBeGreaterThan(0);
    // Three of 24 hours and one ahead.
    expect(early).toBeLessThanOrEqual(17);
  });

  it('polling that has used up its part of the day says so, until midnight in California', async () => {
    const world = year({ settings: { dailyUnits: 1_000, replyUnits: 1_000 } });
    const error = (await pollOnce(world, null).catch((one: unknown) => one)) as ChannelError;
    expect(error).toMatchObject({ kind: 'throttled', code: 'quotaSpent' });
    world.forward(error.retryAfterMs ?? 0);
    expect(error.quotaUntil).toEqual(world.ctx.now());
  });

  it('a reply that the day does not cover waits until midnight in California, and says so', async () => {
    const world = year({ settings: { dailyUnits: 120 } });
    await send(world, 'a');
    await send(world, 'b');
    await expect(send(world, 'c')).rejects.toMatchObject({ kind: 'throttled', code: 'quotaSpent' });
    const error = (await send(world, 'c').catch((one: unknown) => one)) as ChannelError;
    world.forward(error.retryAfterMs ?? 0);
    expect(error.quotaUntil).toEqual(world.ctx.now());
    await expect(send(world, 'c')).resolves.toHaveProperty('publishedId');
  });

  it('when YouTube itself says that it is spent, the same follows', async () => {
    const world = year({ settings: { dailyUnits: 1_000_000 } });
    for (let n = 0; n < 200; n++) await send(world, String(n));
    await expect(send(world, 'over')).rejects.toMatchObject({ kind: 'throttled', code: 'quotaSpent' });
  });

  it('the check says how many replies are left', async () => {
    const world = year({ settings: { dailyUnits: 300 } });
    const health = await youtube.probe!(world.ctx);
    expect(health.detail).toContain('cukup untuk 5 balasan');
    expect(health.warnings?.join()).toContain('hanya cukup untuk 5 balasan');
  });
});
