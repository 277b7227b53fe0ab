import { createHash } from 'node:crypto';
import { idAt } from '../../adapters/twitter/ids.ts';
import { isSigned, type Signer } from '../../simulators/x/oauth1.ts';
import type { Handler, KitEvent, Landed, PlatformState, WireAnswer, WireRequest } from '../kit/index.ts';

export const ACCOUNT = '1400000000000000001';
export const CITIZEN = '1500000000000000042';
export const SIGNER: Signer = {
  ...{ consumerKey: 'kit-consumer-key-01', consumerSecret: 'kit-consumer-secret-0123456789' },
  ...{ accessToken: `${ACCOUNT}-kitAccessToken01`, accessSecret: 'kit-access-secret-0123456789' },
};
export const REFRESH = 'kit-x-refresh-token-0123456789';
export const CLIENT_SECRET = 'kit-x-client-secret-0123456789';
export const PAGE_SIZE = 100;
export const PHOTO = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
export const PHOTO_PATH = '/2/dm_conversations/media/77/88/foto.jpg';

const MORNING = Date.parse('2026-11-24T01:00:00.000Z');
const bitsOf = (text: string): bigint => BigInt(createHash('sha256').update(text).digest().readUInt32BE() & 0x3fffff);

/** X's id for an object of the kit: its time, then figures of its own. */
export function postId(objectId: string): string {
  const seconds = Number(/^kit-(\d+)$/.exec(objectId)?.[1] ?? 900);
  return (BigInt(idAt(MORNING + seconds * 1_000)) + bitsOf(objectId)).toString();
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A post that mentions us, as `GET /2/users/:id/mentions` gives it. An edit is a post of its own. */
export function postOf({ verb, objectId, at, text }: KitEvent): Record<string, unknown> {
  const first = postId(objectId);
  const id = verb === 'edit' ? (BigInt(idAt(at.getTime())) + bitsOf(text)).toString() : first;
  return {
    ...{
      id,
      text: escaped(text),
      created_at: at.toISOString(),
      author_id: CITIZEN,
      conversation_id: first,
      lang: 'in',
    },
    edit_history_tweet_ids: verb === 'edit' ? [first, id] : [first],
    entities: { mentions: [{ start: 0, end: 0, username: 'PemkabContoh', id: ACCOUNT }] },
    reply_settings: 'everyone',
  };
}

/** The X API v2 as far as the kit needs it. */
export function xPlatform(state: PlatformState): Handler {
  let access = '';
  let refresh = REFRESH;
  return (request) => {
    const { path, headers, method } = request;
    if (path === '/2/oauth2/token') {
      if (new URLSearchParams(request.body.toString()).get('refresh_token') !== refresh)
        return {
          status: 400,
          body: { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
        };
      access = `kit-access-${refresh.length}`;
      refresh = `${refresh}x`;
      return ok({ access_token: access, refresh_token: refresh, expires_in: 7_200, scope: 'tweet.read tweet.write' });
    }
    const url = `http://${headers.host}${path}${request.query.size > 0 ? `?${request.query}` : ''}`;
    const authorization = headers.authorization ?? '';
    const known = authorization === `Bearer ${access}` || isSigned(method, url, authorization, SIGNER);
    return known ? answer(state, request) : UNAUTHORISED;
  };
}

export const UNAUTHORISED: WireAnswer = {
  status: 401,
  body: { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' },
};
const ok = (body: unknown, status = 200): WireAnswer => ({ status, body });

function answer(state: PlatformState, request: WireRequest): WireAnswer {
  const { path, method } = request;
  if (path === '/2/users/me') return ok({ data: { id: ACCOUNT, username: 'PemkabContoh', name: 'Kabupaten Contoh' } });
  if (path === `/2/users/${ACCOUNT}/mentions`) return mentions(state, request);
  if (path === `/2/users/${ACCOUNT}/tweets`) return listed(ours(state, false).map(standing), request);
  if (path === '/2/tweets') return method === 'POST' ? tweet(state, request) : lookup(state, request);
  if (path === `/2/dm_conversations/with/${CITIZEN}/messages`) return dm(state, request);
  if (path === `/2/dm_conversations/with/${CITIZEN}/dm_events`) return listed(ours(state, true).map(said), request);
  if (path.startsWith('/2/media/upload/')) return uploaded(path);
  if (path === PHOTO_PATH) return { status: 200, headers: { 'content-type': 'image/jpeg' }, body: PHOTO };
  return { status: 404, body: { title: 'Not Found', type: 'https://api.x.com/2/problems/resource-not-found' } };
}

function mentions(state: PlatformState, request: WireRequest): WireAnswer {
  const since = BigInt(request.query.get('since_id') ?? 0);
  const posts = state.events.filter(({ verb }) => verb !== 'delete').map(postOf);
  const newest = posts
    .filter(({ id }) => BigInt(String(id)) > since)
    .toSorted((a, b) => order(String(b.id), String(a.id)));
  return listed(newest, request, { users: [{ id: CITIZEN, username: 'lina77', name: 'Lina' }] });
}

const order = (a: string, b: string): number => (BigInt(a) < BigInt(b) ? -1 : Number(BigInt(a) > BigInt(b)));

function listed(all: readonly object[], { query }: WireRequest, includes: object = {}): WireAnswer {
  const from = Number(query.get('pagination_token') ?? 0);
  const data = all.slice(from, from + Number(query.get('max_results') ?? 10));
  const ids = data.map((one) => ('id' in one ? String(one.id) : ''));
  const next = from + data.length < all.length && { next_token: String(from + data.length) };
  const meta = {
    result_count: data.length,
    ...(ids.length > 0 && { newest_id: ids[0], oldest_id: ids.at(-1) }),
    ...next,
  };
  return ok({ ...(data.length > 0 && { data }), includes, meta });
}

const ours = ({ landed }: PlatformState, personal: boolean): Landed[] =>
  landed.filter((one) => one.key !== null && Boolean(one.private) === personal).toReversed();

const MARK = /\s(\[[^\]]*\])$/;
const above = new WeakMap<Landed, string>();

const standing = (one: Landed) => ({
  ...{ id: one.id, text: escaped(`@lina77 ${one.text} ${one.key}`), author_id: ACCOUNT },
  referenced_tweets: [{ type: 'replied_to', id: above.get(one) }],
});

const said = (one: Landed) => ({
  ...{ id: one.id, event_type: 'MessageCreate', text: `${one.text} ${one.key}`, sender_id: ACCOUNT },
});

function land(state: PlatformState, text: string, files: number, about: Partial<Landed>): Landed {
  const key = MARK.exec(text)?.[1] ?? '';
  const id = (BigInt(idAt(Date.parse('2026-11-24T08:00:00Z'))) + BigInt(state.landed.length)).toString();
  const landed = { id, key, text: text.replace(MARK, ''), files, ...about };
  state.landed.push(landed);
  return landed;
}

function tweet(state: PlatformState, { body }: WireRequest): WireAnswer {
  const { text, reply, media } = JSON.parse(body.toString());
  const target = String(reply?.in_reply_to_tweet_id);
  const there = target === postId('kit-1') || state.landed.some(({ id }) => id === target);
  if (!there)
    return { status: 403, body: { title: 'Forbidden', detail: 'a Tweet that is deleted or not visible to you.' } };
  const landed = land(state, text, media?.media_ids.length ?? 0, {});
  above.set(landed, target);
  return ok({ data: { id: landed.id, text, edit_history_post_ids: [landed.id] } }, 201);
}

function dm(state: PlatformState, { body }: WireRequest): WireAnswer {
  const { text, attachments } = JSON.parse(body.toString());
  const { id } = land(state, text, attachments?.length ?? 0, { private: true });
  return ok({ data: { dm_conversation_id: `${ACCOUNT}-${CITIZEN}`, dm_event_id: id } }, 201);
}

function uploaded(path: string): WireAnswer {
  if (path.endsWith('/append')) return ok({ data: { expires_at: 1 } });
  return ok({ data: { id: '1880028106020515840', media_key: '3_1880028106020515840' } });
}

/** Those that are not there are named in `errors`. */
function lookup(state: PlatformState, { query }: WireRequest): WireAnswer {
  const ids = query.get('ids')?.split(',') ?? [];
  const posts = state.events.map(postOf);
  const data = ids.flatMap((id) => posts.filter((one) => one.id === id));
  return ok({ data });
}

export const CODE = 'kit-x-code-0123456789';

/** The consent's side: one code, and whose account it is. */
export function xConsent({ path, body, headers }: WireRequest): WireAnswer {
  if (path === '/2/users/me') return ok({ data: { id: ACCOUNT, username: 'PemkabContoh' } });
  const basic = Buffer.from(`kit-client:${CLIENT_SECRET}`).toString('base64');
  if (path !== '/2/oauth2/token' || headers.authorization !== `Basic ${basic}`) return UNAUTHORISED;
  if (new URLSearchParams(body.toString()).get('code') !== CODE)
    return { status: 400, body: { error: 'invalid_request' } };
  const scope = 'tweet.read users.read tweet.write media.write offline.access';
  return ok({ access_token: 'kit-x-access-new', refresh_token: 'kit-x-refresh-new', expires_in: 7_200, scope });
}
