import { ChannelError, type HttpRequest } from '#contract';
import { type Fields, fieldsOf } from '../_meta/json.ts';
import type { Pair } from '../_oauth/pair.ts';
import { accessToken, bodyOf, type Context, refusedToken } from './access.ts';
import { type ErrorTable, googleError } from './errors.ts';

export interface Call extends HttpRequest {
  /** Begins the error that operators see, in Indonesian: `Membaca ulasan`. */
  what: string;
  table?: ErrorTable;
}

/** One call with this token. Gives the fields of a 2xx; everything else is a ChannelError. A write is sent once. */
export async function callWith(ctx: Context, token: Pair, { what, table, ...request }: Call): Promise<Fields> {
  const headers = { ...request.headers, authorization: `Bearer ${token.access}` };
  const response = await ctx.http({ ...request, headers });
  const body = bodyOf(response.text());
  const failure = googleError({ ...response, body }, { what, now: ctx.now(), ...(table && { table }) });
  if (failure) throw failure;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ChannelError('retry', `${what}: jawaban Google (${response.status}) bukan objek JSON`);
  return fieldsOf(body);
}

const BAD_TOKEN: ReadonlySet<string | undefined> = new Set([
  'UNAUTHENTICATED',
  'ACCESS_TOKEN_EXPIRED',
  'authError',
  '401',
]);

/**
 * Work that makes several calls with one token, such as under a row lock: it then needs no other row. When Google no
 * longer takes the token, another one is asked for before the next try.
 */
export async function withToken<T>(ctx: Context, work: (token: Pair) => Promise<T>): Promise<T> {
  const token = await accessToken(ctx);
  try {
    return await work(token);
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'auth' && BAD_TOKEN.has(error.code))
      throw await refusedToken(ctx, token, error);
    throw error;
  }
}

/** One call with the account's token. */
export const google = (ctx: Context, call: Call): Promise<Fields> =>
  withToken(ctx, (token) => callWith(ctx, token, call));
