import type { Item, MessageItem, NormaliseContext } from '#contract';
import { eventOf, type Fields, fieldsOf, fromEither, fromSeconds, idOf, textOf, urlOf } from '../_meta/json.ts';
import type { Settings } from './settings.ts';

type Context = NormaliseContext<Settings>;

export function normalise(raw: string | Uint8Array, ctx: Context): Item | null {
  const event = eventOf(raw);
  const comment = fieldsOf(event.comment);
  switch (event.action) {
    case 'insert':
      return commentMessage(comment, fieldsOf(event.video), ctx);
    case 'delete':
      return deletionOf(comment, event.at);
    case 'HIDDEN':
    case 'FRIENDS_ONLY':
    case 'PUBLIC':
      return statusOf(event.action, comment, event.at);
    case 'mention':
      return mentionOf(fieldsOf(event.mention), ctx);
    case 'message':
      return ctx.settings.messages ? chatMessage(String(event.event), fieldsOf(event.content), ctx) : null;
    default:
      return otherEvent(fieldsOf(event.event));
  }
}

/** Of a comment it must be readable; the rest that the app may be told of is not for us. */
function otherEvent({ event }: Fields): null {
  if (typeof event === 'string' && event !== 'comment.update' && !event.startsWith('im_')) return null;
  throw new Error('This event of TikTok cannot be read');
}

function idIn(comment: Fields): string {
  const id = idOf(comment.comment_id);
  if (!id) throw new Error('This is no comment with an id');
  return id;
}

function timeIn(time: unknown): string {
  const at = fromSeconds(time);
  if (!at) throw new Error('This comment has no time that can be read');
  return at;
}

/** All replies of a thread stand below its first comment. */
function commentMessage(comment: Fields, video: Fields, { settings }: Context): MessageItem {
  const id = idIn(comment);
  const parent = idOf(comment.parent_comment_id);
  const top = parent && parent !== '0' ? parent : id;
  const videoId = idOf(comment.video_id);
  const image = urlOf(comment.image_url);
  const link = urlOf(video.url) ?? linkOf(videoId, settings);
  const caption = textOf(video.caption);
  const handle = textOf(comment.username)?.slice(0, 200);
  return {
    ...{ type: 'message', objectId: id, threadId: top, surface: 'comment', text: textOf(comment.text) ?? '' },
    at: timeIn(comment.create_time),
    ref: { thread: top, ...(videoId && { video: videoId }), ...(top !== id && handle && { name: handle }) },
    ...(top !== id && { parentId: top }),
    ...(comment.owner === true && { fromUs: true }),
    ...authorOf(comment),
    ...(image && { attachments: [{ url: image }] }),
    ...(link && { permalink: link }),
    ...((link || caption) && {
      context: { post: { ...(caption && { text: caption }), ...(link && { permalink: link }) } },
    }),
  };
}

/** `unique_identifier` is the same everywhere; `user_id` is being retired (TikTok, "Comment list"). */
function authorOf(comment: Fields): Pick<MessageItem, 'author'> {
  const id = idOf(comment.unique_identifier) ?? idOf(comment.user_id);
  const handle = textOf(comment.username)?.slice(0, 200);
  const name = textOf(comment.display_name)?.slice(0, 500);
  if (!id && !handle && !name) return {};
  return { author: { ...(id && { id }), ...(handle && { handle }), ...(name && { name }) } };
}

const linkOf = (video: string | undefined, { handle, webUrl }: Settings): string | undefined =>
  video && handle ? `${webUrl}/@${encodeURIComponent(handle)}/video/${encodeURIComponent(video)}` : undefined;

/** Of our own reply it is a receipt: that it went. */
function deletionOf(comment: Fields, seenAt: unknown): Item {
  const about = { objectId: idIn(comment), at: textOf(seenAt) ?? timeIn(comment.create_time) };
  if (comment.owner === true)
    return { type: 'receipt', ...about, state: 'removed', reason: 'Balasan tidak ada lagi di TikTok' };
  return { type: 'deletion', ...about };
}

const LABELS = {
  HIDDEN: 'Disembunyikan di TikTok',
  FRIENDS_ONLY: 'Hanya untuk teman di TikTok',
  PUBLIC: 'Tampil di TikTok',
};
const SILENTLY = 'TikTok tidak menampilkan balasan ini. Tulis dengan kalimat lain: balasan yang mirip dianggap spam';

/** A citizen's comment keeps TikTok's status beside ours; of our own reply it says whether it can be seen. */
function statusOf(status: keyof typeof LABELS, comment: Fields, seenAt: unknown): Item {
  const about = { objectId: idIn(comment), at: textOf(seenAt) ?? timeIn(comment.create_time) };
  if (comment.owner !== true) return { type: 'status', ...about, code: status, label: LABELS[status] };
  if (status === 'PUBLIC') return { type: 'receipt', ...about, state: 'visible' };
  return { type: 'receipt', ...about, state: 'rejected', reason: SILENTLY };
}

function mentionOf(mention: Fields, { channel }: Context): MessageItem {
  const video = idOf(mention.item_id);
  const comment = idOf(mention.comment_id);
  if (!video) throw new Error('This is no mention with a video');
  const link = urlOf(mention.video_link);
  const caption = textOf(mention.caption) ?? '';
  const handle = textOf(mention.creator_handle_name)?.slice(0, 200);
  const name = textOf(mention.commenter_display_name)?.slice(0, 500);
  const author = comment ? { ...(name && { name }) } : { ...(handle && { handle }) };
  return {
    ...{
      type: 'message',
      objectId: comment ?? `video ${video}`,
      threadId: comment ?? `video ${video}`,
      surface: 'mention',
    },
    at: timeIn(comment ? mention.comment_create_time : mention.create_time),
    text: comment ? (textOf(mention.comment_text) ?? '') : caption,
    ref: { video, account: channel.account, ...(comment && { thread: comment }) },
    ...(Object.keys(author).length > 0 && { author }),
    ...(link && { permalink: link }),
    ...(comment && { context: { post: { text: caption, ...(link && { permalink: link }) } } }),
  };
}

/** What comes from Europe comes without its content, and cannot be answered. */
function chatMessage(event: string, content: Fields, { channel }: Context): MessageItem | null {
  if (event.endsWith('_eu')) return null;
  const conversation = idOf(content.conversation_id);
  const id = idOf(content.message_id);
  const at = fromEither(content.timestamp);
  if (!conversation || !id || !at) throw new Error('This is no message with its ids and its time');
  const from = fieldsOf(content.from_user);
  const own = event.startsWith('im_send') || from.role === 'business_account' || from.id === channel.account;
  const author = idOf(content.unique_identifier) ?? idOf(from.id);
  const words = textOf(fieldsOf(content.text).body);
  return {
    ...{ type: 'message', objectId: id, threadId: conversation, surface: 'message', at },
    text: words ?? `[${textOf(content.type) ?? 'pesan'}: hanya dapat dilihat di TikTok]`,
    ref: { conversation },
    ...(own ? { fromUs: true } : author && { author: { id: author } }),
  };
}
