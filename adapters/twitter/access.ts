import { createHash } from 'node:crypto';
import type { TwitterApiTokens } from 'twitter-api-v2';
import { ChannelError, secretName } from '#contract';
import { type Fields, fieldsOf, textOf } from '../_meta/json.ts';
import { refillOf } from './cost.ts';
import { xError } from './errors.ts';
import type { Context } from './settings.ts';

/** The pair of tokens, as `kanal channel connect` puts it there. Times in ISO 8601. */
export interface Kept {
  access: string;
  until: string;
  /** Used once: each use gives another one. */
  refresh?: string;
  /** Separated by spaces. */
  scope: string;
  at: string;
  /** Digest of the refresh token in the channel's secrets that this pair began with. */
  seed?: string;
  /** X did not take the access token any more. */
  refused?: true;
  /** It was given after another one had been refused. */
  second?: true;
}

/** Also where `kanal channel connect` stores what it was given. */
const KEY = 'oauth';
/** That a refresh has begun, and with which token: a process that ends before its answer is stored loses the pair. */
const BEGUN = 'oauth-begun';
const EARLY_MS = 10 * 60_000;
const FRESH_MS = 60_000;
const TIMEOUT_MS = 10_000;
const WHAT = 'Memperbarui token X';

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Who speaks: what the library signs with, and the pair where there is one. */
export interface Speaker {
  tokens: TwitterApiTokens | string;
  kept?: Kept;
}

export async function speaker(ctx: Context): Promise<Speaker> {
  const { consumerKey, consumerSecret, accessToken, accessSecret } = ctx.settings;
  if (!consumerKey || !consumerSecret || !accessToken || !accessSecret) {
    const kept = await usablePair(ctx);
    return { tokens: kept.access, kept };
  }
  const [appKey, appSecret, access, secret] = await Promise.all(
    [consumerKey, consumerSecret, accessToken, accessSecret].map((ref) => ctx.secret(ref)),
  );
  return {
    tokens: { appKey: appKey ?? '', appSecret: appSecret ?? '', accessToken: access ?? '', accessSecret: secret ?? '' },
  };
}

/** Of many that find the pair old, one asks X, under the row lock; the others then find its new one. */
async function usablePair(ctx: Context): Promise<Kept> {
  const seed = ctx.settings.refreshToken && (await ctx.secret(ctx.settings.refreshToken));
  const usable = (kept: Kept | undefined): kept is Kept =>
    kept !== undefined && isCurrent(kept, seed) && Date.parse(kept.until) - EARLY_MS > ctx.now().getTime();
  const kept = keptOf(await ctx.store.get(KEY));
  if (usable(kept)) return kept;
  const next = await ctx.store.update(KEY, async (old) => {
    const before = keptOf(old);
    return { ...(usable(before) ? before : await refreshed(ctx, before, seed)) };
  });
  return keptOf(next) as Kept;
}

/** A refresh token that an operator has stored anew takes the place of what came from the one before. */
const isCurrent = ({ seed: from }: Kept, seed: string | undefined): boolean =>
  from === undefined || seed === undefined || from === digest(seed);

export function keptOf(value: unknown): Kept | undefined {
  const { access, until } = fieldsOf(value);
  return typeof access === 'string' && typeof until === 'string' ? (value as Kept) : undefined;
}

async function refreshed(ctx: Context, before: Kept | undefined, seed: string | undefined): Promise<Kept> {
  const goesOn = before?.refresh !== undefined && isCurrent(before, seed);
  const refresh = goesOn ? before.refresh : seed;
  if (!refresh) throw new ChannelError('auth', `${WHAT}: belum ada token. Hubungkan akun: kanal channel connect`);
  const interrupted = await begin(ctx, digest(refresh));
  const body = await askForTokens(ctx, { grant_type: 'refresh_token', refresh_token: refresh }, interrupted);
  const given = pairOf(body, ctx.now());
  const from = goesOn ? before.seed : seed && digest(seed);
  return { ...given, ...(from && { seed: from }), ...(goesOn && before.refused && { second: true as const }) };
}

/** Committed before the request leaves. Gives whether a refresh with this very token has begun before. */
async function begin(ctx: Context, from: string): Promise<boolean> {
  const again = fieldsOf(await ctx.store.get(BEGUN)).from === from;
  await ctx.store.update(BEGUN, async () => ({ from, at: ctx.now().toISOString() }));
  return again;
}

/** RFC 6749 sections 4.1.3 and 6; X, "OAuth 2.0 Authorization Code Flow with PKCE". */
export async function askForTokens(ctx: Context, form: Record<string, string>, interrupted = false): Promise<Fields> {
  const { clientId = '', clientSecret, apiBase } = ctx.settings;
  const basic = clientSecret && Buffer.from(`${clientId}:${await ctx.secret(clientSecret)}`).toString('base64');
  const response = await ctx.http({
    ...{ method: 'POST', url: `${apiBase}/2/oauth2/token`, timeoutMs: TIMEOUT_MS },
    form: { ...form, client_id: clientId },
    headers: basic ? { authorization: `Basic ${basic}` } : {},
  });
  const body = jsonOf(response.text());
  const failure = xError({ ...response, body }, { what: WHAT, now: ctx.now(), refill: refillOf(ctx) });
  if (textOf(fieldsOf(body).error) && response.status < 500 && response.status !== 429)
    throw dead(ctx, body, interrupted);
  // Only a token was asked for: nothing can have been published.
  if (failure?.kind === 'retry') throw new ChannelError('retry', failure.message, { nothingSent: true });
  if (failure) throw failure;
  return fieldsOf(body);
}

function dead(ctx: Context, body: unknown, interrupted: boolean): ChannelError {
  const code = textOf(fieldsOf(body).error) ?? '400';
  const { clientId, refreshToken } = ctx.settings;
  const cure = refreshToken ? ` Atau simpan yang baru dengan: kanal secret set ${secretName(refreshToken)}.` : '';
  const why = interrupted
    ? 'pembaruan sebelumnya terputus sebelum tersimpan, dan token X hanya berlaku sekali'
    : 'token penyegar tidak berlaku lagi, atau sudah dipakai program lain';
  const client = code === 'invalid_client' || code === 'unauthorized_client';
  const advice = client
    ? `Periksa clientId "${clientId}" dan clientSecret di berkas kanal.`
    : `${why}. Hubungkan akun lagi: kanal channel connect.${cure}`;
  return new ChannelError('auth', `${WHAT}: ditolak X (${code}). ${advice}`, { code });
}

/** What X gave. Throws `retry` where it is no pair. */
export function pairOf(body: Fields, now: Date): Kept {
  const access = textOf(body.access_token);
  const seconds = Number(body.expires_in);
  if (!access || !(seconds > 0))
    throw new ChannelError('retry', `${WHAT}: jawaban X tanpa token`, { nothingSent: true });
  const refresh = textOf(body.refresh_token);
  return {
    ...{ access, until: new Date(now.getTime() + seconds * 1_000).toISOString(), at: now.toISOString() },
    scope: textOf(body.scope) ?? '',
    ...(refresh && { refresh }),
  };
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A 401 to an access token: another one is asked for next time. When that is refused, too, the account was cut off. */
export async function refusedPair(ctx: Context, used: Kept, failure: ChannelError): Promise<ChannelError> {
  if (used.second && ctx.now().getTime() - Date.parse(used.at) < FRESH_MS) return failure;
  await ctx.store.update(KEY, async (old) => {
    const kept = keptOf(old);
    return kept?.access === used.access ? { ...kept, until: used.at, refused: true } : (old ?? null);
  });
  return new ChannelError('retry', `${failure.message} Token diminta lagi.`, { nothingSent: true });
}
