import { readFileSync } from 'node:fs';
import {
  type AnyAdapter,
  type ChannelContext,
  ChannelError,
  type Finding,
  type Reply,
  type SecretRef,
} from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import { complete } from './extract.ts';
import type { Broken } from './index.ts';

type Context = ChannelContext<{ baseUrl: string; token: SecretRef }>;
type Reconcile = (reply: Reply, ctx: Context) => Promise<Finding>;
type Entry = { id: string; key: string | null; text: string };
const genuine = webhook.reconcile as Reconcile;
const settling = (reconcile: Reconcile): AnyAdapter => ({ ...webhook, reconcile });

async function listAll(ctx: Context): Promise<Entry[]> {
  const headers = { authorization: `Bearer ${await ctx.secret(ctx.settings.token)}` };
  const response = await ctx.http({ url: `${ctx.settings.baseUrl}/replies`, headers });
  return (response.json() as unknown as { items: Entry[] }).items;
}

const among = (entries: Entry[], is: (entry: Entry) => boolean): Finding => {
  const found = entries.find(is);
  return found ? { found: { publishedId: found.id } } : 'absent';
};

let named = 0;

export const brokenSettlers: Broken = {
  'reconcile finds what landed though the connection broke': [
    settling(async () => 'absent'),
    settling(async ({ key }) => ({ found: { publishedId: key } })),
  ],
  'reconcile says absent when nothing landed': [settling(async () => 'unknown')],
  'reconcile is not fooled by a near-identical text of someone else': [
    settling(async ({ text }, ctx) => among(await listAll(ctx), (entry) => entry.text.trim() === text.trim())),
  ],
  'reconcile never says absent of a reply that stands among many others': [
    settling(async ({ key }, ctx) => among((await listAll(ctx)).slice(-50), (entry) => entry.key === key)),
  ],
  'reconcile says unknown when the look-up fails': [
    settling((reply, ctx) => genuine(reply, ctx).then((finding) => (finding === 'unknown' ? 'absent' : finding))),
    settling((reply, ctx) => genuine(reply, ctx).catch(() => 'absent' as const)),
  ],
  'reconcile ends when the signal aborts, and never with absent': [
    settling((reply, ctx) => genuine(reply, ctx).catch(() => 'absent' as const)),
    settling(async (_, ctx) => {
      const headers = { authorization: `Bearer ${await ctx.secret(ctx.settings.token)}` };
      await fetch(`${ctx.settings.baseUrl}/replies`, { headers });
      return 'unknown';
    }),
  ],
  'examine finds nothing wrong in right settings, and asks nobody': [
    { ...complete, examine: async () => [{ path: ['token'], message: 'salah' }] },
    {
      ...complete,
      examine: async () => {
        readFileSync('package.json');
        return [];
      },
    },
  ],
  'statusCode names a state the same each time, and in words, or not at all': [
    { ...complete, statusCode: () => '' },
    { ...complete, statusCode: (state) => `${state}-${named++}` },
  ],
  'findStatus and findForwarded find what landed, say absent of what did not, and unknown when the look-up fails': [
    { ...complete, findStatus: async () => 'absent' },
    { ...complete, findForwarded: async ({ key }) => ({ found: { publishedId: key } }) },
    {
      ...complete,
      findForwarded: (report, ctx) => complete.findForwarded!(report, ctx).catch(() => 'absent' as const),
    },
    {
      ...complete,
      findStatus: async (change, ctx) => {
        const finding = await complete.findStatus!(change, ctx);
        return finding === 'unknown' ? 'absent' : finding;
      },
    },
  ],
  'no secret stands in any log or error, whatever fails': [
    telling(async (ctx) => ctx.log.info({ token: await ctx.secret(ctx.settings.token) }, 'probing')),
    telling(async (ctx) => {
      const authorization = `Bearer ${await ctx.secret(ctx.settings.token)}`;
      const answer = await ctx.http({ url: `${ctx.settings.baseUrl}/health`, headers: { authorization } });
      if (answer.status >= 400) throw new ChannelError('retry', 'it failed', { cause: { answer: answer.text() } });
    }),
  ],
  "no one's words stand in any log or error": [
    settling(async (reply, ctx) => {
      ctx.log.info({ reply: reply.text }, 'looking up');
      return genuine(reply, ctx);
    }),
    { ...webhook, normalise: (raw) => JSON.parse(String(raw)) },
  ],
  'no timer and no connection is left open': [
    telling(async () => void setInterval(() => {}, 60_000).unref()),
    telling(async (ctx) => {
      const headers = { authorization: `Bearer ${await ctx.secret(ctx.settings.token)}` };
      void ctx.http({ url: `${ctx.settings.baseUrl}/changes?after=0`, headers }).catch(() => {});
    }),
  ],
};

function telling(first: (ctx: Context) => Promise<void>): AnyAdapter {
  return {
    ...webhook,
    probe: async (ctx) => {
      await first(ctx);
      return webhook.probe!(ctx);
    },
  };
}
