import { createHash } from 'node:crypto';
import { type AnswerRules, ChannelError, type Published, type Reply, type Surface } from '#contract';
import { fieldsOf, idOf } from '../_meta/json.ts';
import { tooLong } from '../_meta/match.ts';
import { x } from './call.ts';
import { bookReply, mindReply } from './cost.ts';
import { idIn } from './ids.ts';
import type { Context, Settings } from './settings.ts';
import { measureIn, roomOf, splitText } from './split.ts';
import { upload } from './upload.ts';
import { hasUrl, weigh } from './weigh.ts';

const WHAT = 'Membalas di X';
/** X, "Send a direct message". */
const DM_CHARS = 10_000 - 20;
const IMAGES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif'];
const MOST_BYTES = 5 * 1024 * 1024;
const pictures = (maxCount: number) => ({ maxCount, maxBytes: MOST_BYTES, mimes: IMAGES });

export const publish = {
  maxChars: roomOf(280),
  measure: measureIn(roomOf(280)),
  surfaces: ['mention', 'message'] as const,
  attachments: pictures(4),
  rules,
  split: (text: string, { surface, settings }: { surface: Surface; settings: Settings }) =>
    surface === 'message' ? [text] : splitText(text, roomOf(settings.maxChars)),
  settleAfter: ({ lookFor }: Settings) => `${Math.min(20_000, lookFor)}ms`,
  sendTimeout: '60s',
  idempotency: 'lookup' as const,
  send,
};

function rules(surface: Surface, { maxChars, maxParts }: Settings): Partial<Omit<AnswerRules, 'surfaces'>> {
  if (surface === 'message') return { maxChars: DM_CHARS, measure: (text) => text.length, attachments: pictures(1) };
  const room = roomOf(maxChars);
  return { maxChars: room * maxParts, measure: measureIn(room) };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * Ends each post, so that no two of ours are the same text (X refuses that), and ours is found again. Of a part it says which
 * one it is.
 */
export function markOf({ key, part }: Pick<Reply, 'key' | 'part'>): string {
  const bytes = createHash('sha256').update(key).digest();
  const code = Array.from({ length: 6 }, (_, n) => LETTERS[(bytes[n] ?? 0) % 32]).join('');
  return part ? `[${part.number}/${part.of} ${code}]` : `[${code}]`;
}

const FORBIDDEN =
  'X hanya mengizinkan balasan ke kiriman yang menyebut atau mengutip akun kita. Jawab lewat pesan langsung, atau manual di x.com';

async function send(reply: Reply, ctx: Context): Promise<Published> {
  const isDm = reply.target.surface === 'message';
  if (isDm ? reply.text.length > DM_CHARS : weigh(reply.text) > roomOf(ctx.settings.maxChars)) throw tooLong(WHAT);
  if (!isDm && fieldsOf(reply.target.ref).replyable === false && !ctx.settings.answerAny)
    throw new ChannelError('refused', `${WHAT}: ${FORBIDDEN}.`, { reason: 'forbidden' });
  const price = priceOf(reply, ctx.settings);
  await mindReply(ctx, price);
  const media: string[] = [];
  for (const file of reply.files) media.push(await upload(ctx, file, isDm ? 'dm' : 'tweet'));
  await bookReply(ctx, price);
  try {
    return await (isDm ? direct : post)(reply, media, ctx);
  } catch (error) {
    // What X turned away was not published, and is not charged for.
    if (error instanceof ChannelError && error.nothingSent) await bookReply(ctx, -price);
    throw error;
  }
}

function priceOf({ target, text, part }: Reply, { cost: { prices } }: Settings): number {
  if (target.surface === 'message') return prices.dm;
  if (hasUrl(text)) return prices.postWithUrl;
  return part && part.number > 1 ? prices.post : prices.reply;
}

/** What it is hung below: the citizen's post, or our part before it. */
export function aboveOf({ target, part }: Reply): string {
  const before = part?.before.at(-1);
  const ours = before && (idIn(before.publishedId) ?? idIn(before.permalink ?? ''));
  return ours ?? idOf(fieldsOf(target.ref).post) ?? target.objectId;
}

export const permalinkOf = ({ settings }: Context, id: string): string =>
  `${settings.webUrl}/${settings.username}/status/${id}`;

async function post(reply: Reply, media: string[], ctx: Context): Promise<Published> {
  const body = {
    text: `${reply.text} ${markOf(reply)}`,
    reply: { in_reply_to_tweet_id: aboveOf(reply) },
    ...(media.length > 0 && { media: { media_ids: media } }),
  };
  const { data } = await x(ctx, { what: WHAT, method: 'POST', path: 'tweets', body });
  const id = provenBy(fieldsOf(data).id);
  return { publishedId: id, permalink: permalinkOf(ctx, id) };
}

export const participantOf = ({ target }: Reply): string =>
  idOf(fieldsOf(target.ref).participant) ?? target.author?.id ?? '';

async function direct(reply: Reply, media: string[], ctx: Context): Promise<Published> {
  const [media_id] = media;
  const body = { text: `${reply.text} ${markOf(reply)}`, ...(media_id && { attachments: [{ media_id }] }) };
  const path = 'dm_conversations/with/:participant/messages';
  const params = { participant: participantOf(reply) };
  const { data } = await x(ctx, { what: WHAT, method: 'POST', path, params, body });
  return { publishedId: provenBy(fieldsOf(data).dm_event_id) };
}

function provenBy(id: unknown): string {
  const proof = idOf(id);
  if (!proof) throw new ChannelError('retry', `${WHAT}: X menjawab tanpa nomor yang membuktikannya`);
  return proof;
}
