import { type ChannelContext, ChannelError, type Health, secretName } from '#contract';
import { fieldsOf, textOf } from '../_meta/json.ts';
import { warningDays } from '../_meta/token.ts';
import { type Given, type Pair, refusedPair, usablePair } from '../_oauth/pair.ts';
import { googleError } from './errors.ts';
import type { GoogleSettings } from './settings.ts';

export type Context = ChannelContext<GoogleSettings>;

const DAY_MS = 86_400_000;
const TESTING_DAYS = 7;
const WHAT = 'Memperbarui token Google';
const UNCONNECTED = 'Akun Google belum dihubungkan. Jalankan: kanal channel connect';

/** A token that can be used now. */
export const accessToken = (ctx: Context): Promise<Pair> =>
  usablePair(ctx, {
    filed: ctx.settings.refreshToken,
    renew: (refresh) => renew(ctx, refresh),
    unconnected: `${UNCONNECTED} ${ctx.channel.id}`,
  });

/** RFC 6749 section 6. */
async function renew(ctx: Context, refresh: string): Promise<Given> {
  const { clientId, clientSecret, tokenUrl } = ctx.settings;
  const response = await ctx.http({
    method: 'POST',
    url: tokenUrl,
    form: {
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: await ctx.secret(clientSecret),
      refresh_token: refresh,
    },
  });
  const body = bodyOf(response.text());
  const failure = googleError({ ...response, body }, { what: WHAT, now: ctx.now() });
  if (failure?.kind === 'auth' || failure?.kind === 'throttled') throw named(ctx, failure);
  // Nothing can have been published: the request only asked for a token.
  if (failure?.kind === 'retry') throw new ChannelError('retry', failure.message, { nothingSent: true });
  if (failure) throw failure;
  return givenOf(fieldsOf(body), WHAT);
}

/** With what is to be done where a new token is needed. */
function named(ctx: Context, { kind, message, retryAfterMs, code }: ChannelError): ChannelError {
  const { refreshToken } = ctx.settings;
  const filed = refreshToken ? ` atau simpan dengan: kanal secret set ${secretName(refreshToken)}` : '';
  const cure = kind === 'auth' ? ` Jalankan: kanal channel connect ${ctx.channel.id}${filed}` : '';
  return new ChannelError(kind, `${message}${cure}`, { ...(retryAfterMs && { retryAfterMs }), ...(code && { code }) });
}

/** What Google's token endpoint gave. */
export function givenOf(body: ReturnType<typeof fieldsOf>, what: string): Given {
  const access = textOf(body.access_token);
  const seconds = Number(body.expires_in);
  if (!access || !(seconds > 0))
    throw new ChannelError('retry', `${what}: jawaban Google tanpa token`, { nothingSent: true });
  const ends = Number(body.refresh_token_expires_in);
  return {
    ...{ access, seconds, refresh: textOf(body.refresh_token), scope: textOf(body.scope) },
    ...(ends > 0 && { refreshSeconds: ends }),
  };
}

export function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A 401 to a token. */
export const refusedToken = (ctx: Context, token: Pair, failure: ChannelError): Promise<ChannelError> =>
  refusedPair(ctx, token, failure);

/** When the consent ends: as Google says, or seven days after it was given in testing. */
export function consentEnd({ ends, since }: Pick<Pair, 'ends' | 'since'>, { consent }: GoogleSettings) {
  if (ends !== undefined) return new Date(ends);
  return consent === 'testing' ? new Date(Date.parse(since) + TESTING_DAYS * DAY_MS) : undefined;
}

/** What is to be known about the token, in Indonesian, and when it ends. */
export function tokenHealth(
  ctx: Context,
  token: Pair,
  scope: string,
): Pick<Health, 'expiresAt'> & { warnings: string[] } {
  const testing = ctx.settings.consent === 'testing';
  const expiresAt = consentEnd(token, ctx.settings);
  const days = expiresAt && warningDays(expiresAt, ctx.now());
  const scopes = token.scope.split(' ').filter(Boolean);
  const cure = testing
    ? 'Ubah layar persetujuan ke "In production" di Google Cloud Console, lalu hubungkan akun lagi.'
    : 'Hubungkan akun lagi sebelum itu.';
  const date = expiresAt?.toISOString().slice(0, 10);
  return {
    ...(expiresAt && { expiresAt }),
    warnings: [
      ...(days ? [`Token Google berakhir pada ${date}, paling lama ${days} hari lagi. ${cure}`] : []),
      ...(scopes.length > 0 && !scopes.includes(scope)
        ? [`Token tidak punya izin ${scope}. Hubungkan akun lagi dan centang izin itu.`]
        : []),
    ],
  };
}
