import { ChannelError } from '#contract';
import type { Actor } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { type ContextDeps, channelContext } from '../context.ts';
import { type DeskDeps, findChannel } from '../deps.ts';
import { targetOf } from '../publish/row.ts';
import { atMessage, record } from './desk.ts';

const LIMIT_MS = 15_000;

/**
 * Shows the citizen that the office has read this message, where the platform knows that. Refuses `cannot_mark_read`
 * elsewhere, `platform_failed` when the platform did not do it.
 */
export async function markRead(deps: DeskDeps & ContextDeps, actor: Actor, messageId: string): Promise<void> {
  const { message, channel } = await atMessage(deps, actor, { ability: 'draft', messageId }, async (desk, message) => {
    const channel = findChannel(deps.config, message.channel_id);
    if (message.direction !== 'in' || channel?.mode !== 'automatic' || !deps.adapters[channel.adapter]?.markRead)
      throw new Refusal('cannot_mark_read', 'this channel knows no "read", or the message is our own');
    await record(desk, message.complaint_id, 'message.marked_read', { messageId });
    return { message, channel };
  });
  try {
    const context = channelContext(deps, channel, { signal: AbortSignal.timeout(LIMIT_MS) });
    await deps.adapters[channel.adapter]!.markRead!(targetOf(message), context);
  } catch (error) {
    const reason = error instanceof ChannelError ? error.message : String(error);
    throw new Refusal('platform_failed', deps.scrub(reason));
  }
}
