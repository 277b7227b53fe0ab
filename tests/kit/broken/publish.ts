import {
  type AnyAdapter,
  type ChannelContext,
  ChannelError,
  type Published,
  type Reply,
  type SecretRef,
  type Surface,
} from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import type { Broken } from './index.ts';

type Context = ChannelContext<{ baseUrl: string; token: SecretRef }>;
type Send = (reply: Reply, ctx: Context) => Promise<Published>;
const genuine = webhook.publish!.send as Send;
const sending = (send: Send): AnyAdapter => ({ ...webhook, publish: { ...webhook.publish!, send } });
const failing = (change: (error: ChannelError) => unknown): AnyAdapter =>
  sending((reply, ctx) => genuine(reply, ctx).catch((error: ChannelError) => Promise.reject(change(error))));
const with_ = (change: (reply: Reply) => Partial<Reply>): AnyAdapter =>
  sending((reply, ctx) => genuine({ ...reply, ...change(reply) }, ctx));

const twice: Send = async (reply, ctx) => {
  await genuine({ ...reply, key: `${reply.key}-first` }, ctx);
  return genuine(reply, ctx);
};
const again: Send = (reply, ctx) => genuine(reply, ctx).catch(() => genuine(reply, ctx));
const hopeful: Send = (reply, ctx) => genuine(reply, ctx).catch(() => ({ publishedId: reply.key }));

/** Its own way to HTTP, without the signal. */
const deaf: Send = async (reply, ctx) => {
  const authorization = `Bearer ${await ctx.secret(ctx.settings.token)}`;
  const body = JSON.stringify({ key: reply.key, text: reply.text, files: [] });
  await fetch(`${ctx.settings.baseUrl}/replies`, { method: 'POST', headers: { authorization }, body });
  return { publishedId: reply.key };
};

const certain = (error: ChannelError) => new ChannelError(error.kind, error.message, { nothingSent: true });

let sends = 0;

export const brokenPublishers: Broken = {
  'publishing makes exactly one publishing request and gives the id that stands there': [
    sending(twice),
    sending(async (reply, ctx) => ({ ...(await genuine(reply, ctx)), publishedId: reply.key })),
    { ...webhook, forward: (report) => Promise.resolve({ publishedId: report.key }) },
  ],
  'send publishes the whole text and all files, on every surface it names': [
    with_(({ text }) => ({ text: text.slice(0, 10) })),
    with_(() => ({ files: [] })),
    sending((reply, ctx) => {
      if (reply.target.surface === 'letter') throw new ChannelError('refused', 'no letters', { reason: 'unsupported' });
      return genuine(reply, ctx);
    }),
  ],
  'send takes the longest text and refuses a longer one before any request': [
    with_(({ text }) => ({ text: text.slice(0, webhook.publish!.maxChars) })),
    { ...webhook, publish: { ...webhook.publish!, maxChars: webhook.publish!.maxChars + 1 } },
    {
      ...webhook,
      publish: {
        ...webhook.publish!,
        rules: (surface: Surface) => (surface === 'mail' ? { maxChars: webhook.publish!.maxChars + 1 } : {}),
      },
    },
  ],
  'a private reply goes out in private, once': [
    { ...webhook, publish: { ...webhook.publish!, privately: { maxChars: 100, surfaces: ['comment'] } } },
  ],
  'a connection that breaks while publishing is in doubt: never refused, never nothingSent, never tried again': [
    sending(again),
    failing((error) => new ChannelError('refused', error.message)),
    failing(certain),
  ],
  'a platform that cannot be reached is retry with nothingSent': [
    failing((error) => new ChannelError('retry', error.message)),
    failing((error) => new ChannelError('refused', error.message)),
  ],
  'a 2xx without the id that proves it is in doubt, not a success': [sending(hopeful), failing(certain)],
  'a 5xx after publishing is in doubt': [failing(certain)],
  'publishing tells throttled (in milliseconds), auth and refused apart': [
    failing((error) => new ChannelError('retry', error.message)),
    failing((error) =>
      error.kind === 'throttled' ? new ChannelError('throttled', 'wait', { retryAfterMs: 7 }) : error,
    ),
  ],
  'with native idempotency the key travels, and a second send of it publishes nothing new': [
    with_(({ key }) => ({ key: `${key}-${sends++}` })),
  ],
  'publishing ends when the signal aborts, in doubt': [sending(deaf)],
  'nothing that publishes leaves after the deadline': [
    sending(deaf),
    failing((error) => new ChannelError('retry', error.message)),
  ],
};
