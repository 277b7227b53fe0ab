import { ChannelError, isPublic, type Moderation } from '#contract';
import type { Channel } from '../../config/load.ts';
import type { Actor } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import type { Message } from '../../store/schema.ts';
import { type ContextDeps, channelContext } from '../context.ts';
import { type DeskDeps, findChannel } from '../deps.ts';
import { targetOf } from '../publish/row.ts';
import { atMessage, record } from './desk.ts';

const LIMIT_MS = 30_000;
const DONE = { hide: 'message.hidden', unhide: 'message.unhidden' } as const;

/**
 * Hides a citizen's public message at the platform, or shows it again. Who asked for it, and what came of it, stands in
 * the trail. Refuses `cannot_moderate` where that is not possible, `platform_failed` when the platform did not do it.
 */
export async function moderate(
  deps: DeskDeps & ContextDeps,
  actor: Actor,
  messageId: string,
  order: { action: Moderation; reason?: string | undefined },
): Promise<void> {
  const { action, reason } = order;
  const { message, channel } = await ask(deps, actor, messageId, order);
  try {
    await carryOut(deps, channel, message, action);
  } catch (error) {
    const code = error instanceof ChannelError ? (error.code ?? error.kind) : 'error';
    await note(deps, actor, message, 'message.moderation_failed', { action, code });
    throw new Refusal('platform_failed', deps.scrub(error instanceof Error ? error.message : String(error)));
  }
  await note(deps, actor, message, DONE[action], {}, reason);
}

async function carryOut(
  deps: ContextDeps & DeskDeps,
  channel: Channel,
  message: Message,
  action: Moderation,
): Promise<void> {
  const context = channelContext(deps, channel, { signal: AbortSignal.timeout(LIMIT_MS) });
  await deps.adapters[channel.adapter]!.moderate!(action, targetOf(message), context);
}

/** Written down before anything is asked of the platform. */
async function ask(
  deps: DeskDeps,
  actor: Actor,
  messageId: string,
  { action, reason }: { action: Moderation; reason?: string | undefined },
) {
  return atMessage(deps, actor, { ability: 'publication', messageId }, async (desk, message) => {
    const channel = findChannel(deps.config, message.channel_id);
    const fault = faultOf(deps, channel, message);
    if (fault || !channel) throw new Refusal('cannot_moderate', fault ?? 'its channel is not in use');
    await record(desk, message.complaint_id, 'message.moderation_asked', { messageId, action }, reason);
    return { message, channel };
  });
}

function faultOf(deps: DeskDeps, channel: Channel | undefined, message: Message): string | null {
  if (!channel) return 'its channel is not in use';
  if (message.direction !== 'in') return 'only messages of citizens are hidden';
  if (!isPublic(message.surface)) return 'nobody else sees this message: it does not stand in public';
  if (message.deleted_at) return 'it is not there any more';
  return deps.adapters[channel.adapter]?.moderate && channel.mode === 'automatic'
    ? null
    : `"${channel.adapter}" cannot hide messages; do it at the platform`;
}

function note(
  deps: DeskDeps,
  actor: Actor,
  { id: messageId, complaint_id }: Message,
  type: string,
  data: { [key: string]: string },
  reason?: string,
): Promise<void> {
  return deps.db
    .transaction()
    .execute((tx) =>
      record({ deps, tx, actor, at: deps.clock.now() }, complaint_id, type, { messageId, ...data }, reason),
    );
}
