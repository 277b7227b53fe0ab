import { isUtf8 } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type AnyAdapter, type Delivery, type EndpointContext, type RawItem, type Receive, secret } from '#contract';
import webhook from '../../../adapters/webhook/index.ts';
import type { Broken } from './index.ts';

const genuine = webhook.receive as Receive<unknown>;
const receiving = (changed: Partial<Receive<unknown>>): AnyAdapter => ({
  ...webhook,
  receive: { ...genuine, ...changed },
});
const unpacking = (change: (items: RawItem[]) => RawItem[]): AnyAdapter =>
  receiving({ unpack: (delivery) => change(genuine.unpack(delivery) as RawItem[]) });

const lax = {
  baseUrl: z.string(),
  signingSecret: secret(),
  callbackUrl: z.string().optional(),
  idempotency: z.string().optional(),
};

/** What an HMAC check looks like when it forgets that lengths may differ. */
async function careless({ headers, body }: Delivery, ctx: EndpointContext<unknown>) {
  const [ref] = (ctx.settings as { secrets: Parameters<typeof ctx.secret>[0][] }).secrets;
  const key = Buffer.from((await ctx.secret(ref!)).slice(6), 'base64');
  const mac = createHmac('sha256', key)
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`)
    .update(body);
  const given = Buffer.from(headers['webhook-signature'] ?? '');
  return timingSafeEqual(given, Buffer.from(`v1,${mac.digest('base64')}`)) ? OK : NO;
}
const OK = { ok: true } as const;
const NO = { ok: false, reason: 'no' } as const;

const onText = ({ body, ...delivery }: Delivery): Delivery => ({
  ...delivery,
  body: Buffer.from(JSON.stringify(JSON.parse(Buffer.from(body).toString()))),
});

const timeOf = ({ headers }: Delivery): Date => new Date(Number(headers['webhook-timestamp']) * 1_000);

export const brokenReceivers: Broken = {
  'settings accept what is right and refuse an unknown key': [
    { ...webhook, settings: z.object({ ...lax, token: secret() }) },
    receiving({ settings: z.object({ secrets: z.array(secret()) }) }),
  ],
  'a secret in the settings is a reference, never a value': [
    { ...webhook, settings: z.strictObject({ ...lax, token: z.string() }) },
    receiving({ settings: z.strictObject({ secrets: z.array(z.string()) }) }),
  ],
  'the name, the limits and the durations can be read': [
    { ...webhook, name: 'Web Hook' },
    { ...webhook, poll: { ...webhook.poll!, every: '10 minutes' } },
    { ...webhook, publish: { ...webhook.publish!, settleAfter: 'soon' } },
    { ...webhook, publish: { ...webhook.publish!, settleAfter: () => 'soon' } },
    { ...webhook, publish: { ...webhook.publish!, sendTimeout: 'long' } },
    { ...webhook, publish: { ...webhook.publish!, surfaces: ['message'], window: { comment: '7d' } } },
    { ...webhook, publish: { ...webhook.publish!, maxChars: 0 } },
  ],
  'verify accepts a genuine delivery, also one that is not UTF-8': [
    receiving({ verify: async () => NO }),
    receiving({ verify: async (delivery, ctx) => (isUtf8(delivery.body) ? genuine.verify(delivery, ctx) : NO) }),
  ],
  'verify refuses a delivery with one changed byte': [
    receiving({ verify: async ({ headers }) => (headers['webhook-signature'] ? OK : NO) }),
  ],
  'verify works on bytes: 0xff changed to 0xfe is refused': [
    receiving({ verify: async (delivery, ctx) => (isUtf8(delivery.body) ? genuine.verify(delivery, ctx) : OK) }),
  ],
  'verify refuses a missing, short or senseless signature without throwing': [receiving({ verify: careless })],
  'verify refuses the same JSON written another way': [
    receiving({ verify: (delivery, ctx) => genuine.verify(onText(delivery), ctx) }),
  ],
  'verify refuses a signature of yesterday, or takes it for a mere wake-up': [
    receiving({ verify: (delivery, ctx) => genuine.verify(delivery, { ...ctx, now: () => timeOf(delivery) }) }),
    receiving({ verify: async () => ({ ok: true, stale: true }) }),
  ],
  'unpack gives every event of a batch, each with its account, and the same each time': [
    unpacking((items) => items.slice(0, 1)),
    unpacking((items) => items.map((one) => ({ ...one, account: items[0]!.account }))),
    unpacking((items) => items.map((one, number) => ({ ...one, key: `${number}` }))),
  ],
  'unpack gives creation, edit and deletion of one object keys of their own': [
    unpacking((items) => items.map((one) => ({ ...one, key: JSON.parse(String(one.raw)).objectId }))),
  ],
  'one unreadable member of a batch of 1,000 spoils no other': [
    unpacking((items) => items.filter((one) => JSON.parse(String(one.raw)).objectId)),
    unpacking((items) => (items.every((one) => JSON.parse(String(one.raw)).objectId) ? items : [])),
  ],
  'unpack gives items only to adapters that the endpoint serves': [
    unpacking((items) => items.map((one) => ({ ...one, adapter: 'lain' }))),
    receiving({
      serves: ['lain'],
      unpack: (delivery) => (genuine.unpack(delivery) as RawItem[]).map((one) => ({ ...one, adapter: 'lain' })),
    }),
  ],
  'erasure knows a genuine request for deletion, and no changed one': [
    receiving({ erasure: async () => ({ person: 'kit-person' }) }),
    receiving({ erasure: async () => null }),
  ],
  'unpack knows a delivery that only says that something changed': [
    receiving({ unpack: (delivery) => (genuine.unpack(delivery) === 'wake' ? [] : genuine.unpack(delivery)) }),
  ],
  'handshake answers the platform and leaves deliveries alone': [
    receiving({ handshake: async () => ({ status: 200, contentType: 'text/plain', body: 'kit-123' }) }),
    receiving({ handshake: async () => null }),
  ],
};
