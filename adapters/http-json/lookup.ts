import { ChannelError, type Finding, type Forwarding, type Json, type Reply, type StatusChange } from '#contract';
import { absentAfter, plain } from '../_meta/match.ts';
import { read } from './client.ts';
import { readDate } from './dates.ts';
import { htmlToText } from './html.ts';
import { entryId } from './normalise.ts';
import { at, textAt } from './path.ts';
import { replyValues, reportValues, statusId, statusSending, statusValues } from './publish.ts';
import type { Context, Look } from './settings.ts';
import { fill, type Values } from './template.ts';

/** Clocks differ; times there may end at the second. */
const SLACK_MS = 120_000;

interface Times {
  firstAttemptAt: Date;
  uncertainSince?: Date;
}

/** Reads what stands below the report, and finds what only we can have written. */
export const reconcile = (reply: Reply, ctx: Context): Promise<Finding> => {
  const { lookup } = ctx.settings.send.reply ?? {};
  if (!lookup) return Promise.resolve('unknown');
  const found = (id: string) => ({ publishedId: entryId(reply.target.threadId, id) });
  return settled(ctx, reply, lookup, { values: replyValues(reply), key: reply.key, text: reply.text }, found);
};

/** The status that stands there now tells whether ours was taken. */
export async function findStatus(change: StatusChange, ctx: Context): Promise<Finding> {
  const { sending, code } = statusSending(change, ctx.settings) ?? {};
  if (!sending?.lookup || code === undefined) return 'unknown';
  const about = { values: statusValues(change, code), key: undefined, text: undefined };
  return settled(ctx, change, sending.lookup, about, () => ({ publishedId: statusId(change, code) }));
}

export async function findForwarded(report: Forwarding, ctx: Context): Promise<Finding> {
  const { lookup } = ctx.settings.send.create ?? {};
  if (!lookup) return 'unknown';
  const about = { values: reportValues(report), key: report.key, text: report.text };
  return settled(ctx, report, lookup, about, (id) => ({ publishedId: id }));
}

interface Sought {
  values: Values;
  key: string | undefined;
  text: string | undefined;
}

/** A look-up that the portal could not answer just now has found nothing out. */
async function settled(
  ctx: Context,
  times: Times,
  look: Look,
  sought: Sought,
  found: (id: string) => { publishedId: string },
): Promise<Finding> {
  const what = 'Looking for what was sent';
  try {
    const rows = rowsOf(await read(ctx, what, look.request, sought.values), look.items);
    if (!rows) return 'unknown';
    const match = among(ctx, rows, look, times, sought);
    if (match === 'doubtful') return 'unknown';
    return match === undefined
      ? absentAfter(times as Reply, ctx.now(), ctx.settings.send.lookFor)
      : { found: found(match) };
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'retry') return 'unknown';
    throw error;
  }
}

/** A report alone stands for a list of one. */
function rowsOf(body: Json, items: string): readonly Json[] | undefined {
  const value = at(body, items);
  if (Array.isArray(value)) return value as Json[];
  return typeof value === 'object' && value !== null ? [value as Json] : undefined;
}

/** The id of ours; `undefined`: none of them is; `doubtful`: one may be. */
function among(
  ctx: Context,
  rows: readonly Json[],
  look: Look,
  times: Times,
  sought: Sought,
): string | 'doubtful' | undefined {
  const ours = rows.filter((row) => matches(ctx, row, look, sought));
  const idOf = (row: Json) => (look.id ? textAt(row, look.id) : 'it');
  if (look.key) return ours.flatMap((row) => (textAt(row, look.key ?? []) === sought.key ? (idOf(row) ?? []) : []))[0];
  if (!look.text) return ours.flatMap((row) => idOf(row) ?? [])[0];
  const same = ours.filter((row) => plain(wordsOf(row, look)) === plain(sought.text ?? ''));
  const since = times.firstAttemptAt.getTime();
  const ages = same.map((row) => ({ id: idOf(row), at: timeOf(row, look) }));
  const fresh = ages.find(({ at: when, id }) => id !== undefined && when !== undefined && when >= since - 1_000);
  if (fresh?.id !== undefined) return fresh.id;
  // The same words a little earlier, or at a time nobody knows: an earlier answer of ours, or this one by another clock.
  return ages.some(({ at: when }) => when === undefined || when >= since - SLACK_MS) ? 'doubtful' : undefined;
}

const matches = (ctx: Context, row: Json, { match }: Look, { values }: Sought): boolean =>
  Object.entries(match).every(([path, wanted]) => {
    const text = fill(wanted, values, ctx.settings.tables);
    return text !== undefined && textAt(row, [path]) === String(text);
  });

function wordsOf(row: Json, look: Look): string {
  const text = textAt(row, look.text ?? []) ?? '';
  return look.html ? htmlToText(text) : text;
}

function timeOf(row: Json, { at: when }: Look): number | undefined {
  const read = when && readDate(textAt(row, when.from), when.format, when.zone);
  return read === undefined ? undefined : Date.parse(read);
}
