import { createHash } from 'node:crypto';
import { type ChannelContext, ChannelError, type Health, secretName } from '#contract';
import { fieldsOf, textOf } from '../_meta/json.ts';
import { warningDays } from '../_meta/token.ts';
import { googleError } from './errors.ts';
import type { GoogleSettings } from './settings.ts';

export type Context = ChannelContext<GoogleSettings>;

/** What is kept of the access token. Times in ISO 8601. */
export interface Kept {
  /** Of the refresh token that it came from: a new one takes its place. */
  from: string;
  value: string;
  /** When it was given, and until when it may be used. */
  at: string;
  until: string;
  scope: string;
  /** When this refresh token was first used here. */
  since: string;
  /** Google refused it before its end. */
  refused?: boolean;
  /** It was given after another one had been refused. */
  second?: boolean;
  /** When the refresh token ends, where Google says so. */
  ends?: string;
}

const KEY = 'access';
const EARLY_MS = 60_000;
const FRESH_MS = 60_000;
const DAY_MS = 86_400_000;
const TESTING_DAYS = 7;
const WHAT = 'Memperbarui token Google';

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A token that can be used now. Under the row lock: of many that find it old, one asks Google. */
export async function accessToken(ctx: Context): Promise<Kept> {
  const from = digest(await ctx.secret(ctx.settings.refreshToken));
  const usable = (kept: Kept | undefined) =>
    kept?.from === from && Date.parse(kept.until) - EARLY_MS > ctx.now().getTime();
  const kept = keptOf(await ctx.store.get(KEY));
  if (kept && usable(kept)) return kept;
  const next = await ctx.store.update(KEY, async (old) => {
    const before = keptOf(old);
    return { ...(before && usable(before) ? before : await refresh(ctx, from, before)) };
  });
  return keptOf(next) as Kept;
}

function keptOf(value: unknown): Kept | undefined {
  const { from, value: token } = fieldsOf(value);
  return typeof from === 'string' && typeof token === 'string' ? (value as Kept) : undefined;
}

/** RFC 6749 section 6; Google's refresh tokens do not change. */
async function refresh(ctx: Context, from: string, before: Kept | undefined): Promise<Kept> {
  const { clientId, clientSecret, refreshToken, tokenUrl } = ctx.settings;
  const response = await ctx.http({
    method: 'POST',
    url: tokenUrl,
    form: {
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: await ctx.secret(clientSecret),
      refresh_token: await ctx.secret(refreshToken),
    },
  });
  const body = bodyOf(response.text());
  const failure = googleError({ ...response, body }, { what: WHAT, now: ctx.now() });
  if (failure?.kind === 'auth' || failure?.kind === 'throttled') throw named(ctx, failure);
  // Nothing can have been published: the request only asked for a token.
  if (failure?.kind === 'retry') throw new ChannelError('retry', failure.message, { nothingSent: true });
  if (failure) throw failure;
  return given(ctx, from, before, fieldsOf(body));
}

/** With the secret's name, where a new token has to be stored. */
function named(ctx: Context, { kind, message, retryAfterMs, code }: ChannelError): ChannelError {
  const cure = kind === 'auth' ? ` Simpan dengan: kanal secret set ${secretName(ctx.settings.refreshToken)}` : '';
  return new ChannelError(kind, `${message}${cure}`, { ...(retryAfterMs && { retryAfterMs }), ...(code && { code }) });
}

function given(ctx: Context, from: string, before: Kept | undefined, body: ReturnType<typeof fieldsOf>): Kept {
  const value = textOf(body.access_token);
  const seconds = Number(body.expires_in);
  if (!value || !(seconds > 0))
    throw new ChannelError('retry', `${WHAT}: jawaban Google tanpa token`, { nothingSent: true });
  const now = ctx.now().getTime();
  const ends = Number(body.refresh_token_expires_in);
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    ...{ from, value, at: iso(now), until: iso(now + seconds * 1_000), scope: textOf(body.scope) ?? '' },
    since: before?.from === from ? before.since : iso(now),
    ...(before?.from === from && before.refused && { second: true }),
    ...(ends > 0 && { ends: iso(now + ends * 1_000) }),
  };
}

export function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A 401 to a token: another one is asked for the next time. When that is refused, too, the account was cut off.
 */
export async function refusedToken(ctx: Context, token: Kept, failure: ChannelError): Promise<ChannelError> {
  if (token.second && ctx.now().getTime() - Date.parse(token.at) < FRESH_MS) return failure;
  await ctx.store.update(KEY, async (old) => {
    const kept = keptOf(old);
    return kept?.value === token.value ? { ...kept, until: token.at, refused: true } : (old ?? null);
  });
  return new ChannelError('retry', `${failure.message} Token diminta lagi.`, { nothingSent: true });
}

/** What is to be known about the token, in Indonesian, and when it ends. */
export function tokenHealth(
  ctx: Context,
  token: Kept,
  scope: string,
): Pick<Health, 'expiresAt'> & { warnings: string[] } {
  const testing = ctx.settings.consent === 'testing';
  const end =
    token.ends ?? (testing ? new Date(Date.parse(token.since) + TESTING_DAYS * DAY_MS).toISOString() : undefined);
  const expiresAt = end === undefined ? undefined : new Date(end);
  const days = expiresAt && warningDays(expiresAt, ctx.now());
  const scopes = token.scope.split(' ').filter(Boolean);
  const cure = testing
    ? 'Ubah layar persetujuan ke "In production" di Google Cloud Console, lalu hubungkan akun lagi.'
    : 'Hubungkan akun lagi sebelum itu.';
  return {
    ...(expiresAt && { expiresAt }),
    warnings: [
      ...(days ? [`Token Google berakhir pada ${end?.slice(0, 10)}, paling lama ${days} hari lagi. ${cure}`] : []),
      ...(scopes.length > 0 && !scopes.includes(scope)
        ? [`Token tidak punya izin ${scope}. Hubungkan akun lagi dan centang izin itu.`]
        : []),
    ],
  };
}
