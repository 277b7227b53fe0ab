import {
  ChannelError,
  type Finding,
  type Moderation,
  type Published,
  type Reply,
  type ReplyTarget,
  type Surface,
} from '#contract';
import { type Fields, fieldsOf, fromSeconds, idOf, textOf } from '../_meta/json.ts';
import { absentAfter, findOurs, type Looked, lookUp, tooLong } from '../_meta/match.ts';
import { tiktok } from './api.ts';
import { listReplies } from './comments.ts';
import type { Context, Settings } from './settings.ts';

const WHAT = 'Membalas komentar';
const CHAT_CHARS = 6_000;
const MOST_PAGES = 20;

/** As TikTok counts: characters, not UTF-16 units. */
const measure = (text: string): number => [...text].length;

export const publish = {
  maxChars: 1_200,
  measure,
  surfaces: ['comment', 'mention', 'message'] as const,
  window: { message: '48h' },
  rules,
  settleAfter: ({ lookFor }: Settings) => `${Math.min(60_000, lookFor)}ms`,
  idempotency: 'lookup' as const,
  send,
};

/** What goes before an answer to a reply counts as well. */
const NAME_CHARS = 26;

function rules(surface: Surface, { maxChars, mention }: Settings) {
  if (surface === 'message') return { maxChars: CHAT_CHARS };
  return { maxChars: mention ? Math.max(1, maxChars - NAME_CHARS) : maxChars };
}

/** What stands there afterwards: an answer to a reply names whom it is for, as it stands below the thread's first comment. */
function wordsOf({ text, target }: Reply, { mention }: Settings): string {
  const name = textOf(fieldsOf(target.ref).name)?.slice(0, NAME_CHARS - 2);
  return mention && name ? `@${name} ${text}` : text;
}

async function send(reply: Reply, ctx: Context): Promise<Published> {
  const { text, target } = reply;
  if (target.surface === 'message') return sendMessage(reply, ctx);
  if (measure(text) > rules(target.surface, ctx.settings).maxChars) throw tooLong(WHAT);
  const at = placeOf(target, WHAT);
  const data = await tiktok(ctx, {
    ...{ what: WHAT, method: 'POST', path: '/business/comment/reply/create/' },
    json: {
      ...{ business_id: ctx.channel.account, video_id: at.video, comment_id: at.comment },
      text: wordsOf(reply, ctx.settings),
    },
  });
  return proven(data, 'comment_id', WHAT);
}

function proven(data: Fields, name: string, what: string): Published {
  const publishedId = idOf(data[name]);
  if (!publishedId) throw new ChannelError('retry', `${what}: TikTok menjawab tanpa nomor yang membuktikannya`);
  return { publishedId };
}

/** Video and the first comment of the thread. A video of somebody else, that only names us, has neither. */
function placeOf({ ref, objectId, threadId }: ReplyTarget, what: string): { video: string; comment: string } {
  const { video, thread } = fieldsOf(ref);
  const comment = idOf(thread) ?? (threadId || objectId);
  if (idOf(video) && !comment.startsWith('video ')) return { video: idOf(video) ?? '', comment };
  throw new ChannelError('refused', `${what}: video orang lain hanya dapat dijawab langsung di TikTok`, {
    reason: 'unsupported',
  });
}

/** Within 48 hours after the citizen wrote ("Business messaging"). */
async function sendMessage({ text, target }: Reply, ctx: Context): Promise<Published> {
  const what = 'Mengirim pesan';
  if (!ctx.settings.messages)
    throw new ChannelError('refused', `${what}: pesan TikTok tidak dinyalakan di berkas kanal`, {
      reason: 'unsupported',
    });
  if (measure(text) > CHAT_CHARS) throw tooLong(what);
  const data = await tiktok(ctx, {
    ...{ what, method: 'POST', path: '/business/message/send/' },
    json: {
      ...{ business_id: ctx.channel.account, recipient_type: 'CONVERSATION', recipient: target.threadId },
      ...{ message_type: 'TEXT', text: { body: text } },
    },
  });
  return proven(fieldsOf(data.message ?? data), 'message_id', what);
}

/**
 * Reads all replies below the comment: by our account, with the same words, not older than the first try. Nobody tells
 * what stands in a chat: a person looks.
 */
export const reconcile = (reply: Reply, ctx: Context): Promise<Finding> =>
  reply.target.surface === 'message' ? Promise.resolve('unknown') : lookUp(() => look(reply, ctx));

async function look(reply: Reply, ctx: Context): Promise<Finding> {
  const at = placeOf(reply.target, 'Mencari balasan');
  let cursor = 0;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { rows, next } = await listReplies(ctx, at, cursor);
    const found = findOurs(reply, wordsOf(reply, ctx.settings), rows.map(lookedAt));
    if (found) return found;
    // It is counted from when its fate became unknown: the looks before were clean, too.
    if (next === undefined) return absentAfter(reply, ctx.now(), ctx.settings.lookFor);
    cursor = next;
  }
  return 'unknown';
}

const lookedAt = (one: Fields): Looked => ({
  ours: typeof one.owner === 'boolean' ? one.owner : undefined,
  id: idOf(one.comment_id) ?? '',
  text: textOf(one.text) ?? '',
  at: Date.parse(fromSeconds(one.create_time) ?? ''),
});

const ACTIONS = { hide: ['HIDE', 'Menyembunyikan komentar'], unhide: ['UNHIDE', 'Menampilkan komentar'] } as const;

export async function moderate(action: Moderation, target: ReplyTarget, ctx: Context): Promise<void> {
  const [word, what] = ACTIONS[action];
  const { video } = placeOf(target, what);
  await tiktok(ctx, {
    ...{ what, method: 'POST', path: '/business/comment/hide/' },
    json: { business_id: ctx.channel.account, video_id: video, comment_id: target.objectId, action: word },
  });
}
