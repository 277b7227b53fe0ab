import type { RawItem } from '#contract';
import { type Fields, fieldsOf, fromSeconds, idOf, listOf, textOf } from '../_meta/json.ts';
import { listComments, listReplies, lookUpComments, PAGE_SIZE } from './comments.ts';
import type { Cursor, Step, Video, Walk } from './cursor.ts';
import { commentItem, goneItem, statusItem } from './events.ts';
import type { Context } from './settings.ts';

/** How far behind what is known a walk goes on: what was held back becomes visible late, with its old time. */
const OVERLAP_MS = 86_400_000;
const MOST_PAGES = 100;
const MOST_SEEN = 1_000;

interface Place {
  video: string;
  known: Video;
  walk: Walk;
}

function placeIn(at: Cursor, video: string): Place | undefined {
  const [known, walk] = [at.videos[video], at.walks[video]];
  return known && walk ? { video, known, walk } : undefined;
}

/** A page of comments, with the replies that came along. Short pages and comments that come twice are usual. */
export async function readComments(
  now: Extract<Step, { do: 'comments' }>,
  at: Cursor,
  ctx: Context,
  items: RawItem[],
): Promise<Cursor> {
  const place = placeIn(at, now.video);
  if (!place) return at;
  const { rows, next } = await listComments(ctx, now.video, now.at);
  const passed = isPassed(place, rows, ctx);
  const came = rows.map((row) => ({ row, replies: listOf(row.reply_list).map(fieldsOf) }));
  const all: Fields[] = came.flatMap(({ row, replies }) => [
    row,
    ...replies.map((one) => below(idOf(row.comment_id), one)),
  ]);
  const walk = all.reduce<Walk>((done, one) => take({ ...place, walk: done }, one, ctx, items), place.walk);
  const more = came.flatMap(({ row, replies }): Step[] => {
    const comment = idOf(row.comment_id);
    return comment && Number(row.replies) > replies.length ? [{ do: 'replies', video: now.video, comment, at: 0 }] : [];
  });
  const enough = passed && !walk.full && freshOf({ ...place, walk }) >= walk.wanted;
  const ends = next === undefined || enough || now.at >= MOST_PAGES * PAGE_SIZE;
  const after: Step = ends ? { do: 'settle', video: now.video } : { ...now, at: next };
  // A walk that did not reach the end says nothing about what it did not see.
  const full = walk.full && (!ends || next === undefined);
  return { ...at, walks: { ...at.walks, [now.video]: { ...walk, full } }, todo: [...more, after, ...at.todo] };
}

export async function readReplies(
  now: Extract<Step, { do: 'replies' }>,
  at: Cursor,
  ctx: Context,
  items: RawItem[],
): Promise<Cursor> {
  const place = placeIn(at, now.video);
  if (!place) return at;
  const { rows, next } = await listReplies(ctx, now, now.at);
  const all = rows.map((one) => below(now.comment, one));
  const walk = all.reduce<Walk>((done, one) => take({ ...place, walk: done }, one, ctx, items), place.walk);
  const on: Step[] = next === undefined ? [] : [{ ...now, at: next }];
  return { ...at, walks: { ...at.walks, [now.video]: walk }, todo: [...on, ...at.todo] };
}

/** A reply, which does not always say below what it stands. */
const below = (comment: string | undefined, reply: Fields): Fields => ({ parent_comment_id: comment, ...reply });

const timeOf = ({ create_time }: Fields): number => Date.parse(fromSeconds(create_time) ?? '');

/** Comments of this walk that were not known. */
const freshOf = ({ known, walk }: Place): number =>
  Object.keys(walk.found).filter((id) => known.seen[id] === undefined).length;

/** A whole page of what is known, or too old to be taken, and a day older than the newest that was known. Never a short page. */
function isPassed({ known, walk }: Place, rows: readonly Fields[], ctx: Context): boolean {
  const [edge, oldest] = [Date.parse(known.mark) - OVERLAP_MS, oldestOf(ctx)];
  const isKnown = (id = '') => known.seen[id] !== undefined || walk.found[id] !== undefined;
  return (
    rows.length >= PAGE_SIZE &&
    rows.every((row) => timeOf(row) < edge && (isKnown(idOf(row.comment_id)) || timeOf(row) < oldest))
  );
}

const oldestOf = ({ settings, now }: Context): number => now().getTime() - settings.history;

/** One comment as it stands now, and what changed since it was seen last. */
function take({ video, known, walk }: Place, row: Fields, ctx: Context, items: RawItem[]): Walk {
  const id = idOf(row.comment_id);
  const at = timeOf(row);
  const before = id === undefined ? undefined : known.seen[id];
  if (id === undefined || (before === undefined && at < oldestOf(ctx))) return walk;
  const comment: Fields = { video_id: video, ...row };
  const status = textOf(row.status) ?? 'PUBLIC';
  const own = row.owner === true;
  const parent = idOf(row.parent_comment_id) ?? '';
  const { account } = ctx.channel;
  const { caption, url } = known;
  items.push(commentItem(account, comment, { ...(caption && { caption }), ...(url && { url }) }));
  const was = before?.split(' ')[1];
  // Of what we wrote, it is news that it can be seen.
  const news = was === undefined ? status !== 'PUBLIC' || (own && parent !== '') : was !== status;
  const seenAt = was === undefined ? new Date(at) : ctx.now();
  if (news && KNOWN.has(status)) items.push(statusItem(account, comment, { status, at: seenAt.toISOString() }));
  const top = at > Date.parse(walk.top) ? new Date(at).toISOString() : walk.top;
  return { ...walk, top, found: { ...walk.found, [id]: `${own ? 'o' : 'c'} ${status} ${parent}` } };
}

const KNOWN: ReadonlySet<string> = new Set(['PUBLIC', 'HIDDEN', 'FRIENDS_ONLY']);

/** A video was walked. What is missing after a walk to the very end is looked for by its number, and is gone the second time. */
export async function settle(video: string, at: Cursor, ctx: Context, items: RawItem[]): Promise<Cursor> {
  const place = placeIn(at, video);
  if (!place) return at;
  const { known, walk } = place;
  const missing = walk.full ? await missingOf(place, ctx) : known.lost;
  const gone = walk.full ? missing.filter((id) => known.lost.includes(id)) : [];
  const time = ctx.now().toISOString();
  for (const id of gone)
    items.push(goneItem(ctx.channel.account, id, { own: known.seen[id]?.startsWith('o ') ?? false, at: time }));
  const seen = Object.entries({ ...known.seen, ...walk.found }).filter(([id]) => !gone.includes(id));
  const next: Video = {
    ...{ ...known, count: walk.count, mark: walk.top, readAt: time, seen: newest(seen) },
    ...{ fullAt: walk.full || known.fullAt < FIRST ? time : known.fullAt },
    lost: missing.filter((id) => !gone.includes(id)),
  };
  const { [video]: _, ...walks } = at.walks;
  return { ...at, walks, videos: { ...at.videos, [video]: next } };
}

/** A video that was never walked has this, or less. */
const FIRST = '1971';

async function missingOf({ video, known, walk }: Place, ctx: Context): Promise<string[]> {
  const lost = Object.keys(known.seen).filter((id) => walk.found[id] === undefined);
  const parentOf = (id: string) => known.seen[id]?.split(' ')[2] ?? '';
  const tops = lost.filter((id) => parentOf(id) === '').slice(0, PAGE_SIZE);
  const there = tops.length > 0 ? await lookUpComments(ctx, video, tops) : [];
  const stand = new Set(there.map((one) => idOf(one.comment_id)));
  const gone = new Set(tops.filter((id) => !stand.has(id)));
  // A reply is missing where its comment was seen without it, or is missing itself.
  const replies = lost.filter((id) => walk.found[parentOf(id)] !== undefined || gone.has(parentOf(id)));
  return [...gone, ...replies];
}

/** Ids grow with time: the longer, then the greater, the newer. */
function newest(seen: readonly [string, string][]): Video['seen'] {
  const sorted = seen.toSorted(([a], [b]) => b.length - a.length || (a < b ? 1 : -1));
  return Object.fromEntries(sorted.slice(0, MOST_SEEN));
}
