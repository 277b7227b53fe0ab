import { z } from 'zod';
import type { ChannelError } from '#contract';
import { spent } from './errors.ts';
import type { Context, Settings } from './settings.ts';

/** Money is counted in millionths of a dollar, so that nothing is rounded away. */
const MILLION = 1_000_000;
const micro = (dollars: number): number => Math.round(dollars * MILLION);

const ledger = z.object({
  /** When the month of the bill began; ISO date. */
  month: z.string(),
  reads: z.int(),
  replies: z.int(),
  /** What X has charged for today (UTC): the same again is free. */
  day: z.string(),
  seen: z.array(z.string()),
});
export type Ledger = z.infer<typeof ledger>;

export const SPENT = 'quotaSpent';
const ROW = 'cost';
/** More are counted again. */
const MOST_SEEN = 5_000;

/** The month of the bill: when it began and when it ends, at midnight UTC. Pure. */
export function billMonth(now: Date, startDay: number): { from: Date; until: Date } {
  const begun = now.getUTCDate() >= startDay ? 0 : -1;
  const at = (months: number) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + begun + months, startDay));
  return { from: at(0), until: at(1) };
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
export const refillOf = (ctx: Pick<Context, 'now' | 'settings'>): Date =>
  billMonth(ctx.now(), ctx.settings.cost.startDay).until;

function current(value: unknown, { now, settings }: Context): Ledger {
  const month = dayOf(billMonth(now(), settings.cost.startDay).from);
  const day = dayOf(now());
  const kept = ledger.safeParse(value);
  if (!kept.success || kept.data.month !== month) return { month, reads: 0, replies: 0, day, seen: [] };
  return kept.data.day === day ? kept.data : { ...kept.data, day, seen: [] };
}

export const readLedger = async (ctx: Context): Promise<Ledger> => current(await ctx.store.get(ROW), ctx);

/** What was read, by its ids, each at its price in dollars. The same thing costs once a day. */
export async function bookReads(ctx: Context, read: readonly { id: string; price: number }[]): Promise<void> {
  if (read.length === 0) return;
  await ctx.store.update(ROW, async (old) => {
    const now = current(old, ctx);
    const known = new Set(now.seen);
    const fresh = read.filter(({ id }) => !known.has(id));
    const reads = now.reads + fresh.reduce((sum, { price }) => sum + micro(price), 0);
    return { ...now, reads, seen: [...now.seen, ...fresh.map(({ id }) => id)].slice(-MOST_SEEN) };
  });
}

/** Before it is sent: what lands and is never answered costs as well. A negative price takes it back. */
export async function bookReply(ctx: Context, price: number): Promise<void> {
  await ctx.store.update(ROW, async (old) => {
    const now = current(old, ctx);
    return { ...now, replies: Math.max(0, now.replies + micro(price)) };
  });
}

/** Dollars that are left; `null`: there is no cap. Pure. */
export function leftOf({ reads, replies }: Ledger, { cost }: Settings): number | null {
  return cost.monthly === null ? null : Math.max(0, micro(cost.monthly) - reads - replies) / MILLION;
}

/** May reading cost so much more? What is set aside for answers is never touched. Pure. */
export function mayRead({ reads, replies }: Ledger, { cost }: Settings, price: number): boolean {
  if (cost.monthly === null) return true;
  return reads + micro(price) <= micro(cost.monthly) - Math.max(micro(cost.replies), replies);
}

/**
 * May something that is only useful be read as well? Not ahead of an even pace over the month, so that it never takes from
 * what must be read. Pure.
 */
export function maySpare(ledger: Ledger, settings: Settings, price: number, now: Date): boolean {
  const { monthly, replies, startDay } = settings.cost;
  if (monthly === null) return true;
  const { from, until } = billMonth(now, startDay);
  const share = (now.getTime() - from.getTime()) / (until.getTime() - from.getTime());
  return ledger.reads + micro(price) <= (micro(monthly) - Math.max(micro(replies), ledger.replies)) * share;
}

/** Throws where the month has no more for reading. `price`: the most that the next call can cost, in dollars. */
export async function mindReads(ctx: Context, price: number): Promise<void> {
  if (mayRead(await readLedger(ctx), ctx.settings, price)) return;
  throw over(ctx, 'Anggaran bulanan X untuk membaca habis. Jawaban tetap terkirim');
}

/** Throws where the month has no more for this answer. */
export async function mindReply(ctx: Context, price: number): Promise<void> {
  const left = leftOf(await readLedger(ctx), ctx.settings);
  if (left === null || micro(left) >= micro(price)) return;
  throw over(ctx, 'Anggaran bulanan X habis. Jawaban yang disetujui menunggu dan terkirim berurutan');
}

const over = (ctx: Context, message: string): ChannelError =>
  spent(`${message}, atau naikkan cost.monthly di berkas kanal.`, refillOf(ctx), ctx.now(), SPENT);
