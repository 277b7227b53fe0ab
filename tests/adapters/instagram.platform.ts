import type { Handler, KitEvent, Landed, PlatformState, WireAnswer, WireRequest } from '../kit/index.ts';
import { APP_ID, APP_SECRET, graphError, graphTime, isProven, seconds, TOKEN } from './meta/signing.ts';

export const ACCOUNT = '17841400000000123';
export const PAGE = '104000000000001';
export const MEDIA = '18100000000000009';
export const USERNAME = 'pemkab.contoh';
export const PHOTO = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x80, 0xfe]);
const CITIZEN = { id: '6100000000000077', username: 'lina.h' };
const PAGE_SIZE = 50;

/** The event as a change of the account. */
export function changeOf({ verb, objectId, text }: KitEvent): Record<string, unknown> {
  if (verb === 'garbage') return { field: 'comments', value: { text } };
  return {
    field: 'comments',
    value: { id: objectId, text, from: CITIZEN, media: { id: MEDIA, media_product_type: 'FEED' } },
  };
}

/** Graph as far as an Instagram account behind a page needs it. */
export function instagramPlatform(state: PlatformState): Handler {
  return (request) => {
    const path = request.path.replace(/^\/v\d\d\.0/, '');
    if (path.startsWith('/cdn/')) return { status: 200, headers: { 'content-type': 'image/jpeg' }, body: PHOTO };
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (token !== TOKEN && token !== `${APP_ID}|${APP_SECRET}`) return graphError(400, 190, 463);
    if (!isProven(token, request.query.get('appsecret_proof'))) return graphError(400, 100);
    const route = ROUTES.find(([method, pattern]) => method === request.method && pattern.test(path));
    return route ? route[2](state, { ...request, path }) : graphError(400, 2500);
  };
}

type Route = (state: PlatformState, request: WireRequest) => WireAnswer;
const ok = (body: unknown): WireAnswer => ({ status: 200, body });

const ROUTES: [method: string, path: RegExp, route: Route][] = [
  ['GET', /^\/debug_token$/, () => ok({ data: TOKEN_DATA })],
  [
    'GET',
    new RegExp(`^/${APP_ID}/subscriptions$`),
    () => ok({ data: [{ object: 'instagram', active: true, fields: FIELDS }] }),
  ],
  [
    'GET',
    new RegExp(`^/${PAGE}/subscribed_apps$`),
    () => ok({ data: [{ id: APP_ID, subscribed_fields: ['feed', 'messages'] }] }),
  ],
  ['GET', new RegExp(`^/${ACCOUNT}/media$`), (state) => ok({ data: [media(state)] })],
  ['GET', new RegExp(`^/(${ACCOUNT}/tags|${PAGE}/conversations)$`), () => ok({ data: [] })],
  ['POST', new RegExp(`^/${PAGE}/messages$`), (state, { body }) => message(state, JSON.parse(body.toString()))],
  ['POST', new RegExp(`^/${ACCOUNT}/mentions$`), (state, { body }) => reply(state, body)],
  ['GET', new RegExp(`^/${MEDIA}/comments$`), (state, { query }) => comments(state, query)],
  ['GET', /^\/kit-1\/replies$/, (state, { query }) => replies(state, query)],
  ['POST', /^\/kit-1\/replies$/, (state, { body }) => reply(state, body)],
  ['POST', /^\/kit-1$/, (state, { body }) => hide(state, new URLSearchParams(body.toString()))],
  ['GET', /^\/kit-\d+$/, (state, { path }) => node(state, path.slice(1))],
];

const FIELDS = ['comments', 'live_comments', 'mentions', 'messages', 'message_reactions', 'messaging_postbacks'];
const SCOPES = [
  ...['instagram_basic', 'instagram_manage_comments', 'instagram_manage_messages', 'pages_show_list'],
  ...['pages_read_engagement', 'pages_manage_metadata'],
];
const TOKEN_DATA = { is_valid: true, expires_at: 0, data_access_expires_at: 0, scopes: SCOPES, profile_id: PAGE };

const media = (state: PlatformState) => ({
  ...{ id: MEDIA, timestamp: '2026-11-21T09:15:24+0000', comments_count: state.events.length },
});

const written = ({ objectId, at, text }: KitEvent) => ({
  ...{ id: objectId, text, timestamp: graphTime(at), username: CITIZEN.username, from: CITIZEN },
});

/** Newest first. */
function comments(state: PlatformState, query: URLSearchParams): WireAnswer {
  const newest = state.events.toReversed();
  const from = Number(query.get('after') ?? 0);
  const data = newest.slice(from, from + PAGE_SIZE).map(written);
  const next = from + data.length < newest.length && { next: 'https://graph.facebook.com/next' };
  return ok({ data, paging: { cursors: { after: String(from + data.length) }, ...next } });
}

function node(state: PlatformState, id: string): WireAnswer {
  const found = state.events.find((one) => one.objectId === id);
  return found ? ok(written(found)) : graphError(400, 100, 33);
}

function replies(state: PlatformState, query: URLSearchParams): WireAnswer {
  const from = Number(query.get('after') ?? 0);
  const data = state.landed.slice(from, from + PAGE_SIZE).map(standing);
  const next = from + data.length < state.landed.length && { next: 'https://graph.facebook.com/next' };
  return ok({ data, paging: { cursors: { after: String(from + data.length) }, ...next } });
}

const standing = ({ id, key, text }: Landed) => ({
  ...{ id, text, timestamp: '2026-11-24T01:00:05+0000' },
  from:
    key === null
      ? { id: '6100000000000099', username: 'orang.lain' }
      : { id: '178499', username: USERNAME.toUpperCase() },
});

const reply = (state: PlatformState, body: Buffer): WireAnswer =>
  ok({ id: land(state, { text: new URLSearchParams(body.toString()).get('message') ?? '', files: 0 }) });

function message(state: PlatformState, body: Record<'recipient' | 'message', Record<string, string>>): WireAnswer {
  const id = land(state, { text: body.message.text ?? '', files: 0, private: body.recipient.comment_id !== undefined });
  return ok({ recipient_id: '8800000000000066', message_id: id });
}

function land(state: PlatformState, about: Omit<Landed, 'id' | 'key'>): string {
  const id = `r-${state.landed.length + 1}`;
  state.landed.push({ ...about, id, key: 'ours' });
  return id;
}

function hide(state: PlatformState, form: URLSearchParams): WireAnswer {
  if (form.get('hide') === 'true') state.hidden.add('kit-1');
  else state.hidden.delete('kit-1');
  return ok({ success: true });
}

export const entryOf = (event: KitEvent) => ({
  id: event.account,
  time: seconds(event.at),
  changes: [changeOf(event)],
});
