import type { AttachmentSource, Item, MessageItem, NormaliseContext, RawItem } from '#contract';
import { eventOf, type Fields, fieldsOf, idOf, listOf, textOf, urlOf } from '../_meta/json.ts';
import { rawItem } from '../_meta/piece.ts';
import type { Context, Settings } from './settings.ts';

/** What came along with a page of posts (`includes`), by id. */
export interface Included {
  users: ReadonlyMap<string, Fields>;
  media: ReadonlyMap<string, Fields>;
  posts: ReadonlyMap<string, Fields>;
  places: ReadonlyMap<string, Fields>;
}

export function includedIn({ includes }: Fields): Included {
  const { users, media, tweets, posts, places } = fieldsOf(includes);
  const by = (list: unknown, name: string) =>
    new Map(listOf(list).map((one) => [idOf(fieldsOf(one)[name]) ?? '', fieldsOf(one)]));
  return {
    ...{ users: by(users, 'id'), media: by(media, 'media_key'), places: by(places, 'id') },
    posts: by(tweets ?? posts, 'id'),
  };
}

/** `replied_to`, `quoted` or `retweeted`: the id of the post it refers to. The field has had two names. */
const referenced = (post: Fields, type: string): string | undefined => {
  const all = listOf(post.referenced_tweets ?? post.referenced_posts).map(fieldsOf);
  return idOf(all.find((one) => one.type === type)?.id);
};

/** All versions of a post, the first one first. Each edit is a post of its own. */
const versionsOf = (post: Fields): string[] => {
  const chain = listOf(post.edit_history_tweet_ids ?? post.edit_history_post_ids).flatMap((id) => idOf(id) ?? []);
  return chain.length > 0 ? chain : [idOf(post.id) ?? ''];
};

const mediaOf = (post: Fields, { media }: Included): Fields[] =>
  found(
    listOf(fieldsOf(post.attachments).media_keys).map((key) => idOf(key)),
    media,
  );

/** Those of these ids that came along. */
const found = (ids: readonly (string | undefined)[], among: ReadonlyMap<string, Fields>): Fields[] =>
  ids.map((id) => among.get(id ?? '')).filter((one) => one !== undefined);

/** A post as it stands, with what is needed of what came along. */
export function postItem(ctx: Context, post: Fields, included: Included): RawItem[] {
  const id = idOf(post.id);
  if (!id) return [];
  const near = found(
    ['replied_to', 'quoted'].map((type) => referenced(post, type)),
    included.posts,
  );
  const user = included.users.get(idOf(post.author_id) ?? '');
  const place = included.places.get(idOf(fieldsOf(post.geo).place_id) ?? '');
  const nearUsers = found(
    near.map(({ author_id }) => idOf(author_id)),
    included.users,
  );
  const raw = { post, media: mediaOf(post, included), near, nearUsers, ...(user && { user }), ...(place && { place }) };
  return [rawItem('twitter', { account: ctx.channel.account, key: ['post', id], raw })];
}

export function dmItem(ctx: Context, dm: Fields, included: Included): RawItem[] {
  const id = idOf(dm.id);
  if (!id) return [];
  const user = included.users.get(idOf(dm.sender_id) ?? '');
  const raw = { dm, media: mediaOf(dm, included), ...(user && { user }) };
  return [rawItem('twitter', { account: ctx.channel.account, key: ['dm', id], raw })];
}

/** It is no longer there: nobody tells when it went. */
export const goneItem = (ctx: Context, id: string): RawItem =>
  rawItem('twitter', {
    account: ctx.channel.account,
    key: ['post', id, 'gone'],
    raw: { gone: id, at: ctx.now().toISOString() },
  });

export function normalise(raw: string | Uint8Array, ctx: NormaliseContext<Settings>): Item | null {
  const event = eventOf(raw);
  if (typeof event.gone === 'string') return { type: 'deletion', objectId: event.gone, at: String(event.at) };
  if (event.dm) return direct(event, ctx);
  const post = fieldsOf(event.post);
  if (!idOf(post.id)) throw new Error('This is no post with an id');
  if (referenced(post, 'retweeted')) return null;
  if (isSkipped(post, ctx)) return null;
  return message(event, post, ctx);
}

function isSkipped(post: Fields, { settings: { skip }, channel: { account } }: NormaliseContext<Settings>): boolean {
  const to = idOf(post.in_reply_to_user_id);
  // The next part of a long answer of ours: the hub knows it already.
  if (idOf(post.author_id) === account) return to === account;
  if (skip.includes('quotes') && referenced(post, 'quoted')) return true;
  return skip.includes('replies') && to !== undefined && to !== account;
}

function message(event: Fields, post: Fields, { channel, settings }: NormaliseContext<Settings>): MessageItem {
  const [first = '', ...later] = versionsOf(post);
  const id = idOf(post.id) ?? '';
  const author = idOf(post.author_id);
  const ours = author === channel.account;
  const to = idOf(post.in_reply_to_user_id);
  const above = referenced(post, 'replied_to') ?? referenced(post, 'quoted');
  const conversation = idOf(post.conversation_id) ?? first;
  // Below one post of ours many people write: each of them has a thread of their own.
  const threadId = `${conversation}:${(ours ? to : author) ?? author ?? first}`;
  const replyable = ours || settings.answerAny || isSummons(event, post, channel.account);
  const handle = textOf(fieldsOf(event.user).username);
  const edited = later.length > 0;
  return {
    ...{ type: 'message', objectId: first, at: isoOf(post.created_at), threadId },
    surface: replyable ? 'mention' : 'post',
    text: wordsOf(post),
    ...(edited && { edited }),
    ...(!edited && { occurredAt: isoOf(post.created_at) }),
    ...(above && { parentId: above }),
    ...(ours && { fromUs: true }),
    ...authorOf(fieldsOf(event.user), author),
    ...attached(listOf(event.media).map(fieldsOf)),
    ...placeOf(post, fieldsOf(event.place)),
    ...contextOf(event, above, settings),
    permalink: `${settings.webUrl}/${handle ?? 'i/web'}/status/${id}`,
    ref: { post: id, ...(author && { author }), replyable },
  };
}

/** X lets us answer only whoever mentions us or quotes a post of ours (X API, "Manage posts"). */
function isSummons({ near }: Fields, post: Fields, account: string): boolean {
  const { entities } = fieldsOf(post.note_tweet);
  const named = [post.entities, entities].flatMap((one) => listOf(fieldsOf(one).mentions).map(fieldsOf));
  if (named.some(({ id }) => idOf(id) === account)) return true;
  const quoted = referenced(post, 'quoted');
  const ours = listOf(near).map(fieldsOf);
  return quoted !== undefined && ours.some(({ id, author_id }) => idOf(id) === quoted && idOf(author_id) === account);
}

const SIGNS: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const unescaped = (text: string): string => text.replace(/&(?:amp|lt|gt);/g, (sign) => SIGNS[sign] ?? sign);

/** The whole text, also of a long post; addresses as they were written, without those that only show its own pictures. */
function wordsOf(post: Fields): string {
  const note = fieldsOf(post.note_tweet);
  const text = textOf(note.text) ?? textOf(post.text) ?? '';
  const urls = [note.entities, post.entities].flatMap((one) => listOf(fieldsOf(one).urls).map(fieldsOf));
  const whole = urls.reduce<string>((words, { url, expanded_url, media_key }) => {
    const shown = media_key === undefined ? (urlOf(expanded_url) ?? '') : '';
    return typeof url === 'string' && url !== '' ? words.replaceAll(url, () => shown) : words;
  }, text);
  return unescaped(urls.length > 0 ? whole.trim() : whole);
}

function authorOf({ username, name }: Fields, id: string | undefined): Pick<MessageItem, 'author'> {
  const handle = textOf(username);
  const shown = textOf(name)?.slice(0, 500);
  if (!id && !handle) return {};
  return { author: { ...(id && { id }), ...(shown && { name: shown }), ...(handle && { handle: `@${handle}` }) } };
}

/** Pictures and films; where X shows only a preview of a film, that. */
function attached(media: readonly Fields[]): Pick<MessageItem, 'attachments'> {
  const attachments = media.flatMap((one): AttachmentSource[] => {
    const film = bestFilm(one);
    const url = film?.url ?? urlOf(one.url) ?? urlOf(one.preview_image_url);
    const name = textOf(one.alt_text)?.slice(0, 1_000);
    if (!url) return [];
    const source = ownMedia(url);
    return [{ ...source, ...(film?.mime && { mime: film.mime }), ...(name && { name }) }];
  });
  return attachments.length > 0 ? { attachments } : {};
}

/** Pictures of direct messages are shown to the account alone (X API, "Retrieving media"). */
export const DM_MEDIA = /^https?:\/\/[^/]+(\/2\/dm_conversations\/media\/[\w\-/.]+)$/;
const ownMedia = (url: string): AttachmentSource => {
  const path = DM_MEDIA.exec(url)?.[1];
  return path === undefined ? { url } : { ref: path };
};

function bestFilm({ variants }: Fields): { url: string; mime?: string } | undefined {
  const films = listOf(variants)
    .map(fieldsOf)
    .filter(({ content_type, url }) => content_type === 'video/mp4' && urlOf(url) !== undefined)
    .toSorted((a, b) => Number(b.bit_rate ?? 0) - Number(a.bit_rate ?? 0));
  const url = urlOf(films[0]?.url);
  return url ? { url, mime: 'video/mp4' } : undefined;
}

function placeOf({ geo }: Fields, { full_name }: Fields): Pick<MessageItem, 'location'> {
  const [lon, lat] = listOf(fieldsOf(fieldsOf(geo).coordinates).coordinates);
  const text = textOf(full_name)?.slice(0, 2_000);
  const point = typeof lat === 'number' && typeof lon === 'number' && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  if (!point && !text) return {};
  return { location: { ...(text && { text }), ...(point && { lat, lon }) } };
}

/** The post that it answers or quotes. */
function contextOf({ near, nearUsers }: Fields, above: string | undefined, { webUrl }: Settings) {
  const post = listOf(near)
    .map(fieldsOf)
    .find(({ id }) => above !== undefined && idOf(id) === above);
  if (!post) return {};
  const user = listOf(nearUsers)
    .map(fieldsOf)
    .find(({ id }) => idOf(id) === idOf(post.author_id));
  const handle = textOf(user?.username);
  const text = wordsOf(post);
  return {
    context: {
      post: { text, permalink: `${webUrl}/${handle ?? 'i/web'}/status/${above}` },
      parent: { text, ...(handle && { author: `@${handle}` }) },
    },
  };
}

/** A direct message. `dm_conversation_id` of two people is made of both ids. */
function direct(event: Fields, { channel }: NormaliseContext<Settings>): MessageItem | null {
  const dm = fieldsOf(event.dm);
  const id = idOf(dm.id);
  if (!id) throw new Error('This is no direct message with an id');
  if (dm.event_type !== undefined && dm.event_type !== 'MessageCreate') return null;
  const sender = idOf(dm.sender_id);
  const thread = idOf(dm.dm_conversation_id);
  const ours = sender === channel.account;
  const other = ours ? thread?.split('-').find((one) => one !== channel.account) : sender;
  return {
    ...{
      type: 'message',
      objectId: id,
      at: isoOf(dm.created_at),
      occurredAt: isoOf(dm.created_at),
      surface: 'message',
    },
    threadId: thread ?? sender ?? id,
    text: wordsOf(dm),
    ...(ours && { fromUs: true }),
    ...(ours ? {} : authorOf(fieldsOf(event.user), sender)),
    ...attached(listOf(event.media).map(fieldsOf)),
    ref: { dm: id, ...(other && { participant: other }) },
  };
}

function isoOf(time: unknown): string {
  const ms = Date.parse(String(time));
  if (Number.isNaN(ms)) throw new Error('This has no time that can be read');
  return new Date(ms).toISOString();
}
