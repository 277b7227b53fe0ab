import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import {
  type Delivery,
  type EndpointContext,
  type HandshakeAnswer,
  secret,
  type Unpacked,
  type Verdict,
} from '#contract';

/** An endpoint in `hub.yaml`. */
export const endpointSettings = z.strictObject({
  secrets: z.array(secret()).min(1).max(3).meta({
    description: 'API key secrets (consumer secrets) of the app; the first answers X, several while one is replaced',
  }),
});
type EndpointSettings = z.infer<typeof endpointSettings>;

/** HMAC-SHA256, base64, as `sha256=...` (X API, "Webhooks": security). */
export const signature = (key: string, bytes: Uint8Array | string): string =>
  `sha256=${createHmac('sha256', key).update(bytes).digest('base64')}`;

const refuse = (reason: string): Verdict => ({ ok: false, reason });

/** On the bytes as they came. */
async function verify({ headers, body }: Delivery, ctx: EndpointContext<EndpointSettings>): Promise<Verdict> {
  const given = headers['x-twitter-webhooks-signature'] ?? '';
  if (!/^sha256=[\w+/]{43}=$/.test(given)) return refuse('x-twitter-webhooks-signature is missing or malformed');
  const offered = Buffer.from(given);
  for (const ref of ctx.settings.secrets) {
    if (timingSafeEqual(offered, Buffer.from(signature(await ctx.secret(ref), body)))) return { ok: true };
  }
  return refuse('the signature fits none of the secrets; compare them with the API key secret of the app');
}

/** The challenge-response check (CRC): X asks when the webhook is made, and again and again. A wrong answer ends it. */
async function handshake(
  { query, body }: Delivery,
  ctx: EndpointContext<EndpointSettings>,
): Promise<HandshakeAnswer | null> {
  const { crc_token } = query;
  const [ref] = ctx.settings.secrets;
  if (body.length > 0 || !crc_token || !ref) return null;
  const response_token = signature(await ctx.secret(ref), crc_token);
  return { status: 200, contentType: 'application/json', body: JSON.stringify({ response_token }) };
}

/**
 * Whatever X Activity tells of is read by polling, with everything that belongs to it. So is the news that consent was taken
 * back (`oauth.revoke`): the poll then finds the credentials dead, and people are told.
 */
const unpack = (): Unpacked => 'wake';

export const receive = { settings: endpointSettings, verify, handshake, unpack };
