import { z } from 'zod';
import { ChannelError } from '#contract';
import type { Context, Settings } from './settings.ts';

/** Units of one day, as YouTube counts them: of the whole project, until midnight in California. */
const ledger = z.object({ day: z.string(), polls: z.int(), replies: z.int() });
export type Ledger = z.infer<typeof ledger>;

export const READ_UNITS = 1;
export const REPLY_UNITS = 50;
export const SPENT = 'quotaSpent';

const ROW = 'quota';
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const pacific = new Intl.DateTimeFormat('en-CA', {
  ...{ timeZone: 'America/Los_Angeles', hourCycle: 'h23' },
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
});

/** The day in California, and how much of it is over, in milliseconds. Pure. */
export function quotaDay(now: Date): { day: string; overMs: number } {
  const part = Object.fromEntries(pacific.formatToParts(now).map(({ type, value }) => [type, value]));
  const seconds = Number(part.hour) * 3_600 + Number(part.minute) * 60 + Number(part.second);
  return { day: `${part.year}-${part.month}-${part.day}`, overMs: seconds * 1_000 + (now.getTime() % 1_000) };
}

/** Until the quota is full again; where clocks change, an hour too long at the most. Pure. */
export const untilReset = (now: Date): number => DAY_MS - quotaDay(now).overMs;

function today(value: unknown, now: Date): Ledger {
  const kept = ledger.safeParse(value);
  const { day } = quotaDay(now);
  return kept.success && kept.data.day === day ? kept.data : { day, polls: 0, replies: 0 };
}

export const readLedger = async (ctx: Context): Promise<Ledger> => today(await ctx.store.get(ROW), ctx.now());

/** Before the call: what is refused costs as well. */
export async function spend(ctx: Context, units: number, from: 'polls' | 'replies'): Promise<void> {
  await ctx.store.update(ROW, async (old) => {
    const now = today(old, ctx.now());
    return { ...now, [from]: now[from] + units };
  });
}

export const leftOf = ({ polls, replies }: Ledger, { dailyUnits }: Settings): number =>
  Math.max(0, dailyUnits - polls - replies);

/** Nothing is sent that the quota does not cover: YouTube would count it and refuse. */
export async function mindReplies(ctx: Context): Promise<void> {
  if (leftOf(await readLedger(ctx), ctx.settings) >= REPLY_UNITS) return;
  throw spent('Membalas komentar', ctx.now());
}

export const spent = (what: string, now: Date): ChannelError =>
  new ChannelError('throttled', `${what}: kuota YouTube hari ini habis; penuh lagi tengah malam waktu California`, {
    retryAfterMs: untilReset(now),
    quotaUntil: new Date(now.getTime() + untilReset(now)),
    code: SPENT,
  });

/** What a day has for polling. Pure. */
const pollUnits = (replies: number, { dailyUnits, replyUnits }: Pick<Settings, 'dailyUnits' | 'replyUnits'>) =>
  Math.max(0, dailyUnits - Math.max(replyUnits, replies));

/** Has polling used up all it may today, and not only what is given out so far? Pure. */
export const isPollingSpent = (ledger: Ledger, settings: Settings): boolean =>
  ledger.polls + READ_UNITS > pollUnits(ledger.replies, settings);

/**
 * May polling go on? Its part of the day is given out evenly, an hour ahead, and what is set aside for replies is never
 * touched. Pure.
 */
export function mayPoll({ polls, replies }: Ledger, { dailyUnits, replyUnits }: Settings, now: Date): boolean {
  const part = pollUnits(replies, { dailyUnits, replyUnits });
  const share = Math.min(1, (quotaDay(now).overMs + HOUR_MS) / DAY_MS);
  return polls + READ_UNITS <= part * share;
}
