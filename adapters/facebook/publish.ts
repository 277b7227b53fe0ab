import type { Finding, Moderation, Published, Reply, ReplyTarget, Surface } from '#contract';
import { ChannelError } from '#contract';
import { personOf } from '../_meta/chat.ts';
import { findInChat, sendChat } from '../_meta/dm.ts';
import { graph, provenId } from '../_meta/graph.ts';
import { fieldsOf, idOf } from '../_meta/json.ts';
import { absentAfter, lookUp, tooLong } from '../_meta/match.ts';
import { commentUnder, findComment } from './comments.ts';
import type { Context } from './context.ts';
import type { Settings } from './settings.ts';

const CHAT_CHARS = 2_000;
const IMAGES = ['image/jpeg', 'image/png', 'image/gif'];
const SURFACES = ['comment', 'post', 'mention', 'message'] as const;

export const publish = {
  maxChars: CHAT_CHARS,
  surfaces: SURFACES,
  window: { message: '24h' },
  attachments: { maxCount: 1, maxBytes: 8 * 1024 * 1024, mimes: IMAGES },
  rules,
  privately: { maxChars: CHAT_CHARS, surfaces: ['comment', 'post'] as const, window: { comment: '7d', post: '7d' } },
  settleAfter: ({ lookFor }: Settings) => `${Math.min(10_000, lookFor)}ms`,
  idempotency: 'lookup' as const,
  send,
};

/** A chat takes text and file only as two messages, so it takes the text; a comment takes one photo with it. */
function rules(surface: Surface, { maxCommentChars, humanAgent }: Settings) {
  if (surface !== 'message') return { maxChars: maxCommentChars };
  return { window: { message: humanAgent ? '7d' : '24h' }, attachments: undefined };
}

async function send(reply: Reply, ctx: Context): Promise<Published> {
  const { target, text } = reply;
  if (target.privately) return sendPrivately(reply, ctx);
  const limit = target.surface === 'message' ? CHAT_CHARS : ctx.settings.maxCommentChars;
  if (text.length > limit) throw tooLong('Membalas');
  if (target.surface !== 'message') return commentUnder(nodeOf(target), reply, ctx);
  return sendChat(ctx, {
    reply,
    path: `/${ctx.channel.account}/messages`,
    tagged: ctx.settings.humanAgent,
    metadata: true,
  });
}

/** Where the reply goes: the comment, or for a reply of the citizen the comment above it; the post itself for a post. */
export const nodeOf = ({ ref, objectId }: ReplyTarget): string => idOf(fieldsOf(ref).node) ?? objectId;

const PRIVATE = 'Mengirim balasan pribadi';

/** Once for each comment or post, within seven days (Meta, "Private replies"). */
async function sendPrivately({ target, text, key }: Reply, ctx: Context): Promise<Published> {
  if (text.length > CHAT_CHARS) throw tooLong(PRIVATE);
  const recipient = target.surface === 'post' ? { post_id: target.objectId } : { comment_id: target.objectId };
  const answer = await graph(ctx, {
    what: PRIVATE,
    method: 'POST',
    path: `/${ctx.channel.account}/messages`,
    json: { recipient, message: { text, metadata: key } },
  });
  return { publishedId: provenId(answer, PRIVATE, 'message_id') };
}

/** Looks where the reply would stand. Its words alone prove nothing: it must be from our account, and not be older. */
export const reconcile = (reply: Reply, ctx: Context): Promise<Finding> =>
  lookUp(() => (reply.target.privately ? lookPrivately(reply, ctx) : lookAt(reply, ctx)));

async function lookAt(reply: Reply, ctx: Context): Promise<Finding> {
  const { target } = reply;
  const chat = { reply, person: personOf(target), platform: 'messenger' as const };
  const found =
    target.surface === 'message'
      ? await findInChat(ctx, { ...chat, path: `/${ctx.channel.account}/conversations` })
      : await findComment(nodeOf(target), reply, ctx);
  return found ?? absentAfter(reply, ctx.now(), ctx.settings.lookFor);
}

/** Nobody tells whose chat it went to. While it can still be sent, none has been; otherwise a person looks. */
async function lookPrivately(reply: Reply, ctx: Context): Promise<Finding> {
  const path = `/${encodeURIComponent(reply.target.objectId)}`;
  const answer = await graph(ctx, { what: PRIVATE, path, query: { fields: 'can_reply_privately' } });
  return answer.can_reply_privately === true ? absentAfter(reply, ctx.now(), ctx.settings.lookFor) : 'unknown';
}

const HIDE = { hide: 'Menyembunyikan komentar', unhide: 'Menampilkan komentar' };

/** Only this field: a text sent to this address would change the comment. */
export async function moderate(action: Moderation, target: ReplyTarget, ctx: Context): Promise<void> {
  const what = HIDE[action];
  const path = `/${encodeURIComponent(target.objectId)}`;
  const answer = await graph(ctx, { what, method: 'POST', path, json: { is_hidden: action === 'hide' } });
  if (answer.success !== true) throw new ChannelError('retry', `${what}: Meta tidak membenarkannya`);
}
