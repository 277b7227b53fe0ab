import type { Page, RawItem } from '#contract';
import { elsewhere, INSTAGRAM_ERRORS } from '../_meta/errors.ts';
import { afterOf, dataOf } from '../_meta/graph.ts';
import { type Fields, fieldsOf, fromGraphTime, idOf, listOf, textOf } from '../_meta/json.ts';
import { orNone, readWith } from '../_meta/node.ts';
import { rawItem } from '../_meta/piece.ts';
import { chatRows, listChats } from '../_meta/threads.ts';
import { type Cursor, cursor, isUnreadable, type Place, type Row, type Source, walk } from '../_meta/walk.ts';
import { ask, type Context, chatPath, inFlavour } from './context.ts';

const DAYS_BACK = 30;
const MOST_MEDIA = 25;
const PAGE_SIZE = 50;
const REPLY = 'id,text,timestamp,username,from{id,username},parent_id';

async function list(ctx: Context): Promise<{ places: Place[]; items: RawItem[] }> {
  const media = await readMedia(ctx);
  const tags = ctx.settings.pollTags ? await orNone(() => readTags(ctx)) : [];
  const chats = await listChats(ctx, chatPath(ctx, 'conversations'), 'instagram');
  return { places: [...media.flatMap((one) => placeOf(ctx, one)), ...chats], items: tags };
}

async function readMedia(ctx: Context): Promise<readonly Fields[]> {
  const fields = 'id,timestamp,comments_count,media_product_type';
  const call = { what: 'Membaca kiriman', path: `/${ctx.channel.account}/media`, query: { fields, limit: MOST_MEDIA } };
  return dataOf(await ask(ctx, { ...call, background: true }), call.what);
}

/** Nothing is edited here, so the number of comments tells of most changes; one away and one more shows once a day. */
function placeOf(ctx: Context, one: Fields): Place[] {
  const id = idOf(one.id);
  const age = ctx.now().getTime() - Date.parse(fromGraphTime(one.timestamp) ?? '');
  if (!id || age > DAYS_BACK * 86_400_000) return [];
  return [{ id, kind: 'post', mark: String(one.comments_count) }];
}

/** Pictures in which the account is tagged. They can be read, and not answered. */
async function readTags(ctx: Context): Promise<RawItem[]> {
  const query = { fields: 'id,caption,permalink,username,timestamp', limit: 5 };
  const table = elsewhere(INSTAGRAM_ERRORS);
  const call = { what: 'Membaca penandaan', path: `/${ctx.channel.account}/tags`, query, table, background: true };
  return dataOf(await ask(ctx, call), call.what).flatMap(({ id: given, caption, ...one }) => {
    const id = idOf(given);
    if (!id) return [];
    const value = { ...one, media_id: id, text: textOf(caption) ?? '', tagged: true };
    return [raw(ctx, ['tag', id, 'add'], 'mentions', { value })];
  });
}

async function rows(ctx: Context, at: Place, after: string | null): Promise<{ rows: Row[]; after: string | null }> {
  if (at.kind === 'chat') return { rows: await chatRows(ctx, at, 'instagram'), after: null };
  const query = { limit: PAGE_SIZE, after: after ?? undefined };
  const what = 'Membaca komentar';
  const path = `/${encodeURIComponent(at.id)}/comments`;
  // What is refused goes from the end: first the replies, then who wrote.
  const wishes = ['parent_id', 'from{id,username}', `replies.limit(50){${REPLY}}`];
  const call = { what, path, query, table: INSTAGRAM_ERRORS, background: true };
  const answer = await readWith(ctx, call, ['id', 'text', 'timestamp', 'username'], wishes);
  const found = dataOf(answer, what).flatMap((one) => withReplies(ctx, at.id, one));
  return { rows: found, after: afterOf(answer) ?? null };
}

function withReplies(ctx: Context, media: string, { replies, ...one }: Fields): Row[] {
  const below = listOf(fieldsOf(replies).data).map((answer) => ({ parent_id: one.id, ...fieldsOf(answer) }));
  return [one, ...below].flatMap((comment: Fields) => {
    const id = idOf(comment.id);
    if (!id) return [];
    const value = { ...comment, media: { id: media } };
    return [{ id, text: textOf(comment.text) ?? '', item: raw(ctx, ['comment', id, 'add'], 'comments', { value }) }];
  });
}

const isGone = (ctx: Context, id: string): Promise<boolean> =>
  isUnreadable(() =>
    ask(ctx, {
      what: 'Memeriksa komentar',
      path: `/${encodeURIComponent(id)}`,
      query: { fields: 'id' },
      background: true,
    }),
  );

const gone = (ctx: Context, id: string): RawItem =>
  raw(ctx, ['comment', id, 'remove'], 'comments', { value: { id }, removed: true });

function raw(ctx: Context, key: string[], field: string, about: Fields): RawItem {
  const { account } = ctx.channel;
  const time = Math.floor(ctx.now().getTime() / 1_000);
  return rawItem('instagram', { account, key, raw: { account, time, field, ...about } });
}

const source: Source<Context> = { list, rows, isGone, gone };

/** Backfill, what no delivery brought, and what was deleted: of that Instagram tells nobody. */
export const poll = {
  cursor,
  every: '10m',
  page: (after: Cursor | null, ctx: Context): Promise<Page<Cursor>> => walk(source, after, inFlavour(ctx)),
};
