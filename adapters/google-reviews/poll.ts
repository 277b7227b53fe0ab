import { z } from 'zod';
import { ChannelError, type Page, type RawItem } from '#contract';
import { contentOf, goneItem, outsideItem, reviewItem } from './items.ts';
import { checkReplies, closeWatched, closing } from './moderation.ts';
import { type Listed, listReviews, locationName, type Review, readReview } from './reviews.ts';
import type { Context } from './settings.ts';
import { isOurs, markOf, readWritten } from './written.ts';

const place = z.strictObject({
  /** The newest change that was seen, and the oldest that is looked at. ISO 8601. */
  mark: z.string(),
  from: z.string(),
  fullAt: z.string(),
  /** What a review and its reply said when they were seen last, and when Google says it was changed, by name. */
  seen: z.record(z.string(), z.string()),
});

export const cursor = z.strictObject({
  places: z.record(z.string(), place),
  /** Where the walk stands: the groups of locations still to be read, and the page within the first. */
  rest: z.array(z.array(z.string())),
  token: z.string().nullable(),
  /** The newest change seen on this walk, by location. */
  top: z.record(z.string(), z.string()),
  /** Seen before and not yet on this walk, in a full walk of the first group. */
  lost: z.array(z.string()).nullable(),
  /** Replies whose fate is final and was told on the page before. */
  closed: closing,
});
export type Cursor = z.infer<typeof cursor>;
type Place = z.infer<typeof place>;

const EMPTY: Cursor = { places: {}, rest: [], token: null, top: {}, lost: null, closed: [] };
const MOST_SEEN = 400;
const MOST_CHECKS = 10;
const MOST_IN_BATCH = 50;

/**
 * One page. A walk goes through each location from the newest change back to where the last walk began, and some way
 * further; from time to time through all, for what was deleted. What was seen before and did not change is left out.
 */
export async function page(saved: Cursor | null, ctx: Context): Promise<Page<Cursor>> {
  const at = saved ?? EMPTY;
  await closeWatched(ctx, at.closed);
  if (at.rest.length > 0) return step({ ...at, closed: [] }, ctx);
  const { items, closed } = await checkReplies(ctx);
  const first = await step(startOf(at, ctx), ctx);
  return { ...first, items: [...items, ...first.items], next: { ...first.next, closed } };
}

function startOf(at: Cursor, ctx: Context): Cursor {
  const ids = ctx.settings.locations.map(({ id }) => id);
  const size = ctx.settings.batch ? MOST_IN_BATCH : 1;
  const rest = Array.from({ length: Math.ceil(ids.length / size) }, (_, n) => ids.slice(n * size, (n + 1) * size));
  const places = Object.fromEntries(ids.map((id) => [id, at.places[id] ?? newPlace(ctx)]));
  return group({ ...EMPTY, rest, places }, ctx);
}

function newPlace({ now, settings: { history } }: Context): Place {
  const from = new Date(now().getTime() - history).toISOString();
  return { mark: from, from, fullAt: now().toISOString(), seen: {} };
}

/** Begins the first group of `rest`. */
function group(at: Cursor, ctx: Context): Cursor {
  const here = (at.rest[0] ?? []).map((id) => at.places[id] as Place);
  const full = here.some(({ fullAt }) => ctx.now().getTime() - Date.parse(fullAt) >= ctx.settings.fullEvery);
  return { ...at, token: null, top: {}, lost: full ? here.flatMap(({ seen }) => Object.keys(seen)) : null };
}

async function step(at: Cursor, ctx: Context): Promise<Page<Cursor>> {
  const [here = [], ...rest] = at.rest;
  const onwards = (next: Cursor, items: RawItem[]) => ({ items, next: group(next, ctx), more: next.rest.length > 0 });
  const read = await readable(() => listReviews(ctx, here, at.token), at, ctx);
  if (!read) return onwards({ ...at, rest }, []);
  const items: RawItem[] = [];
  let next = at;
  for (const review of read.reviews) next = await take(next, review, ctx, items);
  if (read.token !== null && !isBehind(next, read, here, ctx)) {
    if (read.token === at.token)
      throw new ChannelError('retry', 'Membaca ulasan: Google menunjuk halaman yang sama lagi');
    return { items, next: { ...trimmed(next), token: read.token }, more: true };
  }
  const gone = at.lost ? await missing(next.lost ?? [], ctx) : [];
  return onwards(ended({ ...next, rest }, here, gone, ctx), [...items, ...gone.map((name) => goneItem(ctx, name))]);
}

/** What one location refuses, or a page that is no longer known, must not keep the others from being read. */
async function readable(read: () => Promise<Listed>, at: Cursor, ctx: Context): Promise<Listed | null> {
  try {
    return await read();
  } catch (error) {
    const skips = error instanceof ChannelError && error.kind === 'refused';
    if (!skips || (ctx.settings.locations.length === 1 && at.token === null)) throw error;
    ctx.log.warn({ channel: ctx.channel.id, locations: at.rest[0], code: error.code }, 'google: reviews not readable');
    return null;
  }
}

/** Notes a review, and gives what is new about it. */
async function take(at: Cursor, review: Review, ctx: Context, items: RawItem[]): Promise<Cursor> {
  const id = Object.keys(at.places).find((one) => review.name.startsWith(`${locationName(ctx, one)}/`));
  const here = id === undefined ? undefined : at.places[id];
  if (id === undefined || !here) return at;
  const saw = here.seen[review.name] ?? '';
  const [content = '', reply = ''] = saw.split(' ');
  const now = [contentOf(review), review.reply ? markOf(review.reply.comment) : ''] as const;
  if (Date.parse(review.updateTime) >= Date.parse(here.from)) {
    if (content !== now[0]) items.push(reviewItem(ctx, review));
    if (review.reply && reply !== now[1] && !isOurs(await readWritten(ctx, review.name), review.reply))
      items.push(outsideItem(ctx, review, review.reply));
  }
  const { [review.name]: _, ...others } = here.seen;
  const top = later(at.top[id], review.updateTime);
  return {
    ...at,
    places: {
      ...at.places,
      [id]: { ...here, seen: { ...others, [review.name]: [...now, review.updateTime].join(' ') } },
    },
    top: { ...at.top, [id]: top },
    lost: at.lost?.filter((name) => name !== review.name) ?? null,
  };
}

const later = (a: string | undefined, b: string): string => (a && Date.parse(a) >= Date.parse(b) ? a : b);

/** Has the walk come to what is surely known? With several locations in one list, to what is known of all of them. */
function isBehind(at: Cursor, { reviews }: Listed, here: readonly string[], ctx: Context): boolean {
  if (at.lost) return false;
  const marks = here.map((id) => Date.parse(at.places[id]?.mark ?? ''));
  const end = Math.min(...marks) - ctx.settings.overlap;
  return reviews.some(({ updateTime }) => Date.parse(updateTime) < end);
}

/** Each is asked for by itself: lists shift while they are read. */
async function missing(lost: readonly string[], ctx: Context): Promise<string[]> {
  const gone: string[] = [];
  for (const name of lost.slice(0, MOST_CHECKS)) if (await isGone(ctx, name)) gone.push(name);
  return gone;
}

/** Only a clear "not there" counts. */
async function isGone(ctx: Context, name: string): Promise<boolean> {
  try {
    return (await readReview(ctx, name, 'Memeriksa ulasan')) === null;
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'refused') return false;
    throw error;
  }
}

function ended(at: Cursor, here: readonly string[], gone: readonly string[], ctx: Context): Cursor {
  const places = here.map((id) => {
    const before = at.places[id] as Place;
    const seen = Object.fromEntries(Object.entries(before.seen).filter(([name]) => !gone.includes(name)));
    const fullAt = at.lost ? ctx.now().toISOString() : before.fullAt;
    const mark = later(at.top[id], before.mark);
    return [id, { ...before, mark, fullAt, seen }] as const;
  });
  return trimmed({ ...at, places: { ...at.places, ...Object.fromEntries(places) } });
}

/** Only the newest are remembered. */
function trimmed(at: Cursor): Cursor {
  const places = Object.entries(at.places).map(([id, here]) => [id, { ...here, seen: newest(here.seen) }] as const);
  return { ...at, places: Object.fromEntries(places) };
}

function newest(seen: Place['seen']): Place['seen'] {
  const all = Object.entries(seen);
  if (all.length <= MOST_SEEN) return seen;
  const timeOf = (saw: string) => Date.parse(saw.split(' ')[2] ?? '');
  return Object.fromEntries(all.toSorted(([, a], [, b]) => timeOf(b) - timeOf(a)).slice(0, MOST_SEEN));
}

export const poll = { cursor, every: '10m', page };
