import type { Item, MessageItem, NormaliseContext, RawItem } from '#contract';
import { type Fields, fieldsOf, parseJson, textOf, urlOf } from '../_meta/json.ts';
import { digest, rawItem } from '../_meta/piece.ts';
import { topOf } from './api.ts';
import type { Context, Settings } from './settings.ts';

const made = ({ channel: { account } }: Context, key: string[], raw: Fields): RawItem =>
  rawItem('youtube', { account, key, raw });

/** A comment as it stands: that it was written and, where it was changed since, that as well. */
export function commentItems(ctx: Context, comment: Fields, queue: string | null = null): RawItem[] {
  const id = textOf(comment.id);
  const { publishedAt, updatedAt, textOriginal, textDisplay } = fieldsOf(comment.snippet);
  if (!id) return [];
  const about = { comment, ...(queue && { queue }) };
  const first = made(ctx, ['comment', id, 'add'], about);
  if (!(Date.parse(String(updatedAt)) > Date.parse(String(publishedAt)))) return [first];
  const words = digest(String(textOriginal ?? textDisplay)).slice(0, 8);
  return [first, made(ctx, ['comment', id, 'edit', String(updatedAt), words], { ...about, edited: true })];
}

/** It is no longer there: nobody tells when it went. */
export const goneItem = (ctx: Context, id: string): RawItem =>
  made(ctx, ['comment', id, 'gone'], { gone: id, at: ctx.now().toISOString() });

export function normalise(raw: string | Uint8Array, ctx: NormaliseContext<Settings>): Item | null {
  const event = fieldsOf(parsed(typeof raw === 'string' ? raw : new TextDecoder().decode(raw)));
  if (typeof event.gone === 'string') return { type: 'deletion', objectId: event.gone, at: String(event.at) };
  const comment = fieldsOf(event.comment);
  const id = textOf(comment.id);
  if (!id) throw new Error('This is no comment with an id');
  return messageOf(
    id,
    fieldsOf(comment.snippet),
    { edited: event.edited === true, held: event.queue !== undefined },
    ctx,
  );
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // A parser's error quotes what it read, and a citizen's words do not belong in a log.
    throw new Error('The event is not JSON');
  }
}

function messageOf(
  id: string,
  said: Fields,
  { edited, held }: { edited: boolean; held: boolean },
  { channel, settings }: NormaliseContext<Settings>,
): MessageItem {
  const thread = topOf(id);
  const author = textOf(fieldsOf(said.authorChannelId).value);
  const handle = textOf(said.authorDisplayName)?.slice(0, 200);
  const image = urlOf(said.imageUrl);
  const page = pageOf(said, settings.webUrl);
  const published = isoOf(said.publishedAt);
  return {
    ...{ type: 'message', objectId: id, threadId: thread, surface: 'comment' },
    ...{ at: edited ? isoOf(said.updatedAt) : published, occurredAt: published, ref: { thread } },
    text: textOf(said.textOriginal) ?? textOf(said.textDisplay) ?? '',
    ...(thread !== id && { parentId: thread }),
    ...(edited && { edited }),
    ...(author === channel.account && { fromUs: true }),
    ...(held && { unsure: true }),
    ...((author || handle) && { author: { ...(author && { id: author }), ...(handle && { handle }) } }),
    ...(image && { attachments: [{ url: image }] }),
    ...(page && { permalink: `${page}&lc=${encodeURIComponent(id)}`, context: { post: { permalink: page } } }),
  };
}

/** The video, or the community post, that it stands under. */
function pageOf({ videoId, postId }: Fields, webUrl: string): string | undefined {
  if (typeof videoId === 'string') return `${webUrl}/watch?v=${encodeURIComponent(videoId)}`;
  return typeof postId === 'string' ? `${webUrl}/post/${encodeURIComponent(postId)}?lb=1` : undefined;
}

function isoOf(time: unknown): string {
  const ms = Date.parse(String(time));
  if (Number.isNaN(ms)) throw new Error('This comment has no time that can be read');
  return new Date(ms).toISOString();
}
