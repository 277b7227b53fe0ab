import {
  type ChannelContext,
  ChannelError,
  type Connect,
  type Connected,
  type ConsentCode,
  type Scope,
} from '#contract';
import { fieldsOf } from '../_meta/json.ts';
import { pairFrom } from '../_oauth/pair.ts';
import { bodyOf, type Context, consentEnd, givenOf } from './access.ts';
import { googleError } from './errors.ts';
import type { GoogleSettings } from './settings.ts';

const WHAT = 'Menghubungkan akun Google';

interface Screen<S> {
  scopes: readonly Scope[];
  /** Whose account the token speaks for, where that can be asked. */
  accountOf?(ctx: ChannelContext<S>, access: string): Promise<Connected['account']>;
}

/** Google, "OAuth 2.0 for web server applications" and "for desktop apps". */
export function googleConnect<S extends GoogleSettings>({ scopes, accountOf }: Screen<S>): Connect<S> {
  return {
    loopback: '127.0.0.1',
    pkce: true,
    scopes: () => scopes,
    authorize({ authorizeUrl, clientId }, { redirectUri, state, challenge }) {
      const query = new URLSearchParams({
        ...{ client_id: clientId, redirect_uri: redirectUri, response_type: 'code', state },
        ...{
          scope: scopes.map(({ name }) => name).join(' '),
          code_challenge: challenge,
          code_challenge_method: 'S256',
        },
        // Without these two Google gives a refresh token only the first time.
        ...{ access_type: 'offline', prompt: 'consent' },
      });
      return `${authorizeUrl}?${query}`;
    },
    async exchange(code, ctx) {
      const connected = await exchange(code, ctx);
      const account = await accountOf?.(ctx, connected.access);
      const { access: _, ...found } = connected;
      return { ...found, ...(account && { account }) };
    },
  };
}

async function exchange(
  { code, redirectUri, verifier }: ConsentCode,
  ctx: Context,
): Promise<Connected & { access: string }> {
  const { clientId, clientSecret, tokenUrl } = ctx.settings;
  const response = await ctx.http({
    ...{ method: 'POST', url: tokenUrl },
    form: {
      ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier },
      ...{ client_id: clientId, client_secret: await ctx.secret(clientSecret) },
    },
  });
  const body = bodyOf(response.text());
  const failure = googleError({ ...response, body }, { what: WHAT, now: ctx.now() });
  if (failure) throw ofCode(failure);
  const given = givenOf(fieldsOf(body), WHAT);
  if (!given.refresh)
    throw new ChannelError(
      'auth',
      `${WHAT}: Google tidak memberi token penyegar. Cabut izin aplikasi ini di myaccount.google.com/permissions, lalu hubungkan lagi`,
    );
  const pair = pairFrom(given, ctx.now());
  const expiresAt = consentEnd(pair, ctx.settings);
  return {
    ...{ tokens: { ...pair }, scopes: pair.scope.split(' ').filter(Boolean), access: pair.access },
    ...(expiresAt && { expiresAt }),
  };
}

/** A code is good once and for minutes: then it is no trouble of the account. */
function ofCode(failure: ChannelError): ChannelError {
  if (failure.code !== 'invalid_grant') return failure;
  const message = `${WHAT}: kodenya sudah dipakai atau kedaluwarsa (invalid_grant). Ulangi dari awal`;
  return new ChannelError('auth', message, { code: 'invalid_grant' });
}
