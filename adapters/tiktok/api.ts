import { ChannelError, type HttpRequest, type Json, secretName } from '#contract';
import { type Fields, fieldsOf, parseJson, textOf } from '../_meta/json.ts';
import { type Given, type Pair, refusedPair, usablePair } from '../_oauth/pair.ts';
import { isTokenCode, tiktokError } from './errors.ts';
import type { Context } from './settings.ts';

export interface Call extends Omit<HttpRequest, 'url' | 'query'> {
  /** Begins the error that operators see, in Indonesian: `Membaca komentar`. */
  what: string;
  /** Below the version: `/business/comment/list/`. */
  path: string;
  /** Lists go as JSON text. */
  query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
}

/**
 * One call with the account's token in the header `Access-Token`. Gives `data` of an envelope with code 0; everything
 * else is a ChannelError. Ids stay exact: numbers beyond 2^53 become text. A write is sent once.
 */
export async function tiktok(ctx: Context, call: Call): Promise<Fields> {
  const token = await accessToken(ctx);
  try {
    return await ask(ctx, call, { 'access-token': token.access });
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'auth' && isTokenCode(error.code))
      throw await refusedPair(ctx, token, error);
    throw error;
  }
}

async function ask(ctx: Context, { what, path, query = {}, ...request }: Call, headers: Record<string, string>) {
  const texts = Object.entries(query).map(([key, value]) => [
    key,
    Array.isArray(value) ? JSON.stringify(value) : value,
  ]);
  const response = await ctx.http({
    ...{ ...request, headers, url: `${ctx.settings.apiBase}${path}` },
    query: Object.fromEntries(texts) as Record<string, string | number | undefined>,
  });
  const body = bodyOf(response.text());
  const failure = tiktokError({ ...response, body }, what, ctx.now());
  if (failure) throw failure;
  return fieldsOf(body.data);
}

function bodyOf(text: string): Fields {
  try {
    return fieldsOf(parseJson(text));
  } catch {
    return {};
  }
}

export const accessToken = (ctx: Context): Promise<Pair> =>
  usablePair(ctx, {
    filed: ctx.settings.refreshToken,
    renew: (refresh) =>
      tokenCall(ctx, {
        ...{ what: 'Memperbarui token TikTok', path: '/tt_user/oauth2/refresh_token/' },
        json: { grant_type: 'refresh_token', refresh_token: refresh },
      }).then(({ given }) => given),
    unconnected: `Akun TikTok belum dihubungkan. Jalankan: kanal channel connect ${ctx.channel.id}`,
  });

/** A request for tokens ("TikTok account holder authorization"). Gives them and whose they are. */
export async function tokenCall(
  ctx: Context,
  { what, path, json }: { what: string; path: string; json: Record<string, Json> },
): Promise<{ given: Given; account: string | undefined }> {
  const { clientId, clientSecret } = ctx.settings;
  const client = { client_id: clientId, client_secret: await ctx.secret(clientSecret) };
  const data = await ask(ctx, { what, path, method: 'POST', json: { ...client, ...json } }, {}).catch((error) => {
    throw error instanceof ChannelError ? ofToken(ctx, error) : error;
  });
  const access = textOf(data.access_token);
  const seconds = Number(data.expires_in);
  if (!access || !(seconds > 0)) throw new ChannelError('retry', `${what}: jawaban TikTok tanpa token`, SURE);
  return {
    given: {
      ...{ access, seconds, refresh: textOf(data.refresh_token), scope: textOf(data.scope)?.replaceAll(',', ' ') },
      refreshSeconds: Number(data.refresh_token_expires_in) || undefined,
    },
    account: textOf(data.open_id),
  };
}

/** Nothing can have been published: the request only asked for a token. */
const SURE = { nothingSent: true };

/** Whatever is not accepted here, the account has to be connected again. */
function ofToken(ctx: Context, error: ChannelError): ChannelError {
  const code = error.code === undefined ? {} : { code: error.code };
  if (error.kind === 'retry') return new ChannelError('retry', error.message, { ...SURE, ...code });
  if (error.kind === 'throttled') return error;
  const { refreshToken } = ctx.settings;
  const filed = refreshToken ? ` atau simpan dengan: kanal secret set ${secretName(refreshToken)}` : '';
  const cure = `Periksa clientId dan clientSecret, atau jalankan: kanal channel connect ${ctx.channel.id}${filed}`;
  return new ChannelError('auth', `${error.message} ${cure}`, code);
}

/** The list of an answer; without one it proves nothing. */
export function listIn(data: Fields, name: string, what: string): readonly Fields[] {
  const list = data[name];
  if (!Array.isArray(list)) throw new ChannelError('retry', `${what}: jawaban TikTok tanpa daftar`);
  return list.map(fieldsOf);
}

/** Where the next page begins; `undefined`: there is none. A cursor that does not move would never end. */
export function nextOf({ has_more: more, cursor }: Fields, before: number, what: string): number | undefined {
  if (more !== true) return undefined;
  const next = Number(cursor);
  if (!(next > before)) throw new ChannelError('retry', `${what}: TikTok menunjuk halaman yang sama lagi`);
  return next;
}
