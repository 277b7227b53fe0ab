import { type Fields, idOf } from '../_meta/json.ts';
import { listIn, nextOf, tiktok } from './api.ts';
import type { Context } from './settings.ts';

/** The most that TikTok gives at once. */
export const PAGE_SIZE = 30;
const MOST_PAGES = 50;

export interface Listed {
  rows: readonly Fields[];
  /** Where the next page begins. A short page is not the last one. */
  next: number | undefined;
}

/** A page of the comments of a video, newest first, also those that are hidden. */
export async function listComments(ctx: Context, video: string, cursor: number): Promise<Listed> {
  const what = 'Membaca komentar';
  const data = await tiktok(ctx, {
    ...{ what, path: '/business/comment/list/' },
    query: {
      ...{ business_id: ctx.channel.account, video_id: video, status: 'ALL', sort_field: 'create_time' },
      ...{ sort_order: 'desc', include_replies: 'true', cursor, max_count: PAGE_SIZE },
    },
  });
  return { rows: listIn(data, 'comments', what), next: nextOf(data, cursor, what) };
}

/** A page of the replies below a comment. */
export async function listReplies(
  ctx: Context,
  at: { video: string; comment: string },
  cursor: number,
): Promise<Listed> {
  const what = 'Membaca balasan';
  const data = await tiktok(ctx, {
    ...{ what, path: '/business/comment/reply/list/' },
    query: {
      ...{ business_id: ctx.channel.account, video_id: at.video, comment_id: at.comment, status: 'ALL' },
      ...{ sort_field: 'create_time', sort_order: 'desc', cursor, max_count: PAGE_SIZE },
    },
  });
  // Nobody shows which of both names the list has here.
  const name = Array.isArray(data.reply_list) ? 'reply_list' : 'comments';
  return { rows: listIn(data, name, what), next: nextOf(data, cursor, what) };
}

/** Those of these comments that are there. */
export async function lookUpComments(ctx: Context, video: string, ids: readonly string[]): Promise<readonly Fields[]> {
  const what = 'Membaca komentar';
  const data = await tiktok(ctx, {
    ...{ what, path: '/business/comment/list/' },
    query: { business_id: ctx.channel.account, video_id: video, comment_ids: ids, status: 'ALL', max_count: PAGE_SIZE },
  });
  return listIn(data, 'comments', what);
}

export async function findComment(ctx: Context, video: string, id: string): Promise<Fields | undefined> {
  return (await lookUpComments(ctx, video, [id])).find((one) => idOf(one.comment_id) === id);
}

/** The first reply that `wanted` picks; `undefined` after all of them. Throws when there are more than can be read. */
export async function findReply(
  ctx: Context,
  at: { video: string; comment: string },
  wanted: (one: Fields) => boolean,
): Promise<Fields | undefined> {
  let cursor = 0;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { rows, next } = await listReplies(ctx, at, cursor);
    const found = rows.find(wanted);
    if (found || next === undefined) return found;
    cursor = next;
  }
  return undefined;
}
