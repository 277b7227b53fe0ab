import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelError, type HttpResponse, type Json, type Page, type RawItem } from '#contract';
import { bodyOf, call, read } from './client.ts';
import { writeDate } from './dates.ts';
import { changedAt, digest, essence, eventsOf, goneItem, type Report, strangeItem } from './parts.ts';
import { at, textAt } from './path.ts';
import type { Context, Settings } from './settings.ts';
import { type Cursor, cursor, positionAfter, START } from './walk.ts';

export const poll = { cursor, every: '10m', page };

const WHAT = 'Reading reports';
/** Details of one page are fetched so long at most; what is left comes with the next. */
const BUDGET_MS = 45_000;

interface Row {
  row: Json;
  id: string | undefined;
  version: string;
  /** Would a further change surely have another version? */
  settled: boolean;
}

/** One page of the list, and the details of what has changed on it. */
async function page(after: Cursor | null, ctx: Context): Promise<Page<Cursor>> {
  const position = after ?? START;
  const answer = await readList(ctx, position);
  const rows = answer.rows.map((row) => describe(ctx, row, timeThere(ctx, answer.response)));
  const news = rows.filter(({ id, version }) => id === undefined || position.seen[id] !== version);
  const { items, done, failure } = await fetchAll(ctx, news);
  // What could be read is kept; the page comes again for the rest.
  if (failure !== undefined && items.length === 0) throw failure;
  const sure = done.filter((row) => row.settled).map(({ id, version }) => [id ?? '', version]);
  const seen = { ...position.seen, ...Object.fromEntries(sure) };
  if (done.length < news.length) return { items, next: { ...position, seen: capped(seen) }, more: true };
  const changes = rows.map(({ row }) => changedAt(ctx.settings, row));
  const { next, more } = positionAfter(ctx.settings, position, { ...answer, changes });
  return { items, next: { ...next, seen: capped(seen) }, more };
}

/** Far more than a page; what was forgotten is only read once more. */
const MOST_SEEN = 1_500;
const capped = (seen: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(seen).slice(-MOST_SEEN));

interface Listed {
  rows: Json[];
  body: Json;
  response: HttpResponse;
}

async function readList(ctx: Context, position: Cursor): Promise<Listed> {
  const { list, next } = ctx.settings;
  const link = next.kind === 'link' && position.at !== null ? { url: linkOf(ctx, position.at) } : {};
  const request = 'url' in link ? { ...list.request, query: undefined } : list.request;
  const response = await call(ctx, WHAT, request, valuesOf(ctx.settings, position), link);
  const body = bodyOf(response, WHAT);
  const rows = at(body, list.items);
  if (!Array.isArray(rows))
    throw new ChannelError('retry', `${WHAT}: tidak ada daftar pada "${list.items}" (settings.list.items)`);
  return { rows: rows as Json[], body, response };
}

/** Credentials go nowhere else than to the portal itself. */
function linkOf(ctx: Context, link: string): string {
  const url = URL.parse(link, `${ctx.settings.baseUrl}/`);
  if (url?.origin === new URL(ctx.settings.baseUrl).origin) return url.href;
  throw new ChannelError('retry', `${WHAT}: the next page is said to be at another place than baseUrl`);
}

function valuesOf({ since, list, next }: Settings, position: Cursor) {
  const format = since?.send ?? since?.format[0] ?? 'iso';
  const from = position.since === null ? undefined : writeDate(new Date(position.since), format, since?.zone ?? 'WIB');
  const first = next.kind === 'page' ? String(next.first) : '0';
  const place = position.at ?? first;
  return { since: from, page: place, offset: place, cursor: position.at ?? undefined, size: list.size };
}

/** By the portal's own clock. */
function timeThere(ctx: Context, { headers }: HttpResponse): number {
  const date = Date.parse(headers.date ?? '');
  return Number.isNaN(date) ? ctx.now().getTime() : date;
}

/** Times end at the second, and more may come within the one that is just passing. */
const PASSING_MS = 2_000;

function describe({ settings }: Context, row: Json, now: number): Row {
  const { id, version } = settings.list;
  const stated = version && textAt(row, version);
  const changed = changedAt(settings, row);
  const settled = stated !== undefined || changed === undefined || Date.parse(changed) + PASSING_MS <= now;
  return { row, id: textAt(row, id), version: digest(stated ?? [changed ?? null, essence(row)]), settled };
}

interface Fetched {
  items: RawItem[];
  /** In any order. */
  done: Row[];
  failure: unknown;
}

/** Several at once, at the portal's pace; the first failure ends it, and what came before counts. */
async function fetchAll(ctx: Context, rows: readonly Row[]): Promise<Fetched> {
  const { concurrency, perMinute } = ctx.settings.rate;
  const gap = perMinute && ctx.settings.details.length > 0 ? (60_000 * ctx.settings.details.length) / perMinute : 0;
  const until = ctx.now().getTime() + BUDGET_MS;
  const fetched: Fetched = { items: [], done: [], failure: undefined };
  const waiting = rows.values();
  let turn = 0;
  const work = async () => {
    for (const row of waiting) {
      if (fetched.failure !== undefined || (turn > 0 && ctx.now().getTime() > until)) return;
      const wait = gap * turn++ - (ctx.now().getTime() - (until - BUDGET_MS));
      if (wait > 0) await sleep(wait, undefined, { signal: ctx.signal });
      const items = await eventsOfRow(ctx, row);
      fetched.items.push(...items);
      fetched.done.push(row);
    }
  };
  const fail = (error: unknown) => {
    fetched.failure ??= error;
  };
  await Promise.all(Array.from({ length: concurrency }, () => work().catch(fail)));
  return fetched;
}

async function eventsOfRow(ctx: Context, { row, id }: Row): Promise<RawItem[]> {
  if (id === undefined) return [strangeItem(ctx.channel.account, row)];
  const report = await readReport(ctx, id, row);
  if (report) return eventsOf(ctx, report);
  return [goneItem(ctx.channel.account, id, changedAt(ctx.settings, row) ?? ctx.now().toISOString())];
}

/** With every detail; `null`: the report is not there any more. */
export async function readReport(ctx: Context, id: string, row: Json): Promise<Report | null> {
  const report: Report = { id, row, root: row, details: {} };
  for (const { name, request, item } of ctx.settings.details) {
    const what = `Reading a report (${name})`;
    const body = await read(ctx, what, request, { id }).catch(unlessGone);
    if (body === null) return null;
    report.details[name] = body;
    if (item === undefined) continue;
    const root = at(body, item);
    if (typeof root !== 'object' || root === null)
      throw new ChannelError('retry', `${what}: tidak ada laporan pada "${item}" (settings.details)`);
    report.root = root as Json;
  }
  return report;
}

function unlessGone(error: unknown): null {
  if (error instanceof ChannelError && error.reason === 'gone') return null;
  throw error;
}
