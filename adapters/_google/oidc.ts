import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { ChannelError, type Delivery, type EndpointContext, type Verdict } from '#contract';
import { fieldsOf, listOf, textOf } from '../_meta/json.ts';

/** What the token of a push subscription must say. */
export interface PushSettings {
  audience: string;
  email: string;
  issuers: string[];
  certsUrl: string;
}

const SKEW_MS = 5 * 60_000;
const KEEP_MS = 60 * 60_000;
/** How soon the keys are asked for again when a token names one that is not among them. */
const ASK_AGAIN_MS = 60_000;

interface Keys {
  byId: ReadonlyMap<string, KeyObject>;
  /** Epoch milliseconds. */
  at: number;
  until: number;
}

/**
 * Google's public keys, for each endpoint, as long as Google says they may be kept. No state of a channel: without them
 * every delivery, also a forged one, would make a request of its own.
 */
const known = new WeakMap<PushSettings, Keys>();

const refuse = (reason: string): Verdict => ({ ok: false, reason });

/**
 * The OIDC token of a push delivery (Google Cloud, "Authenticate push subscriptions"): RS256, by Google, for us, from
 * our service account, still good. It says who delivers; it does not cover the body.
 */
export async function verifyPush({ headers }: Delivery, ctx: EndpointContext<PushSettings>): Promise<Verdict> {
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(headers.authorization ?? '');
  if (!token) return refuse('the header authorization holds no token');
  const [, head = '', claims = '', mark = ''] = token;
  const { alg, kid } = fieldsOf(decoded(head));
  if (alg !== 'RS256' || typeof kid !== 'string') return refuse('the token is not signed with RS256 and a named key');
  const fault = claimFault(fieldsOf(decoded(claims)), ctx.settings, ctx.now());
  // What is refused anyway costs no request for keys.
  if (fault) return refuse(fault);
  const key = await keyNamed(kid, ctx);
  if (!key) return refuse('the token is signed with a key that Google does not name');
  const genuine = verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), key, Buffer.from(mark, 'base64url'));
  return genuine && isCanonical(mark) ? { ok: true } : refuse('the signature of the token does not fit');
}

/** The last figure of base64 has bits that mean nothing: only one way to write them is taken. */
const isCanonical = (text: string): boolean => Buffer.from(text, 'base64url').toString('base64url') === text;

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** What is wrong with the claims; `null`: nothing. Pure. */
export function claimFault(claims: ReturnType<typeof fieldsOf>, wanted: PushSettings, now: Date): string | null {
  const at = now.getTime();
  if (!wanted.issuers.includes(String(claims.iss))) return 'the token was not issued by Google (iss)';
  if (claims.aud !== wanted.audience)
    return 'the token is for another audience (aud); compare it with the subscription';
  if (claims.email !== wanted.email || claims.email_verified !== true)
    return 'the token is of another service account (email); compare it with the subscription';
  if (!(Number(claims.exp) * 1_000 > at - SKEW_MS)) return 'the token is over (exp)';
  if (Number(claims.iat) * 1_000 > at + SKEW_MS) return 'the token is of the future (iat); check the clock';
  return null;
}

async function keyNamed(kid: string, ctx: EndpointContext<PushSettings>): Promise<KeyObject | undefined> {
  const now = ctx.now().getTime();
  const kept = known.get(ctx.settings);
  const found = kept && kept.until > now ? kept.byId.get(kid) : undefined;
  if (found || (kept && kept.until > now && now - kept.at < ASK_AGAIN_MS)) return found;
  const keys = await readKeys(ctx);
  known.set(ctx.settings, keys);
  return keys.byId.get(kid);
}

async function readKeys(ctx: EndpointContext<PushSettings>): Promise<Keys> {
  const response = await ctx.http({ url: ctx.settings.certsUrl });
  const keys = response.status === 200 ? listOf(fieldsOf(response.json()).keys).map(fieldsOf) : [];
  if (keys.length === 0) throw new ChannelError('retry', `Google's keys could not be read (${response.status})`);
  const at = ctx.now().getTime();
  const seconds = Number(/max-age=(\d+)/.exec(response.headers['cache-control'] ?? '')?.[1]);
  const byId = new Map(keys.flatMap((key) => keyOf(key)));
  return { byId, at, until: at + (seconds > 0 ? seconds * 1_000 : KEEP_MS) };
}

function keyOf(jwk: ReturnType<typeof fieldsOf>): [string, KeyObject][] {
  const kid = textOf(jwk.kid);
  if (!kid || jwk.kty !== 'RSA') return [];
  try {
    return [[kid, createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })]];
  } catch {
    return [];
  }
}
