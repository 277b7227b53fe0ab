import { z } from 'zod';
import { ChannelError, defineAdapter, httpError, type RawItem, secret } from '#contract';
import type { Harness, KitEvent } from './harness.ts';

/*
 * A platform as unlike the webhook's as can be: it can only be polled, by the time of the last thing seen; it says its
 * troubles with 400 and a code; it has no edits. The kit must fit it too.
 */
const comment = z.object({ id: z.string(), time: z.iso.datetime(), words: z.string() });
const cursor = z.strictObject({ since: z.string(), skip: z.int() });
const PAGE = 7;

export const minimal = defineAdapter({
  name: 'minimal',
  settings: z.strictObject({ apiBase: z.url(), key: secret() }),
  normalise(raw) {
    const { id, time, words } = read(typeof raw === 'string' ? raw : Buffer.from(raw).toString());
    return { type: 'message', objectId: id, threadId: id, at: time, surface: 'review', text: words };
  },
  poll: {
    cursor,
    every: '1h',
    async page(after, ctx) {
      const { since, skip } = after ?? { since: '', skip: 0 };
      const headers = { 'x-key': await ctx.secret(ctx.settings.key) };
      const response = await ctx.http({ url: `${ctx.settings.apiBase}/comments`, query: { since, skip }, headers });
      const failure = troubleOf(response.status, response.text()) ?? httpError(response, ctx.now(), 'Reading comments');
      if (failure) throw failure;
      const read = z.array(comment).safeParse(response.json());
      if (!read.success) throw new ChannelError('retry', 'Reading comments: the answer is not a list');
      const last = read.data.at(-1)?.time ?? since;
      // Only what shares the last timestamp is skipped, so that a later twin is found.
      const twins = read.data.filter((one) => one.time === last).length + (last === since ? skip : 0);
      const items = read.data.map((one) => rawOf(one, ctx.channel.account));
      return { items, next: { since: last, skip: twins }, more: read.data.length === PAGE };
    },
  },
});

function read(text: string): z.infer<typeof comment> {
  try {
    return comment.parse(JSON.parse(text));
  } catch {
    throw new Error('This is no comment');
  }
}

const rawOf = (one: z.infer<typeof comment>, account: string): RawItem => ({
  account,
  key: `${one.id}@${one.time}`,
  raw: JSON.stringify(one),
});

function troubleOf(status: number, text: string): ChannelError | null {
  if (status !== 400) return null;
  if (text.includes('"code":190')) return new ChannelError('auth', 'The key is no longer valid; make a new one');
  if (text.includes('"code":32')) return new ChannelError('throttled', 'Too many requests', { retryAfterMs: 7_000 });
  return null;
}

const commentOf = ({ objectId, at, text }: KitEvent) => ({ id: objectId, time: at.toISOString(), words: text });

export const minimalHarness: Harness = {
  account: 'tempat-1',
  secrets: { KIT_KEY: 'minimal-key-93ab1f' },
  settings: (origin) => ({ apiBase: origin, key: '${KIT_KEY}' }),
  verbs: ['create'],
  raw: (one) => JSON.stringify(commentOf(one)),
  platform: (state) => (request) => {
    if (request.headers['x-key'] !== 'minimal-key-93ab1f') return { status: 400, body: { code: 190 } };
    const since = request.query.get('since') ?? '';
    const newer = state.events.map(commentOf).filter((one) => one.time >= since);
    const skip = Number(request.query.get('skip'));
    return { status: 200, body: newer.slice(skip, skip + PAGE) };
  },
  publishes: () => false,
  pageSize: PAGE,
  answers: { auth: { status: 400, body: { code: 190 } }, throttled: { status: 400, body: { code: 32 } } },
};
