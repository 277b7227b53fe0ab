import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Delivery, EndpointContext, HandshakeAnswer, Verdict } from '#contract';
import { erasure } from './erasure.ts';
import { type EndpointSettings, endpointSettings } from './settings.ts';
import { unpack } from './unpack.ts';

/**
 * The way in of every channel of Meta: one address for each app, whatever it delivers. `facebook`, `instagram` and
 * `whatsapp` have this same object.
 */
export const receive = {
  settings: endpointSettings,
  verify,
  handshake,
  unpack,
  erasure,
  serves: ['facebook', 'instagram', 'whatsapp'],
};

/** `X-Hub-Signature-256` for these bytes (Meta, "Webhooks: getting started", validating payloads). */
export const signature = (secret: string, body: Uint8Array): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

const refuse = (reason: string): Verdict => ({ ok: false, reason });

/** On the bytes as they came: Meta writes `\u0645` and `\/`, which no parser gives back. */
async function verify({ headers, body }: Delivery, ctx: EndpointContext<EndpointSettings>): Promise<Verdict> {
  const given = headers['x-hub-signature-256'] ?? '';
  if (!/^sha256=[0-9a-f]{64}$/.test(given)) return refuse('X-Hub-Signature-256 is missing or malformed');
  const offered = Buffer.from(given);
  for (const ref of ctx.settings.secrets) {
    if (timingSafeEqual(offered, Buffer.from(signature(await ctx.secret(ref), body)))) return { ok: true };
  }
  return refuse('the signature fits none of the secrets; compare them with the app secret');
}

/** Comes when somebody saves the address in the app's dashboard, at any time. The challenge goes back as it came. */
async function handshake({ query, body }: Delivery, ctx: EndpointContext<EndpointSettings>) {
  const { 'hub.mode': mode, 'hub.verify_token': token = '', 'hub.challenge': challenge } = query;
  if (body.length > 0 || mode !== 'subscribe' || challenge === undefined) return null;
  const known = sameText(token, await ctx.secret(ctx.settings.verifyToken));
  return known ? answer(200, challenge) : answer(403, 'the verify token is not ours');
}

const answer = (status: number, body: string): HandshakeAnswer => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
});

/** Compares digests, so that neither content nor length shows in the time it takes. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHmac('sha256', 'verify-token').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
