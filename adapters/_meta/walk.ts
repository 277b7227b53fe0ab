import { z } from 'zod';
import { ChannelError, type Page, type RawItem } from '#contract';
import { type Context, pollPace, USAGE } from './graph.ts';
import { fromGraphTime } from './json.ts';
import { digest } from './piece.ts';

/** A post whose comments are read, or a chat whose messages are. */
const place = z.strictObject({
  id: z.string(),
  kind: z.enum(['post', 'chat']),
  /** Changes when something happened there. */
  mark: z.string(),
});
export type Place = z.infer<typeof place>;

const known = z.strictObject({ mark: z.string(), fullAt: z.string(), seen: z.record(z.string(), z.string()) });

/** Where a walk stands: what is still to be read, and what was seen in each place, so that changes and gaps show. */
export const cursor = z.strictObject({
  rest: z.array(place),
  /** Within the first place of `rest`. */
  after: z.string().nullable(),
  /** Seen there so far on this walk. */
  found: z.record(z.string(), z.string()),
  places: z.record(z.string(), known),
});
export type Cursor = z.infer<typeof cursor>;

/** One comment or message as it stands now. */
export interface Row {
  id: string;
  text: string;
  /** Its creation, in the form and with the key of a delivery. */
  item: RawItem;
}

/** What differs between platforms. Each call is one request. */
export interface Source<C extends Context> {
  /** The newest places, with what stands there itself. */
  list(ctx: C): Promise<{ places: Place[]; items: RawItem[] }>;
  rows(ctx: C, at: Place, after: string | null): Promise<{ rows: Row[]; after: string | null }>;
  /** The same object with other words than before; absent: the platform has no edits. */
  edited?(ctx: C, row: Row): RawItem;
  /** Is it really gone, not only out of sight here? */
  isGone(ctx: C, id: string): Promise<boolean>;
  gone(ctx: C, id: string): RawItem;
}

const EMPTY: Cursor = { rest: [], after: null, found: {}, places: {} };
const FULL_EVERY_MS = 24 * 3_600_000;
const MOST_SEEN = 400;
const MOST_CHECKS = 5;

/**
 * One step of a walk over the newest posts and chats: first the list, then one page of one place after the other.
 * Everything is found again each time (its key says that it is known), so that nothing is lost at any edge; places where
 * nothing changed are left out, and read once a day all the same.
 */
export async function walk<C extends Context>(source: Source<C>, saved: Cursor | null, ctx: C): Promise<Page<Cursor>> {
  const at = saved ?? EMPTY;
  // Answers need the account's calls more than we do.
  if (!(await pollPace(ctx)).go) return { items: [], next: at, more: false };
  const page = await unlessFull(() => (at.rest.length > 0 ? readPlace(source, at, ctx) : listPlaces(source, at, ctx)));
  if (!page) return { items: [], next: at, more: false };
  const onwards = await pollPace(ctx);
  return { ...page, more: page.next.rest.length > 0 && onwards.go && onwards.pages === 'all' };
}

/** The limit may come near in the middle of a step; the step is then taken another time. */
async function unlessFull<T>(step: () => Promise<T>): Promise<T | null> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ChannelError && error.code === USAGE) return null;
    throw error;
  }
}

async function listPlaces<C extends Context>(source: Source<C>, at: Cursor, ctx: C) {
  const { places, items } = await source.list(ctx);
  const now = ctx.now().getTime();
  const rest = places.filter(({ id, mark }) => {
    const before = at.places[id];
    return !before || before.mark !== mark || isFresh(before) || now - Date.parse(before.fullAt) >= FULL_EVERY_MS;
  });
  const listed = new Set(places.map(({ id }) => id));
  const kept = Object.fromEntries(Object.entries(at.places).filter(([id]) => listed.has(id)));
  return { items, next: { rest, after: null, found: {}, places: kept } };
}

const FRESH_MS = 120_000;

/** A mark that is a time counts in seconds, and clocks differ: more may have happened within it after it was read. */
const isFresh = ({ mark, fullAt }: Cursor['places'][string]): boolean =>
  Date.parse(fullAt) - Date.parse(fromGraphTime(mark) ?? '') < FRESH_MS;

async function readPlace<C extends Context>(source: Source<C>, at: Cursor, ctx: C) {
  const [here, ...others] = at.rest as [Place, ...Place[]];
  const read = await readable(() => source.rows(ctx, here, at.after));
  // What cannot be read must not keep the others from being read.
  if (!read) return { items: [], next: { ...at, rest: others, after: null, found: {} } };
  const before = at.places[here.id]?.seen ?? {};
  const items = read.rows.flatMap((row) => itemsOf(source, ctx, row, before));
  const found = { ...at.found, ...Object.fromEntries(read.rows.map((row) => [row.id, short(row.text)])) };
  if (read.after !== null) return { items, next: { ...at, after: read.after, found } };
  const gone = here.kind === 'post' ? await missing(source, ctx, before, found) : [];
  const place = { mark: here.mark, fullAt: ctx.now().toISOString(), seen: newest(found) };
  const next = { rest: others, after: null, found: {}, places: { ...at.places, [here.id]: place } };
  return { items: [...items, ...gone.map((id) => source.gone(ctx, id))], next };
}

function itemsOf<C extends Context>(
  source: Source<C>,
  ctx: C,
  row: Row,
  before: Readonly<Record<string, string>>,
): RawItem[] {
  const was = before[row.id];
  if (was === undefined || was === short(row.text) || !source.edited) return [row.item];
  return [row.item, source.edited(ctx, row)];
}

/** Seen before and not any more. Each is asked for by itself: it may be hidden, or stand on a page we did not get. */
async function missing<C extends Context>(
  source: Source<C>,
  ctx: C,
  before: Readonly<Record<string, string>>,
  found: Record<string, string>,
): Promise<string[]> {
  const lost = Object.keys(before).filter((id) => found[id] === undefined);
  const gone: string[] = [];
  for (const [number, id] of lost.entries()) {
    if (number < MOST_CHECKS && (await source.isGone(ctx, id))) gone.push(id);
    // Looked at again next time.
    else found[id] = before[id] ?? '';
  }
  return gone;
}

async function readable<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'refused') return null;
    throw error;
  }
}

/** Enough to see that words changed; the words themselves are kept elsewhere. */
const short = (text: string): string => digest(text).slice(0, 8);

const newest = (found: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(found).slice(-MOST_SEEN));

const NOT_THERE = '100/33';

/** Can it be read by its id? Only a clear "not there" counts as gone. */
export async function isUnreadable(read: () => Promise<unknown>): Promise<boolean> {
  try {
    await read();
    return false;
  } catch (error) {
    if (error instanceof ChannelError && error.code === NOT_THERE) return true;
    throw error;
  }
}
