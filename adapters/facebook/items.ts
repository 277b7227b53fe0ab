import type { AttachmentSource, Item, MessageItem, NormaliseContext } from '#contract';
import { normaliseChat } from '../_meta/chat.ts';
import { eventOf, type Fields, fieldsOf, fromEither, fromSeconds, idOf, listOf, textOf, urlOf } from '../_meta/json.ts';
import { fileAt } from '../_meta/media.ts';
import { POSTS } from '../_meta/split/page.ts';
import type { Settings } from './settings.ts';

/** One event of a page, as `unpack` or the poll made it. */
export function normalise(raw: string | Uint8Array, { receivedAt }: NormaliseContext<Settings>): Item | null {
  const event = eventOf(raw);
  const account = idOf(event.account) ?? '';
  if (event.messaging !== undefined) return normaliseChat(account, fieldsOf(event.messaging), event.standby === true);
  const change = { account, sentAt: fromEither(event.time) ?? receivedAt.toISOString(), value: fieldsOf(event.value) };
  switch (event.field) {
    case 'feed':
      return feedItem(change);
    case 'mention':
      return mentionItem(change);
    case 'ratings':
      return reviewItem(change);
    default:
      throw new Error('This event of a page is of no kind that is known');
  }
}

interface Change {
  account: string;
  /** When Meta sent it: the latest time at which it can have happened. */
  sentAt: string;
  value: Fields;
}

const EDITS: ReadonlySet<unknown> = new Set(['edit', 'edited', 'update']);
const REMOVALS: ReadonlySet<unknown> = new Set(['remove', 'delete']);
const VISIBILITY: Readonly<Record<string, [code: string, label: string]>> = {
  hide: ['hidden', 'Disembunyikan di Facebook'],
  unhide: ['visible', 'Ditampilkan lagi di Facebook'],
};

function feedItem(change: Change): Item | null {
  const { value, account, sentAt } = change;
  const { item, verb } = value;
  if (item !== 'comment' && !POSTS.has(item)) return known(item);
  const objectId = item === 'comment' ? idOf(value.comment_id) : postObject(value);
  if (!objectId) throw new Error(`A "${item}" without its id`);
  const own = authorId(value) === account;
  if (REMOVALS.has(verb)) {
    if (own && item === 'comment') return { type: 'receipt', objectId, at: sentAt, state: 'removed' };
    return { type: 'deletion', objectId, at: sentAt };
  }
  const seen = VISIBILITY[String(verb)];
  if (seen) return { type: 'status', objectId, at: sentAt, code: seen[0], label: seen[1] };
  // Our own posts are what citizens comment on, not what they complain of.
  if (own && item !== 'comment') return null;
  if (verb !== 'add' && !EDITS.has(verb)) return known(item);
  return { ...writtenItem(change, objectId, EDITS.has(verb)), ...placed(value, own, objectId) };
}

/** Things that happen on a page and are nothing anyone wrote to us. What has no name at all cannot be read. */
function known(item: unknown): null {
  if (typeof item === 'string' && item !== '') return null;
  throw new Error('A change of the page that does not say of what');
}

/** A further photo of a post stands beside the post's text, as a message of its own. */
function postObject(value: Fields): string | undefined {
  const post = idOf(value.post_id);
  const part = idOf(value.part);
  return post && part ? `${post}/${part}` : post;
}

const authorId = (value: Fields): string | undefined => idOf(fieldsOf(value.from).id) ?? idOf(value.sender_id);

function writtenItem(
  { value, sentAt }: Change,
  objectId: string,
  edited: boolean,
): Omit<MessageItem, 'threadId' | 'surface'> {
  const name = textOf(fieldsOf(value.from).name) ?? textOf(value.sender_name);
  const id = authorId(value);
  const created = fromSeconds(value.created_time);
  const at = edited ? (fromSeconds(value.edited_time) ?? sentAt) : (created ?? sentAt);
  const attachments = filesOf(value);
  const permalink = urlOf(value.permalink_url) ?? urlOf(fieldsOf(value.post).permalink_url);
  return {
    ...{ type: 'message', objectId, at, text: textOf(value.message) ?? '' },
    ...(edited && { edited: true }),
    ...((id || name) && { author: { ...(id && { id }), ...(name && { name }) } }),
    ...(attachments.length > 0 && { attachments }),
    ...(permalink && { permalink }),
    ...(created && { occurredAt: created }),
  };
}

/** Where it stands, and where an answer goes: the comment, or for a reply the comment above it. */
function placed(
  value: Fields,
  own: boolean,
  objectId: string,
): Pick<MessageItem, 'threadId' | 'surface'> & Partial<MessageItem> {
  const post = idOf(value.post_id);
  const at = fromSeconds(value.created_time);
  const about = { ...(own && { fromUs: true as const }) };
  if (value.item !== 'comment')
    return {
      ...about,
      surface: 'post',
      threadId: post ?? objectId,
      ref: { node: post ?? objectId, ...(at && { at }) },
    };
  const parent = idOf(value.parent_id);
  const isReply = parent !== undefined && parent !== post;
  const thread = isReply ? parent : objectId;
  const permalink = urlOf(fieldsOf(value.post).permalink_url);
  return {
    ...about,
    ...{ surface: 'comment', threadId: thread, ref: { node: thread, ...(at && { at }) } },
    ...(isReply && { parentId: parent }),
    ...(permalink && { context: { post: { permalink } } }),
  };
}

/** Addresses are signed and end soon: what they belong to can be asked for new ones. */
function filesOf(value: Fields): AttachmentSource[] {
  const of = idOf(value.comment_id) ?? idOf(value.post_id);
  const single = [
    value.photo,
    value.video,
    value.photo_id !== undefined || value.part !== undefined ? value.link : undefined,
  ];
  const urls = [...single, ...listOf(value.photos)].flatMap((url) => urlOf(url) ?? []);
  return [...new Set(urls)].map((url) => fileAt(url, undefined, of));
}

/** Somebody names the page elsewhere. Often only ids come, and `complete` could not see more. */
function mentionItem(change: Change): Item | null {
  const { value, sentAt } = change;
  const objectId = idOf(value.comment_id) ?? idOf(value.post_id);
  if (!objectId) throw new Error('A mention without its id');
  if (REMOVALS.has(value.verb)) return { type: 'deletion', objectId, at: sentAt };
  const item = writtenItem(change, objectId, EDITS.has(value.verb));
  const unseen =
    item.text === '' && !item.attachments ? { title: 'Penyebutan halaman yang isinya tidak dapat dibaca' } : {};
  return { ...item, ...unseen, surface: 'mention', threadId: objectId, ref: { node: objectId, at: item.at } };
}

const RECOMMENDS: Readonly<Record<string, string>> = {
  POSITIVE: 'Merekomendasikan',
  NEGATIVE: 'Tidak merekomendasikan',
};

/** Reviews: as much as still comes. They are answered by hand, on the page itself. */
function reviewItem({ value, sentAt }: Change): Item | null {
  if (value.item !== undefined && value.item !== 'rating') return known(value.item);
  const objectId = idOf(value.open_graph_story_id);
  if (!objectId) throw new Error('A review without its id');
  if (REMOVALS.has(value.verb)) return { type: 'deletion', objectId, at: sentAt };
  const edited = EDITS.has(value.verb);
  const name = textOf(value.reviewer_name);
  const id = idOf(value.reviewer_id);
  const stars = Number(value.rating);
  const title = RECOMMENDS[String(value.recommendation_type).toUpperCase()];
  return {
    ...{ type: 'message', objectId, threadId: objectId, surface: 'review', text: textOf(value.review_text) ?? '' },
    at: edited ? sentAt : (fromSeconds(value.created_time) ?? sentAt),
    ...(edited && { edited: true }),
    ...((id || name) && { author: { ...(id && { id }), ...(name && { name }) } }),
    ...(title && { title }),
    ...(Number.isInteger(stars) && stars >= 1 && stars <= 5 && { rating: stars }),
  };
}
