import { type AnyAdapter, type ChannelContext, ChannelError, type Json, type Page, type SecretRef } from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import type { Broken } from './index.ts';

type Context = ChannelContext<{ baseUrl: string; token: SecretRef }>;
type GetPage = (cursor: Json, ctx: Context) => Promise<Page<Json>>;
const genuine = webhook.poll!.page as GetPage;
const polling = (page: GetPage): AnyAdapter => ({ ...webhook, poll: { ...webhook.poll!, page } });
const failing = (change: (error: ChannelError) => unknown): AnyAdapter =>
  polling((cursor, ctx) => genuine(cursor, ctx).catch((error: ChannelError) => Promise.reject(change(error))));

/** Keeps the position in memory: right until the process ends. */
function forgetful(): AnyAdapter {
  let position: Json = null;
  return polling(async (cursor, ctx) => {
    const page = await genuine(cursor === null ? null : position, ctx);
    position = page.next;
    return page;
  });
}

/** `at > last` instead of `at >= last`. */
const skipsTwins = polling(async (cursor, ctx) => {
  const [after = null, last = ''] = typeof cursor === 'string' ? cursor.split('|') : [];
  const page = await genuine(after, ctx);
  const atOf = (one: { raw: string | Uint8Array }): string => JSON.parse(String(one.raw)).at;
  const items = page.items.filter((one) => atOf(one) > last);
  const newest = items.map(atOf).sort().at(-1) ?? last;
  return { ...page, items, next: `${page.next}|${newest}` };
});

/** Its own way to HTTP, without the signal. */
const deaf = polling(async (_, ctx) => {
  const authorization = `Bearer ${await ctx.secret(ctx.settings.token)}`;
  await fetch(`${ctx.settings.baseUrl}/items`, { headers: { authorization } });
  return { items: [], next: '0', more: false };
});

const following = async (ref: Json, ctx: Context) => {
  const authorization = `Bearer ${await ctx.secret(ctx.settings.token)}`;
  const url = new URL(ctx.settings.baseUrl + String(ref)).href;
  return { bytes: (await ctx.http({ url, headers: { authorization } })).bytes };
};

let fetched = 0;

export const brokenReaders: Broken = {
  'poll gives everything, page after page, with the account of the channel': [
    polling(async (cursor, ctx) => ({ ...(await genuine(cursor, ctx)), more: false })),
    polling(async (cursor, ctx) => {
      const page = await genuine(cursor, ctx);
      return { ...page, items: page.items.map((one) => ({ ...one, account: 'lain' })) };
    }),
  ],
  'poll loses nothing when it is stopped after any page': [
    forgetful(),
    polling(async (cursor, ctx) => ({ ...(await genuine(cursor, ctx)), next: new Date() as unknown as Json })),
  ],
  'poll finds what comes later with a timestamp it has already seen': [skipsTwins],
  'poll names an event the same each time': [
    polling(async (cursor, ctx) => {
      const page = await genuine(cursor, ctx);
      return { ...page, items: page.items.map((one) => ({ ...one, key: `${fetched++}` })) };
    }),
    polling(async (cursor, ctx) => {
      const page = await genuine(cursor, ctx);
      return { ...page, items: page.items.map((one) => ({ ...one, key: 'same' })) };
    }),
  ],
  'poll says by the settings alone that there is nothing to poll, and not of a channel that is polled': [
    { ...webhook, poll: { ...webhook.poll!, idle: () => true } },
    { ...webhook, poll: { ...webhook.poll!, idle: () => Date.now() < 0 } },
  ],
  'reading tells retry, auth and throttled (in milliseconds) apart': [
    failing((error) => new ChannelError('retry', error.message)),
    failing((error) =>
      error.kind === 'throttled' ? new ChannelError('throttled', 'wait', { retryAfterMs: 7 }) : error,
    ),
    failing((error) => new Error(error.message)),
  ],
  'poll takes a malformed 200 for retry, never for an empty page': [
    polling((cursor, ctx) => genuine(cursor, ctx).catch(() => ({ items: [], next: '0', more: false }))),
    failing(() => new TypeError('Cannot read properties of undefined')),
  ],
  'reading ends when the signal aborts': [deaf],
  'probe changes nothing at the platform and says what it found': [
    { ...webhook, probe: async (ctx) => ({ detail: (await webhook.pushStatus!(PROBE, ctx)).publishedId }) },
    { ...webhook, probe: async () => ({ detail: 'tentu' }) },
    { ...webhook, probe: async (ctx) => ({ ...(await webhook.probe!(ctx)), detail: '' }) },
  ],
  'media gives the bytes as they are, and refused/gone for what is no longer there': [
    {
      ...webhook,
      media: async (ref, ctx) => ({
        bytes: Buffer.from(Buffer.from((await webhook.media!(ref, ctx)).bytes).toString()),
      }),
    },
    { ...webhook, media: following },
  ],
  'media follows no reference to another place': [{ ...webhook, media: following }],
  'watch wakes when something comes, ends with the signal and passes on what fails': [
    { ...webhook, watch: (ctx) => webhook.watch!(ctx, () => {}) },
    { ...webhook, watch: (ctx, wake) => webhook.watch!({ ...ctx, signal: new AbortController().signal }, wake) },
    { ...webhook, watch: (ctx, wake) => webhook.watch!(ctx, wake).catch(() => {}) },
  ],
};

const PROBE = {
  key: 'probe', attempt: 1, state: 'received', label: 'Diterima', at: new Date(0),
  target: { objectId: 'probe', threadId: 'probe', surface: 'report' as const },
  firstAttemptAt: new Date(0),
}; // biome-ignore format: one glance
