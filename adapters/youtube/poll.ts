import { z } from 'zod';
import { ChannelError, type Page, type RawItem } from '#contract';
import { type Fields, fieldsOf, listOf, textOf } from '../_meta/json.ts';
import { itemsOf, youtube } from './api.ts';
import { commentItems, goneItem } from './items.ts';
import { isPollingSpent, mayPoll, readLedger, spent } from './quota.ts';
import type { Context } from './settings.ts';

const token = z.string().nullable();
const step = z.discriminatedUnion('do', [
  /** Threads, newest first: of the channel or of one post, also those that are held back. */
  z.strictObject({ do: z.literal('walk'), queue: token, post: token, token }),
  /** Known threads, to see whether replies have come. */
  z.strictObject({ do: z.literal('again'), ids: z.array(z.string()) }),
  /** The replies below one. */
  z.strictObject({ do: z.literal('replies'), id: z.string(), token, found: z.array(z.string()) }),
]);
type Step = z.infer<typeof step>;

const thread = z.strictObject({
  /** Replies, as YouTube counted them when they were read. */
  count: z.int(),
  /** Times in ISO 8601. */
  at: z.string(),
  readAt: z.string(),
  replies: z.array(z.string()),
  /** Not seen the last time: itself, or replies of it. Seen missing twice, they are gone. */
  lost: z.array(z.string()),
});
type Thread = z.infer<typeof thread>;

export const cursor = z.strictObject({
  todo: z.array(step),
  /** The newest thread that was seen; and on this round. */
  mark: z.string(),
  top: z.string(),
  threads: z.record(z.string(), thread),
});
export type Cursor = z.infer<typeof cursor>;

const EMPTY: Cursor = { todo: [], mark: '', top: '', threads: {} };
/** What was held back becomes visible later, with its old date. */
const OVERLAP_MS = 48 * 3_600_000;
const MOST_THREADS = 500;
const MOST_REPLIES = 200;
const BATCH = 50;
const PAGE_SIZE = 100;
const WHAT = 'Membaca komentar';

/** One call of YouTube. A round is: new threads, then known ones again, then the replies of those that have changed. */
export async function page(saved: Cursor | null, ctx: Context): Promise<Page<Cursor>> {
  const at = saved ?? { ...EMPTY, mark: new Date(ctx.now().getTime() - ctx.settings.reread).toISOString() };
  // Answers need the day's units more than we do.
  const ledger = await readLedger(ctx);
  if (isPollingSpent(ledger, ctx.settings)) throw spent(WHAT, ctx.now());
  if (!mayPoll(ledger, ctx.settings, ctx.now())) return { items: [], next: at, more: false };
  const [now, ...todo] = at.todo.length > 0 ? at.todo : roundOf(at, ctx);
  if (!now) return { items: [], next: at, more: false };
  const items: RawItem[] = [];
  const next = await run(now, { ...at, todo }, ctx, items);
  const more = next.todo.length > 0;
  return { items, next: more ? next : { ...next, mark: next.top || next.mark }, more };
}

function roundOf({ threads }: Cursor, ctx: Context): Step[] {
  const now = ctx.now().getTime();
  const { queues, posts, reread, rereadEvery } = ctx.settings;
  const due = Object.entries(threads).filter(
    ([, one]) => now - Date.parse(one.at) < reread && now - Date.parse(one.readAt) >= rereadEvery,
  );
  const ids = due.map(([id]) => id);
  const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, n) =>
    ids.slice(n * BATCH, (n + 1) * BATCH),
  );
  return [
    { do: 'walk', queue: null, post: null, token: null },
    ...queues.map((queue): Step => ({ do: 'walk', queue, post: null, token: null })),
    ...posts.map((post): Step => ({ do: 'walk', queue: null, post, token: null })),
    ...batches.map((some): Step => ({ do: 'again', ids: some })),
  ];
}

/** What YouTube refuses for one thread, or a page that is no longer known, must not keep the rest from being read. */
async function run(now: Step, at: Cursor, ctx: Context, items: RawItem[]): Promise<Cursor> {
  try {
    if (now.do === 'walk') return await walk(now, at, ctx, items);
    return now.do === 'again' ? await again(now, at, ctx, items) : await replies(now, at, ctx, items);
  } catch (error) {
    const skips = error instanceof ChannelError && error.kind === 'refused';
    if (!skips || (now.do === 'walk' && now.token === null && !now.post && !now.queue)) throw error;
    ctx.log.warn({ channel: ctx.channel.id, step: now.do, code: error.code }, 'youtube: a part could not be read');
    return at;
  }
}

const COMMON = { textFormat: 'plainText', maxResults: PAGE_SIZE };

async function walk(now: Extract<Step, { do: 'walk' }>, at: Cursor, ctx: Context, items: RawItem[]): Promise<Cursor> {
  const query = {
    ...{ ...COMMON, part: 'id,snippet,replies', order: 'time', pageToken: now.token ?? undefined },
    ...(now.post ? { postId: now.post } : { allThreadsRelatedToChannelId: ctx.channel.account }),
    ...(now.queue && { moderationStatus: now.queue }),
  };
  const answer = await youtube(ctx, { what: WHAT, path: '/commentThreads', query });
  const rows = itemsOf(answer, WHAT);
  let next = at;
  for (const row of rows) next = take(next, row, ctx, items, now.queue);
  const after = textOf(answer.nextPageToken);
  if (after && after === now.token) throw new ChannelError('retry', `${WHAT}: YouTube menunjuk halaman yang sama lagi`);
  const newest = now.post || now.queue ? ctx.now().getTime() - ctx.settings.reread : Date.parse(at.mark) - OVERLAP_MS;
  const behind = rows.some((row) => Date.parse(timeOf(row)) < newest);
  return after && !behind ? { ...next, todo: [{ ...now, token: after }, ...next.todo] } : next;
}

const topComment = (row: Fields): Fields => fieldsOf(fieldsOf(row.snippet).topLevelComment);
const timeOf = (row: Fields): string => String(fieldsOf(topComment(row).snippet).publishedAt);

/** One thread: its comment, the replies that came with it, and whether there are others. */
function take(at: Cursor, row: Fields, ctx: Context, items: RawItem[], queue: string | null = null): Cursor {
  const id = textOf(row.id);
  if (!id) return at;
  const came = listOf(fieldsOf(row.replies).comments).map(fieldsOf);
  const { videoId, postId } = fieldsOf(row.snippet);
  for (const one of [topComment(row), ...came])
    items.push(...commentItems(ctx, placed(one, { videoId, postId }), queue));
  const count = Number(fieldsOf(row.snippet).totalReplyCount) || 0;
  const before = at.threads[id];
  const time = timeOf(row);
  const kept: Thread = before ?? { count: 0, at: time, readAt: '', replies: [], lost: [] };
  const one = { ...kept, count, readAt: ctx.now().toISOString(), lost: kept.lost.filter((lost) => lost !== id) };
  const top = queue || (at.top && Date.parse(at.top) >= Date.parse(time)) ? at.top : time;
  const next = { ...at, top, threads: newestOf({ ...at.threads, [id]: one }) };
  if (count === kept.count && one.lost.length === 0) return next;
  // Often all replies have come with the thread.
  if (came.length >= count)
    return listed(
      next,
      id,
      came.flatMap((reply) => textOf(reply.id) ?? []),
      ctx,
      items,
    );
  return isPlanned(at, id) ? next : { ...next, todo: [...at.todo, { do: 'replies', id, token: null, found: [] }] };
}

const isPlanned = ({ todo }: Cursor, id: string): boolean => todo.some((one) => one.do === 'replies' && one.id === id);

/** Replies do not say under which video they stand. */
const placed = (comment: Fields, at: Fields): Fields => ({
  ...comment,
  snippet: { ...at, ...fieldsOf(comment.snippet) },
});

function newestOf(threads: Cursor['threads']): Cursor['threads'] {
  const all = Object.entries(threads);
  if (all.length <= MOST_THREADS) return threads;
  return Object.fromEntries(all.toSorted(([, a], [, b]) => Date.parse(b.at) - Date.parse(a.at)).slice(0, MOST_THREADS));
}

/** A new reply does not move its thread, so known ones are asked for by their ids. */
async function again({ ids }: Extract<Step, { do: 'again' }>, at: Cursor, ctx: Context, items: RawItem[]) {
  const query = { part: 'id,snippet,replies', id: ids.join(','), textFormat: 'plainText', maxResults: PAGE_SIZE };
  const rows = itemsOf(await youtube(ctx, { what: WHAT, path: '/commentThreads', query }), WHAT);
  let next = at;
  for (const row of rows) next = take(next, row, ctx, items);
  const there = new Set(rows.map(({ id }) => id));
  for (const id of ids.filter((one) => !there.has(one))) next = missed(next, id, ctx, items);
  return next;
}

/** Once it may be a moment's trouble; twice it is gone. */
function missed(at: Cursor, id: string, ctx: Context, items: RawItem[]): Cursor {
  const { [id]: known, ...others } = at.threads;
  if (!known) return at;
  if (!known.lost.includes(id))
    return {
      ...at,
      threads: { ...others, [id]: { ...known, readAt: ctx.now().toISOString(), lost: [...known.lost, id] } },
    };
  items.push(...[id, ...known.replies].map((one) => goneItem(ctx, one)));
  return { ...at, threads: others };
}

/** All pages: their order is not documented. */
async function replies(now: Extract<Step, { do: 'replies' }>, at: Cursor, ctx: Context, items: RawItem[]) {
  const query = { ...COMMON, part: 'id,snippet', parentId: now.id, pageToken: now.token ?? undefined };
  const answer = await youtube(ctx, { what: WHAT, path: '/comments', query });
  const rows = itemsOf(answer, WHAT);
  for (const row of rows) items.push(...commentItems(ctx, row));
  const found = [...now.found, ...rows.flatMap(({ id }) => textOf(id) ?? [])];
  const after = textOf(answer.nextPageToken);
  if (after && after !== now.token) return { ...at, todo: [{ ...now, token: after, found }, ...at.todo] };
  return listed(at, now.id, found, ctx, items);
}

function listed(at: Cursor, id: string, found: string[], ctx: Context, items: RawItem[]): Cursor {
  const known = at.threads[id];
  if (!known) return at;
  const there = new Set(found);
  const lost = known.replies.filter((one) => !there.has(one));
  const gone = lost.filter((one) => known.lost.includes(one));
  items.push(...gone.map((one) => goneItem(ctx, one)));
  const waiting = lost.filter((one) => !gone.includes(one));
  const kept = [...waiting, ...there].slice(-MOST_REPLIES);
  return { ...at, threads: { ...at.threads, [id]: { ...known, replies: kept, lost: waiting } } };
}

export const poll = { cursor, every: '5m', page };
