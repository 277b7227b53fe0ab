import { type ChannelContext, ChannelError, retryAfter } from '#contract';
import { fieldsOf, parseJson, textOf } from '../_meta/json.ts';
import type { Given } from './pair.ts';

export interface TokenAsk {
  /** Begins the error that operators see, in Indonesian. */
  what: string;
  /** `Microsoft`. */
  platform: string;
  url: string;
  form: Record<string, string>;
  /** What to do when the platform says no, in Indonesian. */
  cure: string;
}

const CLIENT = new Set(['invalid_client', 'unauthorized_client', 'invalid_request']);

/** One request to a token endpoint (RFC 6749 section 5). Nothing can have been published by it. */
export async function askForTokens(ctx: Pick<ChannelContext<unknown>, 'http' | 'now'>, ask: TokenAsk): Promise<Given> {
  const { what, platform, url, form, cure } = ask;
  const response = await ctx.http({ method: 'POST', url, form });
  const body = bodyOf(response.text());
  const error = textOf(body.error);
  const { status } = response;
  if (status === 429)
    throw new ChannelError('throttled', `${what}: terlalu cepat bagi ${platform} (429)`, {
      retryAfterMs: retryAfter(response.headers['retry-after'], ctx.now()) ?? 60_000,
      code: '429',
    });
  if (status >= 400 && status < 500 && error) {
    const advice = CLIENT.has(error) ? 'Periksa clientId dan clientSecret di berkas kanal.' : cure;
    throw new ChannelError('auth', `${what}: ditolak ${platform} (${nameOf(error, body)}). ${advice}`, { code: error });
  }
  const access = textOf(body.access_token);
  const seconds = Number(body.expires_in);
  if (status < 200 || status >= 300 || !access || !(seconds > 0))
    throw new ChannelError('retry', `${what}: ${platform} menjawab tanpa token (${status})`, {
      nothingSent: true,
      code: String(status),
    });
  const ends = Number(body.refresh_token_expires_in);
  return {
    ...{ access, seconds, refresh: textOf(body.refresh_token), scope: textOf(body.scope) },
    ...(ends > 0 && { refreshSeconds: ends }),
  };
}

/** Microsoft's own number beside OAuth's word; the rest of its description may repeat what was sent. */
function nameOf(error: string, body: ReturnType<typeof fieldsOf>): string {
  const code = /AADSTS\d{4,9}/.exec(textOf(body.error_description) ?? '')?.[0];
  return [error.slice(0, 60), code].filter(Boolean).join(', ');
}

function bodyOf(text: string): ReturnType<typeof fieldsOf> {
  try {
    return fieldsOf(parseJson(text));
  } catch {
    return {};
  }
}
