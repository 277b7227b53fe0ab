import type { Handler, KitEvent, Landed, PlatformState, WireAnswer, WireRequest } from '../kit/index.ts';
import { APP_ID, APP_SECRET, graphError, graphTime, isProven, seconds, TOKEN } from './meta/signing.ts';

export const PAGE = '104000000000001';
export const POST = `${PAGE}_221000000000777`;
export const CITIZEN = { id: '25900000000000042', name: 'Lina Haddad' };
export const PHOTO = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x80, 0xfe]);
const PAGE_SIZE = 50;

/** The event as a change of the page's feed. */
export function changeOf({ verb, objectId, at, text }: KitEvent): Record<string, unknown> {
  const about = { item: 'comment', post_id: POST, parent_id: POST, comment_id: objectId, from: CITIZEN };
  if (verb === 'garbage') return { field: 'feed', value: { item: 'comment', verb: 'add', message: text } };
  if (verb === 'delete') return { field: 'feed', value: { ...about, verb: 'remove' } };
  const edited = verb === 'edit' && { edited_time: seconds(at) };
  const value = { ...about, verb: edited ? 'edited' : 'add', message: text, created_time: seconds(at), ...edited };
  return { field: 'feed', value };
}

/** Graph as far as a page needs it. */
export function facebookPlatform(state: PlatformState): Handler {
  return (request) => {
    const path = request.path.replace(/^\/v\d\d\.0/, '');
    if (path.startsWith('/cdn/')) return { status: 200, headers: { 'content-type': 'image/jpeg' }, body: PHOTO };
    const refusal = refuse(request);
    if (refusal) return refusal;
    const route = ROUTES.find(([method, pattern]) => method === request.method && pattern.test(path));
    return route ? route[2](state, { ...request, path }) : graphError(400, 2500);
  };
}

function refuse({ headers, query }: WireRequest): WireAnswer | null {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  if (token !== TOKEN && token !== `${APP_ID}|${APP_SECRET}`) return graphError(400, 190, 463);
  return isProven(token, query.get('appsecret_proof')) ? null : graphError(400, 100);
}

type Route = (state: PlatformState, request: WireRequest) => WireAnswer;
const ok = (body: unknown): WireAnswer => ({ status: 200, body });

const ROUTES: [method: string, path: RegExp, route: Route][] = [
  ['GET', /^\/debug_token$/, () => ok({ data: TOKEN_DATA })],
  [
    'GET',
    new RegExp(`^/${APP_ID}/subscriptions$`),
    () => ok({ data: [{ object: 'page', active: true, fields: named() }] }),
  ],
  ['GET', new RegExp(`^/${PAGE}/subscribed_apps$`), () => ok({ data: [{ id: APP_ID, subscribed_fields: FIELDS }] })],
  ['GET', new RegExp(`^/${PAGE}/feed$`), (state) => ok({ data: [post(state)] })],
  ['GET', new RegExp(`^/${PAGE}/(tagged|conversations)$`), () => ok({ data: [] })],
  ['POST', new RegExp(`^/${PAGE}/photos$`), () => ok({ id: 'photo-1' })],
  ['POST', new RegExp(`^/${PAGE}/messages$`), (state, request) => message(state, request)],
  ['GET', new RegExp(`^/${POST}/comments$`), (state, { query }) => comments(state, query)],
  ['GET', /^\/kit-1\/comments$/, (state, { query }) => replies(state, query)],
  ['POST', /^\/kit-1\/comments$/, (state, request) => reply(state, request)],
  ['POST', /^\/kit-1$/, (state, { body }) => hide(state, JSON.parse(body.toString()))],
  ['GET', /^\/kit-\d+$/, (state, { path }) => node(state, path.slice(1))],
];

const FIELDS = [
  ...['feed', 'mention', 'ratings', 'messages', 'message_echoes', 'message_edits', 'message_reactions'],
  ...['message_reads', 'message_deliveries', 'messaging_postbacks', 'messaging_referrals', 'standby'],
  'messaging_policy_enforcement',
];
const named = () => FIELDS.map((name) => ({ name, version: 'v26.0' }));
const SCOPES = [
  ...['pages_show_list', 'pages_read_engagement', 'pages_read_user_content', 'pages_manage_engagement'],
  ...['pages_manage_metadata', 'pages_messaging'],
];
const TOKEN_DATA = { is_valid: true, expires_at: 0, data_access_expires_at: 0, scopes: SCOPES, profile_id: PAGE };

const post = (state: PlatformState) => ({
  id: POST,
  from: { id: PAGE, name: 'Kabupaten Contoh' },
  message: 'Kerja bakti hari Minggu',
  created_time: '2026-11-21T09:15:24+0000',
  updated_time: `changed-${state.events.length}`,
});

const written = ({ objectId, at, text }: KitEvent) => ({
  ...{ id: objectId, from: CITIZEN, message: text, created_time: graphTime(at) },
});

function comments(state: PlatformState, query: URLSearchParams): WireAnswer {
  const from = Number(query.get('after') ?? 0);
  const data = state.events.slice(from, from + PAGE_SIZE).map(written);
  const next = from + data.length;
  const more = next < state.events.length && { next: 'https://graph.facebook.com/next' };
  return ok({ data, paging: { cursors: { after: String(next) }, ...more } });
}

function node(state: PlatformState, id: string): WireAnswer {
  const found = state.events.find((one) => one.objectId === id);
  return found ? ok(written(found)) : graphError(400, 100, 33);
}

/** What stands below the comment, newest first. Only ours is from the page. */
function replies(state: PlatformState, query: URLSearchParams): WireAnswer {
  const newest = state.landed.toReversed();
  const from = Number(query.get('after') ?? 0);
  const data = newest.slice(from, from + PAGE_SIZE).map(standing);
  const next = from + data.length < newest.length && { next: 'https://graph.facebook.com/next' };
  return ok({ data, paging: { cursors: { after: String(from + data.length) }, ...next } });
}

const standing = ({ id, key, text }: Landed) => ({
  ...{ id, message: text, created_time: '2026-11-24T01:00:05+0000' },
  from: key === null ? { id: '25900000000000099', name: 'Orang Lain' } : { id: PAGE, name: 'Kabupaten Contoh' },
});

function reply(state: PlatformState, request: WireRequest): WireAnswer {
  const { message: text, attachment_id: photo } = JSON.parse(request.body.toString()) as Record<string, string>;
  return ok({ id: land(state, { text: text ?? '', files: photo === 'photo-1' ? 1 : 0 }) });
}

function message(state: PlatformState, request: WireRequest): WireAnswer {
  const body = JSON.parse(request.body.toString()) as Record<'recipient' | 'message', Record<string, string>>;
  const isPrivate = body.recipient.comment_id !== undefined || body.recipient.post_id !== undefined;
  const id = land(state, { text: body.message.text ?? '', files: 0, private: isPrivate });
  return ok({ recipient_id: '7700000000000055', message_id: id });
}

function land(state: PlatformState, about: Omit<Landed, 'id' | 'key'>): string {
  const id = `r-${state.landed.length + 1}`;
  state.landed.push({ ...about, id, key: 'ours' });
  return id;
}

function hide(state: PlatformState, body: Record<string, unknown>): WireAnswer {
  if (body.is_hidden === true) state.hidden.add('kit-1');
  else state.hidden.delete('kit-1');
  return ok({ success: true });
}
