import {
  ChannelError,
  type Finding,
  type Moderation,
  type Published,
  type Reply,
  type ReplyTarget,
  type Surface,
} from '#contract';
import { personOf } from '../_meta/chat.ts';
import { findInChat, sendChat } from '../_meta/dm.ts';
import { INSTAGRAM_ERRORS } from '../_meta/errors.ts';
import { afterOf, dataOf, provenId } from '../_meta/graph.ts';
import { fieldsOf, idOf, textOf } from '../_meta/json.ts';
import { absentAfter, findOurs, lookedAt, lookUp, tooLong } from '../_meta/match.ts';
import { ask, type Context, chatPath, inFlavour, own } from './context.ts';
import type { Settings } from './settings.ts';

const CHAT_BYTES = 1_000;
const bytes = (text: string): number => Buffer.byteLength(text);
/** As people count: an emoji of two units is one character. */
const characters = (text: string): number => [...text].length;

export const publish = {
  maxChars: CHAT_BYTES,
  measure: bytes,
  surfaces: ['comment', 'mention', 'message'] as const,
  window: { message: '24h' },
  rules,
  privately: { maxChars: CHAT_BYTES, measure: bytes, surfaces: ['comment'] as const, window: { comment: '7d' } },
  settleAfter: ({ lookFor }: Settings) => `${Math.min(10_000, lookFor)}ms`,
  idempotency: 'lookup' as const,
  send,
};

function rules(surface: Surface, { maxCommentChars, humanAgent }: Settings) {
  if (surface !== 'message') return { maxChars: maxCommentChars, measure: characters };
  return { window: { message: humanAgent ? '7d' : '24h' } };
}

async function send(reply: Reply, given: Context): Promise<Published> {
  const ctx = inFlavour(given);
  const { target } = reply;
  if (target.privately) return sendPrivately(reply, ctx);
  if (target.surface !== 'message') return sendPublicly(reply, ctx);
  if (bytes(reply.text) > CHAT_BYTES) throw tooLong('Mengirim pesan');
  const { humanAgent: tagged } = ctx.settings;
  return sendChat(ctx, { reply, path: chatPath(ctx, 'messages'), tagged, metadata: false, table: INSTAGRAM_ERRORS });
}

const REPLY = 'Membalas di Instagram';

async function sendPublicly(reply: Reply, ctx: Context): Promise<Published> {
  const { media, comment, live, tagged } = fieldsOf(reply.target.ref);
  mustBeAllowed(reply.text, ctx.settings);
  if (live === true || tagged === true)
    throw new ChannelError('refused', `${REPLY}: Instagram tidak menerima balasan di sini`, { reason: 'unsupported' });
  const message = wordsOf(reply, ctx.settings);
  const mention = {
    media_id: idOf(media) ?? reply.target.objectId,
    ...(idOf(comment) && { comment_id: idOf(comment)! }),
  };
  const isMention = reply.target.surface === 'mention';
  const answer = await ask(ctx, {
    what: REPLY,
    method: 'POST',
    path: isMention ? `/${ctx.channel.account}/mentions` : `/${encodeURIComponent(nodeOf(reply.target))}/replies`,
    form: isMention ? { ...mention, message } : { message },
  });
  return { publishedId: provenId(answer, REPLY, 'id') };
}

const nodeOf = ({ ref, objectId }: ReplyTarget): string => idOf(fieldsOf(ref).node) ?? objectId;

/** Instagram turns away more than one link and more than four hashtags in a comment. */
function mustBeAllowed(text: string, { maxCommentChars }: Settings): void {
  if (characters(text) > maxCommentChars) throw tooLong(REPLY);
  const links = text.match(/https?:\/\//gi)?.length ?? 0;
  const hashtags = text.match(/(^|\s)#[\p{L}\p{N}_]/gu)?.length ?? 0;
  if (links > 1 || hashtags > 4)
    throw new ChannelError('refused', `${REPLY}: paling banyak satu tautan dan empat tagar`, { reason: 'content' });
}

/** An answer to a reply stands below the comment above it: it begins with the name of whom it is for, if there is room. */
function wordsOf({ text, target }: Reply, { addressReplies, maxCommentChars }: Settings): string {
  const handle = textOf(fieldsOf(target.ref).handle);
  const addressed = `@${handle} ${text}`;
  const wanted = addressReplies && handle && !text.startsWith('@') && characters(addressed) <= maxCommentChars;
  return wanted ? addressed : text;
}

const PRIVATE = 'Mengirim balasan pribadi';

async function sendPrivately({ target, text }: Reply, ctx: Context): Promise<Published> {
  if (bytes(text) > CHAT_BYTES) throw tooLong(PRIVATE);
  const json = { recipient: { comment_id: target.objectId }, message: { text } };
  const answer = await ask(ctx, { what: PRIVATE, method: 'POST', path: chatPath(ctx, 'messages'), json });
  return { publishedId: provenId(answer, PRIVATE, 'message_id') };
}

/** Of a mention elsewhere and of a private reply nothing can be looked up: a person decides. */
export const reconcile = (reply: Reply, given: Context): Promise<Finding> =>
  lookUp(async () => {
    const ctx = inFlavour(given);
    const { target } = reply;
    if (target.privately || target.surface === 'mention') return 'unknown';
    const chat = {
      reply,
      person: personOf(target),
      platform: 'instagram' as const,
      path: chatPath(ctx, 'conversations'),
    };
    const found =
      target.surface === 'message' ? await findInChat(ctx, { ...chat, own: own(ctx) }) : await findReply(reply, ctx);
    return found ?? absentAfter(reply, ctx.now(), ctx.settings.lookFor);
  });

const LOOK = 'Mencari balasan';
const MOST_PAGES = 20;

/** All replies below the comment: they come in no order that one could rely on. */
async function findReply(reply: Reply, ctx: Context): Promise<Finding | undefined> {
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = { fields: 'id,text,timestamp,username,from', limit: 50, after };
    const path = `/${encodeURIComponent(nodeOf(reply.target))}/replies`;
    const answer = await ask(ctx, { what: LOOK, path, query });
    const looked = dataOf(answer, LOOK).map((one) => lookedAt(one, own(ctx)));
    const found = findOurs(reply, wordsOf(reply, ctx.settings), looked);
    if (found) return found;
    after = afterOf(answer);
    if (after === undefined) return undefined;
  }
  return 'unknown';
}

const HIDE = { hide: 'Menyembunyikan komentar', unhide: 'Menampilkan komentar' };

export async function moderate(action: Moderation, target: ReplyTarget, given: Context): Promise<void> {
  const what = HIDE[action];
  const path = `/${encodeURIComponent(target.objectId)}`;
  const answer = await ask(inFlavour(given), { what, method: 'POST', path, form: { hide: String(action === 'hide') } });
  if (answer.success !== true) throw new ChannelError('retry', `${what}: Meta tidak membenarkannya`);
}
