import { type ChannelContext, ChannelError } from '#contract';
import { askForTokens } from '../../_oauth/endpoint.ts';
import { type Pair, refusedPair, usablePair } from '../../_oauth/pair.ts';
import type { Settings } from '../settings.ts';
import { providerOf, scopeText } from './provider.ts';
import type { OauthSettings } from './settings.ts';

export type OauthContext = Pick<ChannelContext<Settings>, 'channel' | 'settings' | 'secret' | 'now' | 'http' | 'store'>;

/** A pair whose access token signs in now. Microsoft gives another refresh token each time, which takes the old one's place. */
export function mailToken(ctx: OauthContext, oauth: OauthSettings): Promise<Pair> {
  const connect = `Jalankan: kanal channel connect ${ctx.channel.id}`;
  return usablePair(ctx, {
    renew: async (refresh) => {
      const provider = providerOf(oauth);
      return askForTokens(ctx, {
        ...{ what: `Memperbarui token ${provider.name}`, platform: provider.name, url: provider.tokenUrl },
        form: {
          ...(await clientOf(ctx, oauth)),
          grant_type: 'refresh_token',
          refresh_token: refresh,
          scope: scopeText(provider),
        },
        cure: `Kotak surat harus dihubungkan lagi. ${connect}`,
      });
    },
    unconnected: `Kotak surat belum dihubungkan. ${connect}`,
  });
}

export async function clientOf(ctx: Pick<OauthContext, 'secret'>, { clientId, clientSecret }: OauthSettings) {
  return { client_id: clientId, ...(clientSecret && { client_secret: await ctx.secret(clientSecret) }) };
}

/** The server did not take a token that should be good: another one is asked for, and when that is refused, too, a person. */
export async function refusedLogin(ctx: OauthContext, token: Pair | undefined, failure: unknown): Promise<unknown> {
  if (!token || !(failure instanceof ChannelError) || failure.kind !== 'auth') return failure;
  const refused = await refusedPair(ctx, token, failure);
  if (refused.kind !== 'auth') return refused;
  const cure = `Nyalakan IMAP dan SMTP (SMTP AUTH) untuk kotak surat ini, lalu jalankan: kanal channel connect ${ctx.channel.id}`;
  const code = failure.code === undefined ? {} : { code: failure.code };
  return new ChannelError('auth', `Server surat menolak token yang baru diberikan. ${cure}`, code);
}
