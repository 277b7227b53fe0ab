import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Delivery, EndpointContext, HandshakeAnswer, Verdict } from '#contract';
import { unpack } from './items.ts';
import { type EndpointSettings, endpointSettings } from './settings.ts';

export const receive = { settings: endpointSettings, verify, handshake, unpack };

/** One signature of the Standard Webhooks specification: `v1,` and the HMAC-SHA256 of `id.timestamp.body`, in base64. */
export function signature(secret: string, id: string, timestamp: string, body: Uint8Array): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  // Text that is not base64 decodes to few bytes or none, and anyone can sign with an empty key.
  if (key.length < 24) throw new Error('A signing secret is too short: write whsec_ and at least 24 bytes in base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

const refuse = (reason: string): Verdict => ({ ok: false, reason });

async function verify({ headers, body }: Delivery, ctx: EndpointContext<EndpointSettings>): Promise<Verdict> {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp = '', 'webhook-signature': given } = headers;
  if (!id || !given || !/^\d{1,12}$/.test(timestamp)) return refuse('a webhook-* header is missing or malformed');
  const apart = Math.abs(ctx.now().getTime() - Number(timestamp) * 1_000);
  if (apart > ctx.settings.tolerance) return refuse('webhook-timestamp is too far from our clock');
  const offered = given.split(' ').map((one) => Buffer.from(one));
  for (const ref of ctx.settings.secrets) {
    const expected = Buffer.from(signature(await ctx.secret(ref), id, timestamp, body));
    if (offered.some((one) => one.length === expected.length && timingSafeEqual(one, expected))) return { ok: true };
  }
  return refuse('no signature matches');
}

/** `?challenge=...` without a body: an application that checks our address before it sends. */
async function handshake({ query: { challenge }, body }: Delivery): Promise<HandshakeAnswer | null> {
  if (!challenge || body.length > 0 || !/^[\w-]{1,200}$/.test(challenge)) return null;
  return { status: 200, contentType: 'text/plain; charset=utf-8', body: challenge };
}
