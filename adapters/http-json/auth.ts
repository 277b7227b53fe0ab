import { z } from 'zod';
import { ChannelError, httpError } from '#contract';
import type { Context } from './settings.ts';

const KEPT = 'oauth2';
/** A token is not used in its last minute. */
const MARGIN_MS = 60_000;

const token = z.object({ value: z.string().min(1), until: z.number() });
const answer = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().optional() });

/** The headers that prove who we are. `kept`: by a token from an earlier call, which may have ended. */
export async function credentials(ctx: Context): Promise<{ header: Record<string, string>; kept: boolean }> {
  const { auth } = ctx.settings;
  switch (auth.kind) {
    case 'none':
      return { header: {}, kept: false };
    case 'headers': {
      const pairs = Object.entries(auth.headers).map(
        async ([name, { prefix, ref }]) => [name.toLowerCase(), prefix + (await ctx.secret(ref))] as const,
      );
      return { header: Object.fromEntries(await Promise.all(pairs)), kept: false };
    }
    case 'bearer':
      return { header: { authorization: `Bearer ${await ctx.secret(auth.token)}` }, kept: false };
    case 'basic': {
      const pair = Buffer.from(`${auth.user}:${await ctx.secret(auth.password)}`).toString('base64');
      return { header: { authorization: `Basic ${pair}` }, kept: false };
    }
    case 'oauth2':
      return byToken(ctx);
  }
}

async function byToken(ctx: Context): Promise<{ header: Record<string, string>; kept: boolean }> {
  let kept = true;
  const stands = await ctx.store.update(KEPT, async (old) => {
    const known = token.safeParse(old);
    if (known.success && known.data.until > ctx.now().getTime() + MARGIN_MS) return known.data;
    kept = false;
    return newToken(ctx);
  });
  return { header: { authorization: `Bearer ${token.parse(stands).value}` }, kept };
}

/** Client credentials (RFC 6749, section 4.4). */
async function newToken(ctx: Context): Promise<z.infer<typeof token>> {
  const { auth } = ctx.settings;
  if (auth.kind !== 'oauth2') throw new TypeError('no OAuth2 here');
  const what = 'Asking for an access token';
  const { tokenUrl: url, clientId: client_id, scope } = auth;
  const form = {
    grant_type: 'client_credentials',
    client_id,
    client_secret: await ctx.secret(auth.clientSecret),
    ...(scope && { scope }),
  };
  const response = await ctx.http({ method: 'POST', url, form, timeoutMs: ctx.settings.timeout }).catch(certain);
  const failure = httpError(response, ctx.now(), what);
  // Without a token nothing was sent. 400 is how a server refuses a client (section 5.2).
  if (failure?.kind === 'retry')
    throw new ChannelError('retry', failure.message, {
      nothingSent: true,
      ...(failure.code && { code: failure.code }),
    });
  if (failure?.code === '400' || failure?.code === '403')
    throw new ChannelError('auth', failure.message, { ...(failure.code && { code: failure.code }) });
  if (failure) throw failure;
  const read = answer.safeParse(response.json());
  if (!read.success) throw new ChannelError('retry', `${what}: the answer holds no token`, { nothingSent: true });
  return { value: read.data.access_token, until: ctx.now().getTime() + (read.data.expires_in ?? 300) * 1_000 };
}

/** Whatever was still to be published has not left: it waits for the token. */
export function certain(error: unknown): never {
  if (!(error instanceof ChannelError) || error.kind !== 'retry') throw error;
  const { message, retryAfterMs, code } = error;
  throw new ChannelError('retry', message, {
    nothingSent: true,
    ...(retryAfterMs && { retryAfterMs }),
    ...(code && { code }),
  });
}

export async function forgetToken(ctx: Context): Promise<void> {
  await ctx.store.update(KEPT, async () => null);
}
