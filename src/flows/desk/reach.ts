import type { Author } from '#contract';
import type { Channel } from '../../config/channel.ts';
import type { Message } from '../../store/schema.ts';
import { type DeskDeps, findChannel } from '../deps.ts';

/** Where the writer of a message can be written to on another channel, and as what. */
export interface Reached {
  channel: Channel;
  objectId: string;
  threadId: string;
  surface: Message['surface'];
}

/**
 * The writer of a message, on a channel where they have not written: by the number or address that they left. `null`:
 * the channel is not in use, cannot write first, or they left nothing that serves.
 */
export function reachOn(deps: DeskDeps, channelId: string, message: Pick<Message, 'author_sealed'>): Reached | null {
  const channel = findChannel(deps.config, channelId);
  const reach = channel?.mode === 'automatic' ? deps.adapters[channel.adapter]?.reach : undefined;
  if (!channel || !reach || !message.author_sealed) return null;
  const author = deps.keyring.decryptJson(message.author_sealed, 'author') as Author;
  const place = reach(author, channel.settings);
  return place && { channel, ...place };
}

/** The channels that can write first. */
export const reachingChannels = ({ config, adapters }: DeskDeps): Channel[] =>
  config.channels.filter((one) => one.enabled && one.mode === 'automatic' && adapters[one.adapter]?.reach);
