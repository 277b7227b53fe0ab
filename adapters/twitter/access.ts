import type { TwitterApiTokens } from 'twitter-api-v2';
import { ChannelError, secretName } from '#contract';
import { type Fields, fieldsOf, parseJson, textOf } from '../_meta/json.ts';
import { digest } from '../_meta/piece.ts';
import { type Given, type Pair, usablePair } from '../_oauth/pair.ts';
import { refillOf } from './cost.ts';
import { xError } from './errors.ts';
import type { Context } from './settings.ts';

/** That a refresh has begun, and with which token: a process that ends before its answer is stored loses the pair. */
const BEGUN = 'oauth-begun';
const EARLY_MS = 10 * 60_000;
const TIMEOUT_MS = 10_000;
const WHAT = 'Memperbarui token X';

/** Who speaks: what the library signs with, and the pair where there is one. */
export interface Speaker {
  tokens: TwitterApiTokens | string;
  pair?: Pair;
}

export async function speaker(ctx: Context): Promise<Speaker> {
  const { consumerKey, consumerSecret, accessToken, accessSecret } = ctx.settings;
  if (!consumerKey || !consumerSecret || !accessToken || !accessSecret) {
    const pair = await usablePair(ctx, renewal(ctx));
    return { tokens: pair.access, pair };
  }
  const refs = { appKey: consumerKey, appSecret: consumerSecret, accessToken, accessSecret };
  const read = Object.entries(refs).map(async ([name, ref]) => [name, await ctx.secret(ref)] as const);
  return { tokens: Object.fromEntries(await Promise.all(read)) as unknown as TwitterApiTokens };
}

/** Refresh tokens of X are used once: under the row lock, and well before the access token ends. */
const renewal = (ctx: Context) => ({
  filed: ctx.settings.refreshToken,
  early: EARLY_MS,
  unconnected: `${WHAT}: belum ada token. Hubungkan akun: kanal channel connect ${ctx.channel.id}`,
  renew: async (refresh: string): Promise<Given> => {
    const interrupted = await begin(ctx, digest(refresh));
    const why = interrupted
      ? 'Pembaruan sebelumnya terputus sebelum tersimpan, dan token X hanya berlaku sekali'
      : 'Token penyegar tidak berlaku lagi, atau sudah dipakai program lain';
    const { refreshToken } = ctx.settings;
    const store = refreshToken ? ` Atau simpan yang baru dengan: kanal secret set ${secretName(refreshToken)}.` : '';
    const cure = `${why}. Hubungkan akun lagi: kanal channel connect ${ctx.channel.id}.${store}`;
    return askForTokens(ctx, { what: WHAT, form: { grant_type: 'refresh_token', refresh_token: refresh }, cure });
  },
});

/** Committed before the request leaves. Gives whether a refresh with this very token has begun before. */
async function begin(ctx: Context, from: string): Promise<boolean> {
  const again = fieldsOf(await ctx.store.get(BEGUN)).from === from;
  await ctx.store.update(BEGUN, async () => ({ from, at: ctx.now().toISOString() }));
  return again;
}

export interface TokenAsk {
  /** Begins the error that operators see, in Indonesian. */
  what: string;
  form: Record<string, string>;
  /** What to do when X says no, in Indonesian. */
  cure: string;
}

/**
 * One request to the token endpoint (RFC 6749 sections 4.1.3 and 6; X, "OAuth 2.0 Authorization Code Flow with PKCE"): a
 * client with a secret proves itself by HTTP Basic. Nothing can have been published by it.
 */
export async function askForTokens(ctx: Context, { what, form, cure }: TokenAsk): Promise<Given> {
  const { clientId = '', clientSecret, apiBase } = ctx.settings;
  const basic = clientSecret && Buffer.from(`${clientId}:${await ctx.secret(clientSecret)}`).toString('base64');
  const response = await ctx.http({
    ...{ method: 'POST', url: `${apiBase}/2/oauth2/token`, timeoutMs: TIMEOUT_MS },
    form: { ...form, client_id: clientId },
    headers: basic ? { authorization: `Basic ${basic}` } : {},
  });
  const body = bodyOf(response.text());
  const { status } = response;
  const error = textOf(body.error)?.slice(0, 60);
  if (error && status >= 400 && status < 500 && status !== 429) throw refused(ctx, error, { what, cure });
  const failure = xError({ ...response, body }, { what, now: ctx.now(), refill: refillOf(ctx) });
  if (failure?.kind === 'retry') throw new ChannelError('retry', failure.message, { nothingSent: true });
  if (failure) throw failure;
  const access = textOf(body.access_token);
  const seconds = Number(body.expires_in);
  if (!access || !(seconds > 0))
    throw new ChannelError('retry', `${what}: X menjawab tanpa token`, { nothingSent: true });
  return { access, seconds, refresh: textOf(body.refresh_token), scope: textOf(body.scope) };
}

function refused(ctx: Context, error: string, { what, cure }: Omit<TokenAsk, 'form'>): ChannelError {
  const client = error === 'invalid_client' || error === 'unauthorized_client';
  const advice = client ? `Periksa clientId "${ctx.settings.clientId}" dan clientSecret di berkas kanal.` : cure;
  return new ChannelError('auth', `${what}: ditolak X (${error}). ${advice}`, { code: error });
}

function bodyOf(text: string): Fields {
  try {
    return fieldsOf(parseJson(text));
  } catch {
    return {};
  }
}
