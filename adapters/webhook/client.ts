import { z } from 'zod';
import { type ChannelContext, ChannelError, type HttpRequest, type HttpResponse, httpError } from '#contract';
import type { Settings } from './settings.ts';

export type Context = ChannelContext<Settings>;

/** One request with the application's token. Any status is an answer. */
export const ask = async (ctx: Context, { headers, ...request }: HttpRequest): Promise<HttpResponse> =>
  ctx.http({ ...request, headers: { ...headers, authorization: `Bearer ${await ctx.secret(ctx.settings.token)}` } });

/** The same, where only a 2xx is an answer. `what` begins the error that operators see. */
export async function call(ctx: Context, what: string, request: HttpRequest): Promise<HttpResponse> {
  const response = await ask(ctx, request);
  const failure = httpError(response, ctx.now(), what);
  if (failure) throw failure;
  return response;
}

/** What a 2xx must hold. Anything else proves nothing: `retry`, and uncertain after a send. */
export function readAs<T>(schema: z.ZodType<T>, response: HttpResponse, what: string): T {
  const read = schema.safeParse(response.json());
  if (read.success) return read.data;
  throw new ChannelError('retry', `${what}: ${response.status}, unusable body: ${z.prettifyError(read.error)}`);
}

/** `ref` is a path under `baseUrl`: the token goes nowhere else. */
export async function media(ref: unknown, ctx: Context) {
  const { baseUrl } = ctx.settings;
  const url = typeof ref === 'string' && ref.startsWith('/') ? new URL(baseUrl + ref).href : '';
  if (!url.startsWith(`${baseUrl}/`)) throw new ChannelError('refused', 'Fetching a file: no path under baseUrl');
  const { bytes, headers } = await call(ctx, 'Fetching a file', { url, maxBytes: 25 * 1024 * 1024 });
  return { bytes, mime: headers['content-type'] ?? 'application/octet-stream' };
}

export async function probe(ctx: Context) {
  await call(ctx, 'Checking the credentials', { url: `${ctx.settings.baseUrl}/health` });
  return { detail: 'Aplikasi menjawab dan menerima token.' };
}
