import { type ChannelContext, ChannelError, type Connect, type Connected, type ConsentCode } from '#contract';
import { askForTokens } from '../../_oauth/endpoint.ts';
import { pairFrom } from '../../_oauth/pair.ts';
import type { Settings } from '../settings.ts';
import { providerOf, scopeText } from './provider.ts';
import type { OauthSettings } from './settings.ts';
import { clientOf } from './token.ts';

const WEEK_S = 7 * 86_400;

/** A mailbox of Gmail or Microsoft 365. Others have a password. */
export const connect: Connect<Settings> = {
  unable: ({ oauth }) =>
    oauth
      ? null
      : 'kotak surat ini masuk dengan sandi. Simpan sandinya dengan kanal secret set; untuk Gmail atau Microsoft 365 isi dulu `oauth` di berkas kanal',
  loopback: 'localhost',
  pkce: true,
  scopes: (settings) => providerOf(oauthIn(settings)).scopes,
  authorize(settings, { redirectUri, state, challenge }) {
    const oauth = oauthIn(settings);
    const provider = providerOf(oauth);
    const query = new URLSearchParams({
      ...{ client_id: oauth.clientId, redirect_uri: redirectUri, response_type: 'code', state },
      ...{ scope: scopeText(provider), code_challenge: challenge, code_challenge_method: 'S256' },
      ...{ ...provider.query, login_hint: settings.user },
    });
    return `${provider.authorizeUrl}?${query}`;
  },
  exchange,
};

/** `unable` has looked before. */
function oauthIn({ oauth }: Settings): OauthSettings {
  if (oauth) return oauth;
  throw new ChannelError('refused', 'kotak surat ini masuk dengan sandi', { reason: 'unsupported' });
}

async function exchange(code: ConsentCode, ctx: ChannelContext<Settings>): Promise<Connected> {
  const oauth = oauthIn(ctx.settings);
  const provider = providerOf(oauth);
  const what = `Menghubungkan kotak surat ${provider.name}`;
  const given = await askForTokens(ctx, {
    ...{ what, platform: provider.name, url: provider.tokenUrl },
    form: {
      ...{ ...(await clientOf(ctx, oauth)), grant_type: 'authorization_code', code: code.code },
      ...{ redirect_uri: code.redirectUri, code_verifier: code.verifier, scope: scopeText(provider) },
    },
    cure: 'Kode hanya berlaku sekali dan beberapa menit: ulangi dari awal.',
  });
  if (!given.refresh)
    throw new ChannelError(
      'auth',
      `${what}: ${provider.name} tidak memberi token penyegar. Cabut izin aplikasi ini di akunnya, lalu hubungkan lagi`,
    );
  const ends = given.refreshSeconds ?? (oauth.with === 'google' && oauth.consent === 'testing' ? WEEK_S : undefined);
  const pair = pairFrom({ ...given, refreshSeconds: ends }, ctx.now());
  return {
    ...{ tokens: { ...pair }, scopes: pair.scope.split(' ').filter(Boolean), account: { name: ctx.settings.user } },
    ...(pair.ends && { expiresAt: new Date(pair.ends) }),
  };
}
