import type { Handler, KitEvent, Landed, PlatformState, WireAnswer, WireRequest } from '../kit/index.ts';

export const ACCOUNT = '_000KitPemkabContoh';
export const VIDEO = '7540000000000000001';
export const ACCESS = 'act.kit-tiktok-access-01';
export const REFRESH = 'rft.kit-tiktok-refresh-01';
export const APP_SECRET = 'kit-tiktok-app-secret-01';
export const CODE = 'kit-tiktok-code-77';
export const PAGE_SIZE = 30;
const SCOPE = 'user.info.basic,video.list,comment.list,comment.list.manage';

/** What TikTok always answers: 200, and how it went stands inside. */
export const envelope = (data: unknown, code = 0, message = 'OK'): WireAnswer => ({
  status: 200,
  body: { code, message, request_id: '20261124080000010', data },
});
export const failure = (code: number, message: string, headers: Record<string, string> = {}): WireAnswer => ({
  ...envelope({}, code, message),
  headers,
});

const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1_000));

/** A comment as the list gives it. */
export function commentOf({ objectId, at, text }: KitEvent): Record<string, unknown> {
  return {
    ...{ comment_id: objectId, video_id: VIDEO, user_id: '', unique_identifier: 'uid-9f77', create_time: seconds(at) },
    ...{ text, likes: 2, replies: 0, owner: false, liked: false, pinned: false, status: 'PUBLIC' },
    ...{ username: 'lina.77', display_name: 'Lina', profile_image: '', image_url: '' },
  };
}

/** TikTok API for Business v1.3 as far as comments need it. */
export function tiktokPlatform(state: PlatformState): Handler {
  const routes: Record<string, (request: WireRequest) => WireAnswer> = {
    'GET /business/video/list/': () => videos(state),
    'GET /business/comment/list/': (request) => comments(state, request),
    'GET /business/comment/reply/list/': (request) => paged(state.landed.map(standing), request),
    'POST /business/comment/reply/create/': (request) => land(state, request),
    'POST /business/message/send/': (request) => message(state, request),
    'POST /business/comment/hide/': (request) => hide(state, request),
  };
  return (request) => {
    if (request.path.startsWith('/tt_user/oauth2/')) return consent(request);
    if (request.headers['access-token'] !== ACCESS) return failure(40105, 'Access token is incorrect');
    if (request.method === 'GET' && request.query.get('business_id') !== ACCOUNT)
      return failure(40001, 'No permission');
    return routes[`${request.method} ${request.path}`]?.(request) ?? failure(40006, 'No schema found');
  };
}

/** The token endpoints, both for the refresh token and for a code. */
export function consent({ path, body }: WireRequest): WireAnswer {
  const given = JSON.parse(body.toString()) as Record<string, string>;
  const good =
    (path.endsWith('/refresh_token/') && given.refresh_token === REFRESH) ||
    (path.endsWith('/token/') && given.auth_code === CODE);
  if (given.client_secret !== APP_SECRET || !good) return failure(40002, 'Invalid auth_code or refresh_token');
  const refresh = { refresh_token: REFRESH, refresh_token_expires_in: 31_536_000 };
  const about = { open_id: ACCOUNT, scope: SCOPE, token_type: 'Bearer' };
  return envelope({ access_token: ACCESS, expires_in: 86_400, ...refresh, ...about });
}

function videos({ events }: PlatformState): WireAnswer {
  const one = { item_id: VIDEO, create_time: '1763000000', caption: 'Peresmian pasar', comments: events.length };
  return envelope({ videos: [{ ...one, share_url: 'https://tiktok.example/v/1' }], cursor: 0, has_more: false });
}

/** A page may be shorter than what was asked for, with others behind it. */
function paged(rows: readonly unknown[], { query }: WireRequest): WireAnswer {
  const from = Number(query.get('cursor') ?? 0);
  const page = rows.slice(from, from + Number(query.get('max_count') ?? 20));
  const next = from + page.length;
  return envelope({ comments: page, cursor: next, has_more: next < rows.length });
}

function comments({ events }: PlatformState, request: WireRequest): WireAnswer {
  const ids = request.query.get('comment_ids');
  const wanted = ids === null ? null : (JSON.parse(ids) as string[]);
  const rows = events.toSorted((a, b) => b.at.getTime() - a.at.getTime()).map(commentOf);
  if (!wanted) return paged(rows, request);
  return envelope({ comments: rows.filter((one) => wanted.includes(String(one.comment_id))), has_more: false });
}

const standing = ({ id, key, text }: Landed) => ({
  ...{ comment_id: id, parent_comment_id: 'kit-1', video_id: VIDEO, text, owner: key !== null, status: 'PUBLIC' },
  ...{ create_time: seconds(new Date('2026-11-24T01:00:05Z')) },
});

function land(state: PlatformState, { body }: WireRequest): WireAnswer {
  const given = JSON.parse(body.toString()) as Record<string, string>;
  if (given.comment_id !== 'kit-1') return failure(40002, 'comment not found');
  const landed = { id: `9${state.landed.length + 1}`, key: 'ours', text: given.text ?? '', files: 0 };
  state.landed.push(landed);
  return envelope({ ...standing(landed), user_id: '' });
}

function message(state: PlatformState, { body }: WireRequest): WireAnswer {
  const { text } = JSON.parse(body.toString()) as { text: { body: string } };
  const landed = { id: `m${state.landed.length + 1}`, key: 'ours', text: text.body, files: 0 };
  state.landed.push(landed);
  return envelope({ message: { message_id: landed.id } });
}

function hide(state: PlatformState, { body }: WireRequest): WireAnswer {
  const given = JSON.parse(body.toString()) as Record<string, string>;
  if (given.action === 'HIDE') state.hidden.add(given.comment_id ?? '');
  else state.hidden.delete(given.comment_id ?? '');
  return envelope({});
}
