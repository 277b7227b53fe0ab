import type { Page, RawItem } from '#contract';
import { elsewhere, PAGE_ERRORS } from '../_meta/errors.ts';
import { afterOf, dataOf, graph } from '../_meta/graph.ts';
import { type Fields, fieldsOf, idOf, textOf } from '../_meta/json.ts';
import { orNone, readWith } from '../_meta/node.ts';
import { digest, rawItem } from '../_meta/piece.ts';
import { chatRows, listChats } from '../_meta/threads.ts';
import { type Cursor, cursor, isUnreadable, type Place, type Row, type Source, walk } from '../_meta/walk.ts';
import { inWordsOfDelivery } from './complete.ts';
import type { Context } from './context.ts';

const DAYS_BACK = 30;
const MOST_POSTS = 25;
const PAGE_SIZE = 50;

async function list(ctx: Context): Promise<{ places: Place[]; items: RawItem[] }> {
  const posts = await readPosts(ctx);
  const mentions = ctx.settings.pollMentions ? await orNone(() => readMentions(ctx)) : [];
  const chats = await listChats(ctx, `/${ctx.channel.account}/conversations`, 'messenger');
  const visitors = posts.filter((one) => idOf(fieldsOf(one.from).id) !== ctx.channel.account);
  return {
    places: [...posts.flatMap(placeOf), ...chats],
    items: [...visitors.flatMap((one) => postItem(ctx, one)), ...mentions],
  };
}

/** Own posts and those of visitors, newest first. */
async function readPosts(ctx: Context): Promise<readonly Fields[]> {
  const since = Math.floor(ctx.now().getTime() / 1_000) - DAYS_BACK * 86_400;
  const query = { since, limit: MOST_POSTS };
  const call = { what: 'Membaca kiriman', path: `/${ctx.channel.account}/feed`, query, background: true };
  const wishes = ['is_hidden', 'attachments{media_type,media,url}'];
  const fields = ['id', 'created_time', 'updated_time', 'from', 'message', 'permalink_url'];
  return dataOf(await readWith(ctx, call, fields, wishes), call.what);
}

function placeOf(one: Fields): Place[] {
  const id = idOf(one.id);
  return id ? [{ id, kind: 'post', mark: String(one.updated_time) }] : [];
}

function postItem(ctx: Context, one: Fields): RawItem[] {
  const post = idOf(one.id);
  if (!post) return [];
  const value = { item: 'post', verb: 'add', post_id: post, ...inWordsOfDelivery(one) };
  return [feed(ctx, ['post', post, 'add'], value)];
}

async function readMentions(ctx: Context): Promise<RawItem[]> {
  const { account } = ctx.channel;
  // Where the page is tagged belongs to others.
  const table = elsewhere(PAGE_ERRORS);
  const query = { limit: MOST_POSTS };
  const call = { what: 'Membaca penyebutan', path: `/${account}/tagged`, query, table, background: true };
  const answer = await readWith(ctx, call, ['id', 'message', 'from', 'created_time'], ['permalink_url']);
  return dataOf(answer, call.what).flatMap((one) => {
    const id = idOf(one.id);
    if (!id || idOf(fieldsOf(one.from).id) === account) return [];
    const value = { item: 'post', verb: 'add', post_id: id, ...inWordsOfDelivery(one) };
    return [rawItem('facebook', { account, key: ['mention', id, 'add'], raw: { account, field: 'mention', value } })];
  });
}

async function rows(ctx: Context, at: Place, after: string | null): Promise<{ rows: Row[]; after: string | null }> {
  if (at.kind === 'chat') return { rows: await chatRows(ctx, at, 'facebook'), after: null };
  const query = { filter: 'stream', order: 'chronological', limit: PAGE_SIZE, after: after ?? undefined };
  const call = { what: 'Membaca komentar', path: `/${encodeURIComponent(at.id)}/comments`, query, background: true };
  const wishes = ['parent{id}', 'permalink_url', 'is_hidden', 'attachment'];
  const answer = await readWith(ctx, call, ['id', 'message', 'created_time', 'from'], wishes);
  return { rows: dataOf(answer, call.what).flatMap((one) => rowOf(ctx, at.id, one)), after: afterOf(answer) ?? null };
}

function rowOf(ctx: Context, post: string, one: Fields): Row[] {
  const id = idOf(one.id);
  if (!id) return [];
  const value = commentValue(post, one, 'add');
  return [{ id, text: textOf(one.message) ?? '', item: feed(ctx, ['comment', id, 'add'], value) }];
}

/** `parent_id` of a comment is the post, of a reply the comment above it. */
const commentValue = (post: string, one: Fields, verb: string) => ({
  ...{ item: 'comment', verb, comment_id: idOf(one.id), post_id: post, parent_id: post },
  ...inWordsOfDelivery(one),
});

/** Nobody says when it was changed: not later than now. */
function edited(ctx: Context, { item, text }: Row): RawItem {
  const { value } = JSON.parse(String(item.raw)) as { value: Fields };
  const at = Math.floor(ctx.now().getTime() / 1_000);
  return feed(ctx, [...editKey(value, text)], { ...value, verb: 'edited', edited_time: at });
}

const editKey = (value: Fields, text: string) => ['comment', String(value.comment_id), 'edit', digest(text)];

function isGone(ctx: Context, id: string): Promise<boolean> {
  const call = { what: 'Memeriksa komentar', path: `/${encodeURIComponent(id)}`, query: { fields: 'id' } };
  return isUnreadable(() => graph(ctx, { ...call, background: true }));
}

function gone(ctx: Context, id: string): RawItem {
  return feed(ctx, ['comment', id, 'remove'], { item: 'comment', verb: 'remove', comment_id: id });
}

function feed(ctx: Context, key: string[], value: Fields): RawItem {
  const { account } = ctx.channel;
  const time = Math.floor(ctx.now().getTime() / 1_000);
  return rawItem('facebook', { account, key, raw: { account, time, field: 'feed', value } });
}

const source: Source<Context> = { list, rows, edited, isGone, gone };

/** Backfill, and the check for what no delivery brought. */
export const poll = {
  cursor,
  every: '10m',
  page: (after: Cursor | null, ctx: Context): Promise<Page<Cursor>> => walk(source, after, ctx),
};
