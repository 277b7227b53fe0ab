import { z } from 'zod';
import { ChannelError, type Page, type RawItem } from '#contract';
import { type Fields, fieldsOf, idOf, listOf, textOf } from '../_meta/json.ts';
import { type Ask, x } from './call.ts';
import { bookReads, maySpare, mindReads, readLedger } from './cost.ts';
import { keepGap } from './gap.ts';
import { idAt, laterId, timeOfId } from './ids.ts';
import { dmItem, goneItem, includedIn, postItem } from './items.ts';
import type { Context, Settings } from './settings.ts';

const walk = {
  token: z.string().nullable(),
  /** Ids after this one. */
  since: z.string(),
  /** The newest id of the first page: where the next walk begins, once this one is over. */
  top: z.string(),
  /** How many have come. */
  count: z.int(),
};
const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('mentions'), ...walk }),
  z.strictObject({ do: z.literal('search'), query: z.string(), ...walk }),
  z.strictObject({ do: z.literal('dms'), ...walk }),
  /** Posts that stood here: do they still? */
  z.strictObject({ do: z.literal('again'), ids: z.array(z.string()) }),
]);
type Step = z.infer<typeof step>;
type Walk = Exclude<Step, { do: 'again' }>;

export const cursor = z.strictObject({
  todo: z.array(step),
  /** The newest id of each walk that was completed: `mentions`, `dms`, and each query. */
  marks: z.record(z.string(), z.string()),
  /** Posts that are looked after: id to the time (ISO 8601) they were last seen. */
  known: z.record(z.string(), z.string()),
});
export type Cursor = z.infer<typeof cursor>;

const POST_FIELDS = [
  ...[
    'created_at',
    'author_id',
    'conversation_id',
    'in_reply_to_user_id',
    'referenced_tweets',
    'entities',
    'attachments',
  ],
  ...['edit_history_tweet_ids', 'edit_controls', 'lang', 'note_tweet', 'reply_settings', 'geo', 'possibly_sensitive'],
].join(',');
const EXPANSIONS = [
  'author_id',
  'attachments.media_keys',
  'referenced_tweets.id',
  'referenced_tweets.id.author_id',
  'geo.place_id',
];
const MEDIA_FIELDS = 'media_key,type,url,preview_image_url,variants,alt_text,width,height,duration_ms';
const FIELDS = {
  ...{ 'tweet.fields': POST_FIELDS, expansions: EXPANSIONS.join(','), 'user.fields': 'username,name,protected' },
  ...{ 'media.fields': MEDIA_FIELDS, 'place.fields': 'full_name,geo' },
};
const DM_FIELDS = {
  'dm_event.fields':
    'id,text,event_type,created_at,dm_conversation_id,sender_id,attachments,referenced_tweets,entities',
  ...{ event_types: 'MessageCreate', expansions: 'sender_id,attachments.media_keys' },
  ...{ 'user.fields': 'username,name', 'media.fields': MEDIA_FIELDS },
};

const PAGE_SIZE = 100;
/** X gives no older mentions than so many (X API, "Timelines"). */
const REACH = 800;
/** A search knows the last seven days, and refuses to look further back (X API, "Search recent"). */
const SEARCHED_MS = 7 * 86_400_000 - 3_600_000;
/** Direct messages are not listed late, and each costs more. */
const DM_OVERLAP_MS = 60_000;
const MOST_KNOWN = 500;
const WHAT = 'Membaca X';

/** One call of X. A round is: mentions, the queries, direct messages, and whether older posts still stand. */
export async function page(saved: Cursor | null, ctx: Context): Promise<Page<Cursor>> {
  const at = saved ?? { todo: [], marks: {}, known: {} };
  const [now, ...todo] = at.todo.length > 0 ? at.todo : await roundOf(at, ctx);
  if (!now) return { items: [], next: at, more: false };
  await mindReads(ctx, PAGE_SIZE * dearest(now, ctx.settings));
  const items: RawItem[] = [];
  const next = await runOrSkip(now, { ...at, todo }, ctx, items);
  return { items, next, more: next.todo.length > 0 };
}

/**
 * A query that X does not accept, or a page that it no longer knows, must not keep the rest from being read. A walk that is
 * given up moves no mark: the next one begins where it began.
 */
async function runOrSkip(now: Step, at: Cursor, ctx: Context, items: RawItem[]): Promise<Cursor> {
  try {
    return await (now.do === 'again' ? again(now, at, ctx, items) : run(now, at, ctx, items));
  } catch (error) {
    const first = now.do === 'mentions' && now.token === null;
    if (!(error instanceof ChannelError) || error.kind !== 'refused' || first) throw error;
    ctx.log.warn({ channel: ctx.channel.id, step: now.do, code: error.code }, 'twitter: a part could not be read');
    return at;
  }
}

const nameOf = (one: Walk): string => (one.do === 'search' ? `search ${one.query}` : one.do);

async function roundOf({ marks, known }: Cursor, ctx: Context): Promise<Step[]> {
  const { search, directMessages } = ctx.settings;
  const start = (name: string, overlap = ctx.settings.overlap) => {
    const since = sinceOf(marks[name], overlap, ctx);
    return { token: null, since, top: marks[name] ?? '', count: 0 };
  };
  return [
    { do: 'mentions', ...start('mentions') },
    ...search.map((query): Step => {
      const begun = start(`search ${query}`);
      return { do: 'search', query, ...begun, since: laterId(begun.since, idAt(ctx.now().getTime() - SEARCHED_MS)) };
    }),
    ...(directMessages ? [{ do: 'dms', ...start('dms', DM_OVERLAP_MS) } satisfies Step] : []),
    ...(await dueAgain(known, ctx)),
  ];
}

/** X lists some posts only after newer ones: each walk goes back behind the newest that was seen. */
function sinceOf(mark: string | undefined, overlap: number, { settings, now }: Context): string {
  const seen = mark && timeOfId(mark);
  return idAt(seen ? seen - overlap : now().getTime() - settings.lookBack);
}

/** Only as far as the month has money to spare. */
async function dueAgain(known: Cursor['known'], ctx: Context): Promise<Step[]> {
  const { recheckFor, recheckEvery, cost } = ctx.settings;
  const at = ctx.now().getTime();
  const ids = Object.entries(known)
    .filter(([id, seen]) => at - (timeOfId(id) ?? 0) < recheckFor && at - Date.parse(seen) >= recheckEvery)
    .map(([id]) => id)
    .slice(0, PAGE_SIZE);
  if (ids.length === 0) return [];
  const spare = maySpare(await readLedger(ctx), ctx.settings, ids.length * cost.prices.postRead, ctx.now());
  return spare ? [{ do: 'again', ids }] : [];
}

const dearest = ({ do: what }: Step, { cost: { prices } }: Settings): number => {
  if (what === 'dms') return prices.dmRead + prices.includedUser;
  return (what === 'mentions' ? prices.ownedRead : prices.postRead) + prices.includedUser;
};

function askOf(now: Walk, { channel: { account } }: Context): Ask {
  const paged = { max_results: PAGE_SIZE, pagination_token: now.token ?? undefined };
  const since = { since_id: now.since };
  if (now.do === 'mentions')
    return {
      what: WHAT,
      path: 'users/:id/mentions',
      params: { id: account },
      query: { ...FIELDS, ...paged, ...since },
    };
  if (now.do === 'dms') return { what: WHAT, path: 'dm_events', query: { ...DM_FIELDS, ...paged } };
  const { max_results } = paged;
  const query = { ...FIELDS, ...since, query: now.query, max_results, next_token: now.token ?? undefined };
  return { what: WHAT, path: 'tweets/search/recent', query };
}

async function run(now: Walk, at: Cursor, ctx: Context, items: RawItem[]): Promise<Cursor> {
  const answer = await x(ctx, askOf(now, ctx));
  const { rows, included } = readOf(answer, ctx);
  await book(ctx, now, rows, [...included.users.keys()]);
  const fresh = rows.filter(({ id }) => now.do !== 'dms' || isAfter(idOf(id), now.since));
  for (const row of fresh) items.push(...(now.do === 'dms' ? dmItem : postItem)(ctx, row, included));
  const known = now.do === 'dms' ? at.known : withKnown(at.known, rows, ctx);
  const newest =
    idOf(fieldsOf(answer.meta).newest_id) ?? rows.reduce((top, { id }) => laterId(idOf(id) ?? '', top), '');
  const top = now.token === null ? laterId(newest, now.top) : now.top;
  const after = textOf(fieldsOf(answer.meta).next_token);
  if (after && after === now.token) throw new ChannelError('retry', `${WHAT}: X menunjuk halaman yang sama lagi`);
  const count = now.count + rows.length;
  // Direct messages know no "after this one": their pages end where known ones begin.
  if (after && fresh.length === rows.length)
    return { ...at, known, todo: [{ ...now, token: after, top, count }, ...at.todo] };
  if (now.do === 'mentions' && count >= REACH && at.marks.mentions) await keepGap(ctx, count);
  return { ...at, known, marks: top ? { ...at.marks, [nameOf(now)]: top } : at.marks };
}

const isAfter = (id: string | undefined, since: string): boolean => id !== undefined && BigInt(id) > BigInt(since);

/** `data` is absent when there is nothing. `errors` beside it: something that a post speaks of cannot be shown. */
function readOf(answer: Fields, ctx: Context) {
  const { data, errors, meta } = answer;
  if (data === undefined && meta === undefined) throw new ChannelError('retry', `${WHAT}: jawaban X tanpa daftar`);
  const hidden = listOf(errors).map(fieldsOf);
  if (hidden.length > 0) {
    const types = [...new Set(hidden.map(({ type }) => textOf(type)?.split('/').at(-1)))];
    ctx.log.info({ channel: ctx.channel.id, count: hidden.length, types }, 'twitter: parts of a page are not shown');
  }
  return { rows: listOf(data).map(fieldsOf), included: includedIn(answer) };
}

async function book(ctx: Context, now: Step, rows: readonly Fields[], users: readonly string[]): Promise<void> {
  const { prices } = ctx.settings.cost;
  const price = dearest(now, ctx.settings) - prices.includedUser;
  const read = rows.flatMap(({ id }) => (idOf(id) ? [{ id: idOf(id) ?? '', price }] : []));
  const along = prices.includedUser > 0 ? users.map((id) => ({ id: `user ${id}`, price: prices.includedUser })) : [];
  await bookReads(ctx, [...read, ...along]);
}

function withKnown(known: Cursor['known'], rows: readonly Fields[], { settings, now, channel }: Context) {
  if (settings.recheckFor === 0) return {};
  const oldest = now().getTime() - settings.recheckFor;
  const seen = rows.filter(({ author_id }) => idOf(author_id) !== channel.account).map(({ id }) => idOf(id) ?? '');
  const all = { ...known, ...Object.fromEntries(seen.map((id) => [id, now().toISOString()])) };
  const young = Object.entries(all).filter(([id]) => (timeOfId(id) ?? 0) > oldest);
  return Object.fromEntries(
    young.toSorted(([a], [b]) => Number(BigInt(b) - BigInt(a) > 0n) || -1).slice(0, MOST_KNOWN),
  );
}

/** Nobody tells when a citizen deletes a post: those that are missing are named (X API, "Lookup posts"). */
async function again(
  { ids }: Extract<Step, { do: 'again' }>,
  at: Cursor,
  ctx: Context,
  items: RawItem[],
): Promise<Cursor> {
  const query = { ids: ids.join(','), 'tweet.fields': 'edit_history_tweet_ids,author_id' };
  const answer = await x(ctx, { what: WHAT, path: 'tweets', query });
  const { data, errors } = answer;
  if (data === undefined && errors === undefined) throw new ChannelError('retry', `${WHAT}: jawaban X tanpa daftar`);
  const rows = listOf(data).map(fieldsOf);
  await book(ctx, { do: 'again', ids }, rows, []);
  const gone = listOf(errors)
    .map(fieldsOf)
    .filter(({ type }) => textOf(type)?.endsWith('/resource-not-found'))
    .flatMap((one) => idOf(one.resource_id) ?? idOf(one.value) ?? []);
  items.push(...gone.map((id) => goneItem(ctx, id)));
  // What is only hidden now (a locked account) is looked at again the next time.
  const now = ctx.now().toISOString();
  const kept = Object.entries(at.known).filter(([id]) => !gone.includes(id));
  return { ...at, known: Object.fromEntries(kept.map(([id, seen]) => [id, ids.includes(id) ? now : seen])) };
}

export const poll = { cursor, every: '5m', page };
