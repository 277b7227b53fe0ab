import type { ITwitterApiBeforeRequestConfigHookArgs, ITwitterApiClientPlugin } from 'twitter-api-v2';
import { ChannelError, type HttpRequest, type HttpResponse } from '#contract';
import { type Fields, fieldsOf, parseJson } from '../_meta/json.ts';
import { refusedPair } from '../_oauth/pair.ts';
import { type Speaker, speaker } from './access.ts';
import { refillOf } from './cost.ts';
import { xError } from './errors.ts';
import type { Context } from './settings.ts';

export interface Ask {
  /** Begins the error that operators see, in Indonesian: `Membaca sebutan`. */
  what: string;
  method?: 'GET' | 'POST' | 'PUT';
  /** Below `/2/`; `:id` is filled from `params`. */
  path: string;
  params?: Record<string, string>;
  query?: Record<string, string | number | undefined>;
  body?: Record<string, unknown>;
  /** The body is sent in parts (multipart/form-data). */
  parts?: true;
}

/** One call as the account. Gives the fields of a 2xx; everything else is a ChannelError. A write is sent once. */
export const x = (ctx: Context, ask: Ask): Promise<Fields> => asAccount(ctx, (who) => callAs(ctx, who, ask));

/** The same for what is no JSON. */
export const xBytes = (ctx: Context, ask: Ask): Promise<HttpResponse> =>
  asAccount(ctx, (who) => exchange(ctx, who, ask));

async function asAccount<T>(ctx: Context, work: (who: Speaker) => Promise<T>): Promise<T> {
  const who = await speaker(ctx);
  try {
    return await work(who);
  } catch (error) {
    const cut = error instanceof ChannelError && error.kind === 'auth' && error.code?.startsWith('401');
    throw cut && who.pair ? await refusedPair(ctx, who.pair, error) : error;
  }
}

export async function callAs(ctx: Context, who: Pick<Speaker, 'tokens'>, ask: Ask): Promise<Fields> {
  const response = await exchange(ctx, who, ask);
  const text = response.text();
  const body = text === '' ? {} : readJson(text);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new ChannelError('retry', `${ask.what}: jawaban X (${response.status}) bukan objek JSON`);
  return fieldsOf(body);
}

const LIBRARY_BASE = 'https://api.x.com';

/**
 * The library builds and signs the request; the hub's own HTTP carries it, with its deadline, limits and addresses. So the
 * library's retries, its silent end of paging, and its connections play no part.
 */
async function exchange(ctx: Context, { tokens }: Pick<Speaker, 'tokens'>, ask: Ask): Promise<HttpResponse> {
  const { TwitterApi } = await import('twitter-api-v2');
  const { method = 'GET', path, params = {}, query = {}, body = {}, parts } = ask;
  const got: HttpResponse[] = [];
  const plugins = [carrier(ctx, ask, (response) => got.push(response))];
  const client = typeof tokens === 'string' ? new TwitterApi(tokens, { plugins }) : new TwitterApi(tokens, { plugins });
  const about = { params, forceBodyMode: parts ? ('form-data' as const) : ('json' as const) };
  if (method === 'GET') await client.v2.get(path, query, about);
  else await client.v2[method === 'POST' ? 'post' : 'put'](path, body, about);
  const [response] = got;
  if (!response) throw new Error('the library did not ask for its request to be carried');
  return response;
}

function carrier(ctx: Context, ask: Ask, take: (response: HttpResponse) => void): ITwitterApiClientPlugin {
  return {
    async onBeforeRequestConfig({ client, params }: ITwitterApiBeforeRequestConfigHookArgs) {
      const url = params.url.replace(LIBRARY_BASE, ctx.settings.apiBase);
      // The one way to a request that is built and signed, and not yet sent.
      // biome-ignore lint/complexity/useLiteralKeys: it is protected; by this key the compiler still checks its type
      const built = client['getHttpRequestArgs']({ ...params, url });
      const response = await ctx.http({
        method: built.method as NonNullable<HttpRequest['method']>,
        url: built.url.href,
        headers: built.headers,
        ...(built.body !== undefined && { bytes: Buffer.from(built.body) }),
      });
      const failed = response.status < 200 || response.status >= 300;
      const body = failed ? readJson(response.text()) : undefined;
      const failure = xError({ ...response, body }, { what: ask.what, now: ctx.now(), refill: refillOf(ctx) });
      if (failure) throw failure;
      take(response);
      return { headers: { ...response.headers }, data: {} };
    },
  };
}

function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
