import type { Item, MessageItem, NormaliseContext } from '#contract';
import { normaliseChat } from '../_meta/chat.ts';
import { eventOf, type Fields, fieldsOf, fromEither, fromGraphTime, idOf, textOf, urlOf } from '../_meta/json.ts';
import type { Settings } from './settings.ts';

/** One event of an Instagram account, as `unpack` or the poll made it. */
export function normalise(raw: string | Uint8Array, { receivedAt, settings }: NormaliseContext<Settings>): Item | null {
  const event = eventOf(raw);
  const account = idOf(event.account) ?? '';
  if (event.messaging !== undefined) return normaliseChat(account, fieldsOf(event.messaging), event.standby === true);
  const sentAt = fromEither(event.time) ?? receivedAt.toISOString();
  const value = fieldsOf(event.value);
  switch (event.field) {
    case 'comments':
    case 'live_comments':
      return commentItem({ account, sentAt, value, username: settings.username }, event);
    case 'mentions':
      return mentionItem(value, sentAt);
    case 'story_insights':
      return null;
    default:
      throw new Error('This event of an Instagram account is of no kind that is known');
  }
}

interface Change {
  account: string;
  /** Comments carry no time of their own: the latest at which it can have been written. */
  sentAt: string;
  value: Fields;
  username: string;
}

function commentItem(change: Change, { field, removed }: Fields): Item {
  const { value, sentAt } = change;
  const objectId = idOf(value.id) ?? idOf(value.comment_id);
  if (!objectId) throw new Error('A comment without its id');
  if (removed === true) return { type: 'deletion', objectId, at: sentAt };
  const parent = idOf(value.parent_id);
  const at = fromGraphTime(value.timestamp) ?? sentAt;
  const live = field === 'live_comments';
  return {
    ...{
      type: 'message',
      objectId,
      at,
      surface: 'comment',
      threadId: parent ?? objectId,
      text: textOf(value.text) ?? '',
    },
    ...(parent && { parentId: parent }),
    ...(isOwn(change) && { fromUs: true }),
    ...authorOf(value),
    ...(live && { title: 'Komentar siaran langsung' }),
    ...contextOf(value),
    ref: { node: parent ?? objectId, at, ...(parent && handleOf(value)), ...(live && { live }) },
  };
}

/** Our own comments come, too. The account's number may be another one here, so its name counts as well. */
function isOwn({ value, account, username }: Change): boolean {
  const { id, self_ig_scoped_id: self, username: name } = fieldsOf(value.from);
  const said = textOf(name) ?? textOf(value.username);
  return idOf(id) === account || self !== undefined || said?.replace(/^@/, '').toLowerCase() === username.toLowerCase();
}

function handleOf(value: Fields): { handle?: string } {
  const handle = textOf(fieldsOf(value.from).username) ?? textOf(value.username);
  return handle ? { handle } : {};
}

function authorOf(value: Fields): Pick<MessageItem, 'author'> {
  const id = idOf(fieldsOf(value.from).id);
  const { handle } = handleOf(value);
  return id || handle ? { author: { ...(id && { id }), ...(handle && { handle, name: handle }) } } : {};
}

function contextOf(value: Fields): Pick<MessageItem, 'context' | 'permalink'> {
  const permalink = urlOf(fieldsOf(value.media).permalink) ?? urlOf(value.permalink);
  return permalink ? { permalink, context: { post: { permalink } } } : {};
}

/** Somebody names the account elsewhere. What was written was read by `complete`, unless it cannot be seen. */
function mentionItem(value: Fields, sentAt: string): Item {
  const comment = idOf(value.comment_id);
  const media = idOf(value.media_id);
  const objectId = comment ?? media;
  if (!objectId) throw new Error('A mention without its id');
  const text = textOf(value.text);
  const at = fromGraphTime(value.timestamp) ?? sentAt;
  return {
    ...{ type: 'message', objectId, at, surface: 'mention', threadId: objectId, text: text ?? '' },
    ...authorOf(value),
    ...contextOf(value),
    ...(text === undefined && { title: 'Penyebutan akun yang isinya tidak dapat dibaca' }),
    ref: { media: media ?? objectId, at, ...(comment && { comment }), ...(value.tagged === true && { tagged: true }) },
  };
}
