import type { AttachmentSource, Item, MessageItem, NormaliseContext, RawItem, ReceiptItem } from '#contract';
import { type Fields, fieldsOf, listOf, parseJson, textOf, urlOf } from '../_meta/json.ts';
import { digest, rawItem } from '../_meta/piece.ts';
import { type Review, replyId, replyOf, reviewOf, type StandingReply } from './reviews.ts';
import type { Context, Settings } from './settings.ts';

const made = ({ channel: { account } }: Context, key: string[], raw: Fields): RawItem =>
  rawItem('google-reviews', { account, key, raw });

/** What a person changes of a review. Google's time of change is no proof: our own reply may move it. */
export const contentOf = ({ fields: { comment, starRating, reviewMediaItems } }: Review): string =>
  digest(
    JSON.stringify([comment, starRating, listOf(reviewMediaItems).map((one) => fieldsOf(one).thumbnailLabel)]),
  ).slice(0, 8);

export const reviewItem = (ctx: Context, review: Review): RawItem =>
  made(ctx, ['review', review.name, contentOf(review), review.updateTime], { review: review.fields });

/** It is no longer there: nobody tells when it went. */
export const goneItem = (ctx: Context, name: string): RawItem =>
  made(ctx, ['gone', name], { gone: name, at: ctx.now().toISOString() });

type Receipt = Pick<ReceiptItem, 'state' | 'reason'> & { key: string };

/** Known by the publication's key: the reply itself has no id. */
export function receiptItem(ctx: Context, { name, reply }: Review, { key, state, reason }: Receipt): RawItem {
  const objectId = reply ? replyId(name, reply) : `${name}/reply`;
  const at = ctx.now().toISOString();
  return made(ctx, ['receipt', key, state, reason ?? ''], { receipt: { objectId, at, key, state, reason } });
}

/** A reply that was not written by the hub. */
export const outsideItem = (ctx: Context, { name }: Review, reply: StandingReply): RawItem =>
  made(ctx, ['reply', name, reply.updateTime], { outside: { ...reply, reviewReplyState: reply.state }, name });

/** One review, the news that it is gone, or what became of our reply. */
export function normalise(raw: string | Uint8Array, { settings }: NormaliseContext<Settings>): Item | null {
  const event = fieldsOf(parsed(typeof raw === 'string' ? raw : new TextDecoder().decode(raw)));
  if (event.gone !== undefined) return { type: 'deletion', objectId: named(event.gone), at: String(event.at) };
  if (event.receipt !== undefined) return receiptOf(fieldsOf(event.receipt));
  if (event.outside !== undefined) return outsideOf(named(event.name), event.outside);
  const review = reviewOf(event.review);
  if (!review) throw new Error('This is no review with a name and a time');
  return messageOf(review, settings);
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // A parser's error quotes what it read, and a citizen's words do not belong in a log.
    throw new Error('The event is not JSON');
  }
}

function named(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error('This speaks of a review without its name');
}

function receiptOf({ objectId, at, key, state, reason }: Fields): ReceiptItem {
  return {
    ...{ type: 'receipt', objectId: named(objectId), at: String(at), publicationKey: named(key) },
    state: state as ReceiptItem['state'],
    ...(typeof reason === 'string' && { reason }),
  };
}

function outsideOf(name: string, given: unknown): MessageItem {
  const reply = replyOf(given);
  if (!reply) throw new Error('This is no reply with words and a time');
  return {
    ...{ type: 'message', objectId: replyId(name, reply), threadId: name, parentId: name, surface: 'review' },
    ...{ at: isoOf(reply.updateTime), fromUs: true, text: reply.comment },
  };
}

const STARS: Readonly<Record<string, number>> = { ONE: 1, TWO: 2, THREE: 3, FOUR: 4, FIVE: 5 };

/** One person has one review of a place: what they write later is an edit of it. */
function messageOf({ name, createTime, updateTime, fields }: Review, { locations }: Settings): MessageItem {
  const { text, full } = originalOf(textOf(fields.comment) ?? '');
  const rating = STARS[String(fields.starRating)];
  const author = textOf(fieldsOf(fields.reviewer).displayName)?.slice(0, 500);
  const attachments = listOf(fields.reviewMediaItems).flatMap((one) => fileOf(fieldsOf(one)));
  const permalink = urlOf(fields.reviewReplyUrl);
  const place = locations.find(({ id }) => name.includes(`/locations/${id}/`))?.name;
  const edited = Date.parse(updateTime) > Date.parse(createTime);
  return {
    ...{ type: 'message', objectId: name, threadId: name, surface: 'review', text },
    at: isoOf(edited ? updateTime : createTime),
    occurredAt: isoOf(createTime),
    ...(edited && { edited }),
    ...(full && { full: { text: full } }),
    ...(rating && { rating }),
    ...(text === '' && { title: titleOf(rating, attachments.length) }),
    ...(author && { author: { name: author } }),
    ...(attachments.length > 0 && { attachments }),
    ...(permalink && { permalink }),
    ...(place && { location: { text: place }, context: { post: { text: place } } }),
    ref: { name },
  };
}

const titleOf = (rating: number | undefined, photos: number): string =>
  [rating ? `Ulasan ${rating} bintang` : 'Ulasan', photos > 0 ? 'dengan foto, tanpa teks' : 'tanpa teks'].join(' ');

/** RFC 3339 with up to nine figures of a second, to milliseconds. */
function isoOf(time: string): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new Error('This review has a time that cannot be read');
  return new Date(ms).toISOString();
}

const TRANSLATED = '(Translated by Google)';
const ORIGINAL = '(Original)';

/** Google puts its own translation before or after what was written. Officers read the original; all of it is kept. */
function originalOf(comment: string): { text: string; full?: string } {
  const from = comment.indexOf(TRANSLATED);
  if (from < 0) return { text: comment };
  const original = comment.indexOf(ORIGINAL, from);
  const text = original < 0 ? comment.slice(0, from) : comment.slice(original + ORIGINAL.length);
  return text.trim() === '' ? { text: comment } : { text: text.trim(), full: comment };
}

function fileOf({ thumbnailUrl, videoUrl, thumbnailLabel }: Fields): AttachmentSource[] {
  const name = textOf(thumbnailLabel)?.slice(0, 1_000);
  return [urlOf(videoUrl), urlOf(thumbnailUrl)].flatMap((url) => (url ? [{ url, ...(name && { name }) }] : []));
}
