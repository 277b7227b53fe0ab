import { type Item, isPublic, type MessageItem, type State } from '#contract';
import { isPlainThanks } from './text.ts';

/** What the register knows about an item's object, its thread and the message it quotes. */
export interface Known {
  /** The message with the item's object id. */
  message?: { id: string; complaintId: string; forwarded?: boolean };
  /** The message that the item answers. */
  parent?: { complaintId: string; ours: boolean };
  /** The newest complaint of the thread (a merged one followed to its parent). */
  thread?: { complaintId: string; state: State };
  /** The publication whose published id or key this is. */
  publication?: { id: string; complaintId: string; settled: boolean };
  /** The complaint with the ticket number that the writer names. */
  ticket?: { complaintId: string; state: State };
  /** Those of these complaints in which the item's author wrote before. Filled for what is only claimed. */
  wroteIn?: ReadonlySet<string>;
  /** Is a report of ours with the same words on its way there, or its fate unknown? */
  forwardUnderway?: boolean;
  /** Is a reply of ours in this thread still on its way, or its fate unknown? */
  replyUnderway?: boolean;
}

/** What is to be done with an item. */
export type Decision =
  | { do: 'open'; state: 'new' | 'received' }
  /** `stranger`: nobody knows whether its author belongs here, so no answer goes there by itself. */
  | { do: 'join'; complaintId: string; reaction: boolean; stranger: boolean }
  | { do: 'version'; messageId: string; complaintId: string }
  | { do: 'delete'; messageId: string; complaintId: string }
  | { do: 'status'; complaintId: string }
  /** `proves`: the fate of this publication was unknown, and the platform speaks of it by its key. */
  | { do: 'receipt'; publicationId: string; proves: boolean }
  /** A platform shows us our own reply whose fate was unknown: that settles it. */
  | { do: 'settle'; publicationId: string }
  /** Our account answered without the hub. */
  | { do: 'outside'; complaintId: string }
  | { do: 'ignore'; reason: string }
  /** It speaks of something that has not come yet; looked at again when that comes. */
  | { do: 'pending'; reason: string };

/** Another report with the same words waits as well, until the fate of ours is known. */
export const FORWARD_UNDERWAY = 'a report of ours with these words is on its way there';

const OPEN: ReadonlySet<State> = new Set([
  'new',
  'received',
  'incomplete',
  'verified',
  'dispatched',
  'in_progress',
  'awaiting_approval',
]);

export const isOpen = (state: State): boolean => OPEN.has(state);

/** Threading, in one place. Pure. */
export function decide(item: Item, known: Known): Decision {
  switch (item.type) {
    case 'message':
      return decideMessage(item, known);
    case 'deletion':
      if (!known.message) return { do: 'pending', reason: 'its message has not come yet' };
      return { do: 'delete', messageId: known.message.id, complaintId: known.message.complaintId };
    case 'status':
      if (!known.message) return { do: 'pending', reason: 'its report has not come yet' };
      return { do: 'status', complaintId: known.message.complaintId };
    case 'receipt':
      if (!known.publication) return { do: 'pending', reason: 'no publication has this id yet' };
      return {
        do: 'receipt',
        publicationId: known.publication.id,
        proves: !known.publication.settled && item.publicationKey !== undefined,
      };
  }
}

function decideMessage(item: MessageItem, known: Known): Decision {
  if (known.message && item.fromUs && !item.edited) return { do: 'ignore', reason: 'echo of what stands here already' };
  if (known.message?.forwarded) return { do: 'ignore', reason: 'a report of ours, read back' };
  if (known.message) return { do: 'version', messageId: known.message.id, complaintId: known.message.complaintId };
  if (item.fromUs) return decideOurs(known);
  if (known.forwardUnderway) return { do: 'pending', reason: FORWARD_UNDERWAY };
  return decideTheirs(item, known) ?? { do: 'open', state: isPublic(item.surface) || item.unsure ? 'new' : 'received' };
}

/** Evidence from the strongest to the weakest. What anyone can claim counts only for those who wrote there before. */
function decideTheirs(item: MessageItem, known: Known): Decision | undefined {
  const { thread, parent, ticket } = known;
  const isStranger = (complaintId: string) => !known.wroteIn?.has(complaintId);
  const join = (complaintId: string, open: boolean): Decision => ({
    do: 'join',
    complaintId,
    reaction: !open && !item.automated && !isPlainThanks(item.text),
    stranger: (item.claimed ?? false) && isStranger(complaintId),
  });
  if (thread && (isOpen(thread.state) || thread.state === 'answered' || thread.state === 'duplicate'))
    return join(thread.complaintId, isOpen(thread.state));
  if (parent?.ours && !(item.claimed && isStranger(parent.complaintId))) return join(parent.complaintId, false);
  // Below a report there is nothing but that report, however it ended.
  const below = item.surface === 'report' && item.parentId === item.threadId && !item.claimed;
  if (parent && below) return join(parent.complaintId, false);
  if (ticket && !isStranger(ticket.complaintId)) return join(ticket.complaintId, isOpen(ticket.state));
  return undefined;
}

/** An echo is never a new complaint. */
function decideOurs(known: Known): Decision {
  if (known.publication) {
    return known.publication.settled
      ? { do: 'ignore', reason: 'echo of a publication' }
      : { do: 'settle', publicationId: known.publication.id };
  }
  if (known.replyUnderway) return { do: 'pending', reason: 'a reply of ours is still on its way here' };
  const complaintId = known.thread?.complaintId ?? known.parent?.complaintId;
  return complaintId ? { do: 'outside', complaintId } : { do: 'ignore', reason: 'written by our own account' };
}

/** One version of a message's text. */
export interface Version {
  at: Date;
  hash: Buffer;
}

/** Does `a` come after `b`? The newer event time wins, whatever came first; equal times are settled by the text's hash. */
export function isNewer(a: Version, b: Version): boolean {
  const difference = a.at.getTime() - b.at.getTime();
  return difference !== 0 ? difference > 0 : Buffer.compare(a.hash, b.hash) > 0;
}
