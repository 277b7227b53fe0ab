import { type AnyAdapter, type ChannelContext, ChannelError, type Published, type Reply } from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import type { Broken } from './index.ts';

/** The webhook's adapter does neither: here it divides long texts, and tells a spent quota (402) from other refusals. */
const MOST = 4_000;
const DAY_MS = 86_400_000;
type Split = (text: string) => string[];

const genuine: Split = (text) => {
  if (text.length <= MOST) return [text];
  const space = text.lastIndexOf(' ', MOST);
  const end = space > MOST / 2 ? space : MOST;
  return [text.slice(0, end), ...genuine(text.slice(end).trimStart())];
};

type Tell = (ctx: ChannelContext<unknown>) => ChannelError;
const spent: Tell = (ctx) =>
  new ChannelError('throttled', 'the quota is spent', {
    retryAfterMs: 3_600_000,
    quotaUntil: new Date(ctx.now().getTime() + DAY_MS),
  });

/** Every way out of the webhook, with its own words for a spent quota. */
function telling(tell: Tell): AnyAdapter {
  const wrap =
    <T>(send: (what: T, ctx: ChannelContext<unknown>) => Promise<Published>) =>
    (what: T, ctx: ChannelContext<unknown>) =>
      send(what, ctx).catch((error: unknown) => {
        throw error instanceof ChannelError && error.code === '402' ? tell(ctx) : error;
      });
  const { publish, pushStatus, forward } = webhook;
  return {
    ...webhook,
    publish: { ...publish!, send: wrap(publish!.send), split: genuine },
    pushStatus: wrap(pushStatus!),
    forward: wrap(forward!),
  };
}

export const dividing = telling(spent);
const splitting = (split: Split): AnyAdapter => ({ ...dividing, publish: { ...dividing.publish!, split } });
const sending = (change: (reply: Reply) => Reply): AnyAdapter => ({
  ...dividing,
  publish: { ...dividing.publish!, send: (reply, ctx) => dividing.publish!.send(change(reply), ctx) },
});

let calls = 0;

export const brokenDividers: Broken = {
  'a long text is divided whole and in order, the same each time, and a short one not at all': [
    splitting((text) => genuine(text).slice(0, 2)),
    splitting((text) => genuine(text).toReversed()),
    splitting((text) => [text.slice(0, 5), text.slice(5)]),
    splitting((text) => (text.length > MOST ? [...genuine(text), ' '] : [text])),
    splitting((text) => (text.length > MOST ? [text.slice(0, 10 + calls++), text.slice(9 + calls)] : [text])),
  ],
  'the parts of an answer are published one after the other, each once': [
    sending((reply) => ({ ...reply, text: reply.part?.number === 2 ? 'Bagian 2' : reply.text })),
    sending((reply) => ({ ...reply, key: reply.key.split('/')[0]! })),
  ],
  'reconcile tells the parts of one answer apart': [
    {
      ...dividing,
      publish: { ...dividing.publish!, send: (reply, ctx) => dividing.publish!.send(firstKey(reply), ctx) },
      reconcile: (reply, ctx) => dividing.reconcile!(firstKey(reply), ctx),
    },
    { ...dividing, reconcile: async () => 'absent' },
  ],
  'a quota that is spent is throttled and says until when': [
    webhook,
    telling(() => new ChannelError('throttled', 'the quota is spent', { retryAfterMs: 1_000 })),
    telling((ctx) => {
      const quotaUntil = new Date(ctx.now().getTime() + 1_000);
      return new ChannelError('throttled', 'the quota is spent', { retryAfterMs: DAY_MS, quotaUntil });
    }),
  ],
};

const firstKey = (reply: Reply): Reply => ({ ...reply, key: reply.key.split('/')[0]! });
