import { z } from 'zod';
import { ChannelError, type RawItem } from '#contract';
import { goneItem, outsideItem, receiptItem } from './items.ts';
import { type Review, readReview } from './reviews.ts';
import type { Context } from './settings.ts';
import { changeWritten, isOurs, markOf, settled, type Written } from './written.ts';

/** Replies whose fate at Google is not final, by the review's name. Times in ISO 8601. */
const watched = z.record(z.string(), z.object({ key: z.string(), since: z.string(), checks: z.int() }));
type Watched = z.infer<typeof watched>;

const ROW = 'moderation';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** When to look after a reply was written: nobody says how long Google takes. After the last, once a day. */
const STEPS_MS = [0, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS, 6 * 60 * MINUTE_MS, DAY_MS];
const MOST_AT_ONCE = 10;
const MOST_WATCHED = 1_000;
const GIVE_UP_MS = 60 * DAY_MS;
/** What was just written may not show yet. */
const SETTLE_MS = 5 * MINUTE_MS;

const read = (value: unknown): Watched => watched.catch({}).parse(value ?? {});

export async function watchReply(ctx: Context, name: string, key: string): Promise<void> {
  await ctx.store.update(ROW, async (old) => {
    const { [name]: _, ...others } = read(old);
    const newest = Object.entries(others).slice(1 - MOST_WATCHED);
    return { ...Object.fromEntries(newest), [name]: { key, since: ctx.now().toISOString(), checks: 0 } };
  });
}

/** Those that are final. Told to the next page, when the receipts of this one are safely stored. */
export const closing = z.array(z.strictObject({ name: z.string(), key: z.string() }));
export type Closing = z.infer<typeof closing>;

export async function closeWatched(ctx: Context, done: Closing): Promise<void> {
  if (done.length === 0) return;
  await ctx.store.update(ROW, async (old) => {
    const isDone = (name: string, key: string) => done.some((one) => one.name === name && one.key === key);
    return Object.fromEntries(Object.entries(read(old)).filter(([name, { key }]) => !isDone(name, key)));
  });
}

/** Looks again at the replies whose time has come. */
export async function checkReplies(ctx: Context): Promise<{ items: RawItem[]; closed: Closing }> {
  const now = ctx.now().getTime();
  const all = Object.entries(read(await ctx.store.get(ROW)));
  const due = all.filter(([, one]) => now - Date.parse(one.since) >= waitOf(one.checks)).slice(0, MOST_AT_ONCE);
  const seen = [];
  for (const [name, one] of due) seen.push({ name, key: one.key, ...(await checked(ctx, name, one)) });
  if (due.length > 0) await countChecks(ctx, new Set(due.map(([name]) => name)));
  const closed = seen.filter(({ final }) => final).map(({ name, key }) => ({ name, key }));
  return { items: seen.flatMap((one) => one.items), closed };
}

const waitOf = (checks: number): number => STEPS_MS[checks] ?? (checks - STEPS_MS.length + 2) * DAY_MS;

async function countChecks(ctx: Context, names: ReadonlySet<string>): Promise<void> {
  await ctx.store.update(ROW, async (old) => {
    const counted = Object.entries(read(old)).map(([name, one]) => [
      name,
      names.has(name) ? { ...one, checks: one.checks + 1 } : one,
    ]);
    return Object.fromEntries(counted);
  });
}

/** One that cannot be read now must not keep the others from being looked at. */
async function checked(ctx: Context, name: string, one: Watched[string]) {
  try {
    return await check(ctx, name, one);
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'refused') return { items: [], final: false };
    throw error;
  }
}

async function check(ctx: Context, name: string, { key, since }: Watched[string]) {
  const review = await readReview(ctx, name, 'Memeriksa balasan');
  if (!review) return { items: [goneItem(ctx, name)], final: true };
  const written = await changeWritten(ctx, name, (old) => settled(old, review));
  const age = ctx.now().getTime() - Date.parse(since);
  const { state, reason, final } = judge(review, written, age);
  const items = state ? [receiptItem(ctx, review, { key, state, ...(reason && { reason }) })] : [];
  return { items: [...items, ...foreign(ctx, review, written)], final: final || age > GIVE_UP_MS };
}

const foreign = (ctx: Context, review: Review, written: Written): RawItem[] =>
  review.reply && !isOurs(written, review.reply) ? [outsideItem(ctx, review, review.reply)] : [];

interface Judgement {
  state?: 'sent' | 'visible' | 'rejected' | 'removed';
  reason?: string;
  final: boolean;
}

/** What the present reply says of the one that was written `age` milliseconds ago. Pure. */
export function judge({ reply }: Pick<Review, 'reply'>, written: Written, age: number): Judgement {
  if (!reply) {
    if (age < SETTLE_MS) return { final: false };
    return { state: 'removed', reason: 'Balasan tidak ada lagi di Google', final: true };
  }
  if (!isOurs(written, reply)) return { state: 'removed', reason: 'Balasan diganti di luar hub', final: true };
  // An older reply of ours: the newer one does not show yet.
  if (written.marks.at(-1) !== markOf(reply.comment) && age < SETTLE_MS) return { final: false };
  if (reply.state === 'PENDING') return { state: 'sent', reason: 'Google masih memeriksa balasan', final: false };
  if (reply.state === 'REJECTED') return { state: 'rejected', reason: reasonOf(reply.violation), final: true };
  return { state: 'visible', final: true };
}

const PROFILE = /^(LOCATION_|OWNERSHIP_|ACCOUNT_|ASSOCIATED_|EDITING_|BUSINESS_)/;
const CONTENT: Readonly<Record<string, string>> = {
  PERSONAL_INFO: 'memuat data pribadi',
  ADVERTISING_AND_SOLICITATION: 'dianggap iklan',
  OFF_TOPIC: 'dianggap di luar topik',
  OFFENSIVE: 'dianggap menyinggung',
  HARASSMENT: 'dianggap melecehkan',
  REPETITIVE: 'terlalu mirip dengan balasan lain',
  GIBBERISH_AND_REPETITIVE: 'tidak bermakna atau berulang',
  OBSCENITY_AND_PROFANITY: 'memuat kata kasar',
};

/** `ReviewReply.policyViolation` in words for operators; values that are new stay readable. Pure. */
export function reasonOf(violation: string): string {
  const code = violation || 'tanpa alasan';
  if (violation === 'MODERATION_ERROR') return `Google gagal memeriksa balasan (${code}). Kirim jawaban sekali lagi`;
  if (PROFILE.test(violation)) return `Profil lokasi bermasalah (${code}). Perbaiki di business.google.com`;
  const words = CONTENT[violation] ?? 'melanggar aturan isi';
  return `Ditolak Google: ${words} (${code}). Tulis jawaban dengan kata lain`;
}
