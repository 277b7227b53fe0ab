import { type ChannelContext, ChannelError, CONNECTION_KEY, secretName } from '#contract';
import { fieldsOf, textOf } from './json.ts';
import type { MetaSettings } from './settings.ts';

type Context = Pick<ChannelContext<Pick<MetaSettings, 'token'>>, 'channel' | 'settings' | 'secret' | 'store'>;

/** The channel's token: what somebody connected goes first, then the one that the file names. */
export async function bearerOf(ctx: Context): Promise<string> {
  const { access } = fieldsOf(await ctx.store.get(CONNECTION_KEY));
  const { token } = ctx.settings;
  const value = textOf(access) ?? (token && (await ctx.secret(token)));
  if (value) return value;
  const message = `Akun Meta belum dihubungkan. Jalankan: kanal channel connect ${ctx.channel.id}`;
  throw new ChannelError('auth', message, { code: 'unconnected' });
}

/** How a new token comes here, in Indonesian. */
export const renewalOf = ({ channel, settings: { token } }: Context): string =>
  token ? `Simpan dengan: kanal secret set ${secretName(token)}` : `Jalankan: kanal channel connect ${channel.id}`;
