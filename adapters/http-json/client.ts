import { ChannelError, type HttpRequest, type HttpResponse, httpError, type Json, retryAfter } from '#contract';
import { parseJson } from '../_meta/json.ts';
import { credentials, forgetToken } from './auth.ts';
import type { Request } from './requests.ts';
import type { Context, Settings } from './settings.ts';
import { fillRequest, type Values } from './template.ts';

/** More of a request than the channel's file says. */
export interface Extra {
  url?: string;
  headers?: Record<string, string>;
  parts?: HttpRequest['parts'];
  maxBytes?: number;
}

/** One request of the channel's file. Only a 2xx is an answer; `what` begins the error that operators see. */
export async function call(
  ctx: Context,
  what: string,
  request: Request,
  values: Values,
  extra: Extra = {},
): Promise<HttpResponse> {
  const { baseUrl, timeout, headers, tables } = ctx.settings;
  const { path, ...filled } = fillRequest(request, values, tables);
  const { kept, header } = await credentials(ctx);
  const response = await ctx.http({
    ...filled,
    ...(extra.parts && { parts: [...(filled.parts ?? []), ...extra.parts] }),
    ...(extra.maxBytes && { maxBytes: extra.maxBytes }),
    url: extra.url ?? baseUrl + path,
    headers: { accept: 'application/json', ...headers, ...filled.headers, ...extra.headers, ...header },
    timeoutMs: timeout,
  });
  const failure = failureOf(response, ctx.now(), what, ctx.settings.errors);
  if (failure?.kind === 'auth' && kept) {
    await forgetToken(ctx);
    throw new ChannelError('retry', `${what}: the access token was no longer accepted; a new one is asked for`, {
      nothingSent: true,
    });
  }
  if (failure) throw failure;
  return response;
}

/** What the channel's file says of this HTTP status, or what it means everywhere. */
function failureOf(response: HttpResponse, now: Date, what: string, errors: Settings['errors']): ChannelError | null {
  const meaning = errors[String(response.status)];
  const usual = httpError(response, now, what);
  if (!meaning || !usual) return usual;
  const code = String(response.status);
  const message = `${what}: the portal answered ${code}, which means "${meaning}" by the channel's file`;
  if (meaning === 'retry' || meaning === 'auth') return new ChannelError(meaning, message, { code });
  if (meaning === 'throttled') {
    const wait = retryAfter(response.headers['retry-after'], now) ?? 60_000;
    return new ChannelError('throttled', message, { code, retryAfterMs: wait });
  }
  return new ChannelError('refused', message, { code, reason: meaning });
}

/** What stands in a 2xx; numbers too long for a JavaScript number become text. Anything that is not JSON proves nothing. */
export function bodyOf(response: HttpResponse, what: string): Json {
  try {
    return parseJson(response.text());
  } catch {
    throw new ChannelError('retry', `${what}: the answer (${response.status}) is not JSON`, {
      code: String(response.status),
    });
  }
}

export const read = async (
  ctx: Context,
  what: string,
  request: Request,
  values: Values,
  extra?: Extra,
): Promise<Json> => bodyOf(await call(ctx, what, request, values, extra), what);
