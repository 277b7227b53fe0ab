import { type ChannelContext, CONNECTION_KEY } from '#contract';
import { INSTAGRAM_ERRORS } from '../_meta/errors.ts';
import { type Call, graph } from '../_meta/graph.ts';
import type { Settings } from './settings.ts';
import { currentToken } from './token.ts';

export type Context = ChannelContext<Settings>;

/** With Instagram's own login the token changes with time; whoever asks for it gets the one that is valid now. */
export function inFlavour(ctx: Context): Context {
  if (ctx.settings.flavour === 'facebook') return ctx;
  const get = async (key: string) =>
    key === CONNECTION_KEY ? { access: await currentToken(ctx) } : ctx.store.get(key);
  return { ...ctx, store: { ...ctx.store, get } };
}

export const ask = (ctx: Context, call: Call) => graph(ctx, { table: INSTAGRAM_ERRORS, ...call });

/** Chats belong to the linked page, or to the account itself. */
export const chatPath = ({ settings, channel }: Context, edge: 'messages' | 'conversations'): string =>
  `/${settings.flavour === 'facebook' ? settings.pageId : channel.account}/${edge}`;

export const own = ({ channel, settings }: Context) => ({ id: channel.account, username: settings.username });
