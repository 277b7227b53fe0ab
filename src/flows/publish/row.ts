import type { ReplyTarget } from '#contract';
import type { Message } from '../../store/schema.ts';

/** Where a publication goes. Without the author: the contact is looked up when it is sent. */
export function targetOf(message: Message): ReplyTarget & { messageId: string } {
  return {
    messageId: message.id,
    objectId: message.object_id,
    threadId: message.thread_id,
    surface: message.surface,
    ...(message.ref !== null && { ref: message.ref }),
    ...(message.permalink && { permalink: message.permalink }),
  };
}
