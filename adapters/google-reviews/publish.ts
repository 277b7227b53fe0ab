import { ChannelError, type Finding, type Published, type Reply, type ReplyTarget } from '#contract';
import { callWith, withToken } from '../_google/call.ts';
import { type ErrorTable, GOOGLE_ERRORS } from '../_google/errors.ts';
import { lookUp } from '../_meta/match.ts';
import type { Pair } from '../_oauth/pair.ts';
import { watchReply } from './moderation.ts';
import { bytesOf, MOST_BYTES, renderReply } from './render.ts';
import { pathOf, readReview, readReviewWith, replyId, replyOf, type StandingReply } from './reviews.ts';
import type { Context, Settings } from './settings.ts';
import { changeWritten, confirmed, earlierThan, isOurs, opened, readWritten, settled } from './written.ts';

const WHAT = 'Membalas ulasan';

/** Of a reply itself, an invalid argument is its text (empty, too long). */
export const REPLY_ERRORS: ErrorTable = { ...GOOGLE_ERRORS, INVALID_ARGUMENT: ['content'] };

export const publish = {
  maxChars: MOST_BYTES,
  measure: bytesOf,
  surfaces: ['review'] as const,
  settleAfter: ({ lookFor }: Settings) => `${lookFor}ms`,
  idempotency: 'lookup' as const,
  send,
};

/**
 * A review has one reply, which a PUT makes or replaces (My Business API v4, `updateReply`). So all answers go out as one
 * text. What is on its way is noted before, so that it is known again after a doubtful end.
 */
async function send(reply: Reply, ctx: Context): Promise<Published> {
  if (bytesOf(reply.text) > MOST_BYTES) renderReply(reply.text, [], ctx.settings);
  const { objectId: name } = reply.target;
  const standing = await withToken(ctx, async (token) => {
    const text = await prepare(reply, ctx, token);
    return put(reply, ctx, token, text);
  });
  await watchReply(ctx, name, reply.key);
  return publishedAs(reply.target, standing);
}

/** Reads what stands there, and makes the text that carries it on. */
async function prepare({ text, key, target: { objectId: name } }: Reply, ctx: Context, token: Pair): Promise<string> {
  let whole = '';
  await changeWritten(ctx, name, async (old) => {
    const review = await readReviewWith(ctx, token, name, WHAT);
    if (!review) throw new ChannelError('refused', `${WHAT}: ulasannya sudah tidak ada`, { reason: 'gone' });
    if (review.reply && !isOurs(old, review.reply)) mindForeign(ctx);
    const known = settled(old, review);
    whole = renderReply(text, earlierThan(known, key), ctx.settings);
    return opened(known, { key, text, at: ctx.now().toISOString() }, whole);
  });
  return whole;
}

function mindForeign({ settings }: Context): void {
  if (settings.foreignReply === 'carry') return;
  const words = 'ada balasan yang ditulis di luar hub. Periksa di Google; hapus di sana, atau ubah foreignReply';
  throw new ChannelError('refused', `${WHAT}: ${words}`, { reason: 'forbidden' });
}

/** The one request that publishes. Under the row lock: another answer to this review waits, or has taken its turn. */
async function put({ key, target: { objectId: name } }: Reply, ctx: Context, token: Pair, comment: string) {
  let standing: StandingReply | undefined;
  await changeWritten(ctx, name, async (old) => {
    if (old.open.at(-1)?.key !== key)
      throw new ChannelError('retry', `${WHAT}: jawaban lain ke ulasan ini didahulukan`, { nothingSent: true });
    const url = `${ctx.settings.apiBase}/v4/${pathOf(name)}/reply`;
    const call = { what: WHAT, method: 'PUT' as const, url, json: { comment }, table: REPLY_ERRORS };
    standing = replyOf(await callWith(ctx, token, call));
    if (!standing) throw new ChannelError('retry', `${WHAT}: Google menjawab tanpa balasan yang membuktikannya`);
    return confirmed(old, key, standing);
  });
  return standing as StandingReply | undefined;
}

function publishedAs({ objectId, permalink }: ReplyTarget, standing: StandingReply | undefined): Published {
  if (!standing) throw new ChannelError('retry', `${WHAT}: tidak terbukti`);
  return { publishedId: replyId(objectId, standing), ...(permalink && { permalink }) };
}

/** Reads the review: only our account can reply to it, and what we were about to write is known. */
export const reconcile = (reply: Reply, ctx: Context): Promise<Finding> => lookUp(() => look(reply, ctx));

async function look({ key, target }: Reply, ctx: Context): Promise<Finding> {
  const name = target.objectId;
  const review = await readReview(ctx, name, 'Mencari balasan');
  if (!review?.reply) return 'absent';
  const before = await readWritten(ctx, name);
  const after = settled(before, review);
  // It stands when the present reply is the one that carried it, or one that was written after it.
  if (!isOurs(before, review.reply) || !after.answers.some((one) => one.key === key)) return 'absent';
  await changeWritten(ctx, name, (old) => settled(old, review));
  await watchReply(ctx, name, key);
  return { found: publishedAs(target, review.reply) };
}
