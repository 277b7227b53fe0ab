import { ChannelError, type Page, type RawItem } from '#contract';
import { type Fields, fromSeconds, idOf, textOf } from '../_meta/json.ts';
import { listIn, nextOf, tiktok } from './api.ts';
import { type Cursor, cursor, EMPTY, type Step, type Video, type Walk } from './cursor.ts';
import { mentionItem } from './events.ts';
import type { Context } from './settings.ts';
import { readComments, readReplies, settle } from './walk.ts';

export const poll = { cursor, every: '15m', page };

/**
 * One call of TikTok. A round is: the newest videos, the comments of those where something may have happened, the replies
 * that did not come with them, what is missing, and mentions. Stopped anywhere, the next page goes on there.
 */
async function page(saved: Cursor | null, ctx: Context): Promise<Page<Cursor>> {
  const at = saved ?? EMPTY;
  const [now, ...todo] = at.todo.length > 0 ? at.todo : roundOf(ctx);
  if (!now) return { items: [], next: at, more: false };
  const items: RawItem[] = [];
  const next = await run(now, { ...at, todo }, ctx, items);
  return { items, next, more: next.todo.length > 0 };
}

function roundOf({ settings }: Context): Step[] {
  const mentions: Step[] = settings.mentions
    ? [
        { do: 'mentions', of: 'video', at: 0 },
        { do: 'mentions', of: 'comment', at: 0 },
      ]
    : [];
  return [{ do: 'videos', at: 0, count: 0 }, ...mentions];
}

/** What TikTok refuses for one video, or for mentions alone, must not keep the rest from being read. */
async function run(now: Step, at: Cursor, ctx: Context, items: RawItem[]): Promise<Cursor> {
  try {
    if (now.do === 'videos') return await readVideos(now, at, ctx);
    if (now.do === 'comments') return await readComments(now, at, ctx, items);
    if (now.do === 'replies') return await readReplies(now, at, ctx, items);
    if (now.do === 'settle') return await settle(now.video, at, ctx, items);
    return await readMentions(now, at, ctx, items);
  } catch (error) {
    if (now.do === 'videos' || !skips(error, now)) throw error;
    const code = error instanceof ChannelError ? error.code : undefined;
    ctx.log.warn({ channel: ctx.channel.id, step: now.do, code }, 'tiktok: a part could not be read');
    return at;
  }
}

/** Mentions need a permission of their own. */
const skips = (error: unknown, { do: what }: Step): boolean =>
  error instanceof ChannelError && (error.kind === 'refused' || (what === 'mentions' && error.code === '40001'));

const FIELDS = ['item_id', 'create_time', 'caption', 'comments', 'share_url'];
const CAPTION_CHARS = 300;

async function readVideos(now: Extract<Step, { do: 'videos' }>, at: Cursor, ctx: Context): Promise<Cursor> {
  const what = 'Membaca daftar video';
  const query = { business_id: ctx.channel.account, fields: FIELDS, cursor: now.at, max_count: 20 };
  const data = await tiktok(ctx, { what, path: '/business/video/list/', query });
  const rows = listIn(data, 'videos', what);
  const steps: Step[] = [];
  let next = at;
  for (const row of rows) {
    const id = idOf(row.item_id);
    const walk = id === undefined ? undefined : walkOf(at.videos[id], row, ctx);
    if (id === undefined) continue;
    next = { ...next, videos: { ...next.videos, [id]: { ...(next.videos[id] ?? unread(ctx)), ...aboutOf(row) } } };
    if (!walk) continue;
    next = { ...next, walks: { ...next.walks, [id]: walk } };
    steps.push({ do: 'comments', video: id, at: 0 });
  }
  const count = now.count + rows.length;
  const after = count < ctx.settings.videos ? nextOf(data, now.at, what) : undefined;
  const on: Step[] = after === undefined ? [] : [{ do: 'videos', at: after, count }];
  return { ...next, todo: [...on, ...steps, ...next.todo] };
}

const unread = (ctx: Context): Video => {
  const never = new Date(0).toISOString();
  const mark = new Date(ctx.now().getTime() - ctx.settings.history).toISOString();
  return { count: 0, mark, readAt: never, fullAt: never, seen: {}, lost: [], caption: '', url: '' };
};

const aboutOf = (row: Fields): Pick<Video, 'caption' | 'url'> => ({
  caption: textOf(row.caption)?.slice(0, CAPTION_CHARS) ?? '',
  url: textOf(row.share_url) ?? '',
});

const DAY_MS = 86_400_000;

/**
 * Does this video have to be walked, and how far? Its counter has moved, something is missing, it is time, or its newest
 * comment is so young that replies and their fate are still to come.
 */
function walkOf(known: Video | undefined, { comments }: Fields, ctx: Context): Walk | undefined {
  const count = Number(comments) || 0;
  const { count: before, mark, fullAt, readAt, lost } = known ?? unread(ctx);
  const now = ctx.now().getTime();
  const due = now - Date.parse(fullAt) >= ctx.settings.recheck;
  const young = now - Date.parse(mark) < DAY_MS && Date.parse(readAt) > 0;
  if (count === before && !due && !young && lost.length === 0) return undefined;
  const full = (due && known !== undefined && Date.parse(readAt) > 0) || count < before || lost.length > 0;
  return { found: {}, full, wanted: Math.max(0, known ? count - before : 0), count, top: mark };
}

const MENTIONS = {
  video: { path: '/business/mention/video/list/', list: 'videos' },
  comment: { path: '/business/mention/comment/list/', list: 'comments' },
};
/** TikTok ranks a thousand of them; what is older than a week has been read before. */
const MENTION_DAYS = 7;

async function readMentions(now: Extract<Step, { do: 'mentions' }>, at: Cursor, ctx: Context, items: RawItem[]) {
  const what = 'Membaca penyebutan';
  const { path, list } = MENTIONS[now.of];
  const query = {
    ...{ business_id: ctx.channel.account, sort_field: 'CREATE_TIME', sort_type: 'DESC' },
    ...{ number_of_days: MENTION_DAYS, cursor: now.at, max_count: 20 },
  };
  const data = await tiktok(ctx, { what, path, query });
  for (const row of listIn(data, list, what))
    if (fromSeconds(row.create_time ?? row.comment_create_time)) items.push(mentionItem(ctx.channel.account, row));
  const after = nextOf(data, now.at, what);
  return after === undefined ? at : { ...at, todo: [{ ...now, at: after }, ...at.todo] };
}
