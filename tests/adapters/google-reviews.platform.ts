import type { Handler, KitEvent, PlatformState, WireAnswer, WireRequest } from '../kit/index.ts';
import { googleError } from './google/signing.ts';

export const ACCOUNT = '108900000000000000001';
export const LOCATION = '4711000000000000001';
export const PLACE = `accounts/${ACCOUNT}/locations/${LOCATION}`;
export const ACCESS = 'ya29.kit-access-token-01';
export const REFRESH = '1//kit-refresh-token-01';
export const CLIENT_SECRET = 'GOCSPX-kit-client-secret-01';
const PAGE_SIZE = 50;

export const nameOf = (objectId: string): string => `${PLACE}/reviews/${objectId}`;

/** The review as Google gives it. What was edited has a later `updateTime`. */
export const reviewOf = ({ verb, objectId, at, text }: KitEvent): Record<string, unknown> => ({
  ...{ name: nameOf(objectId), reviewId: objectId },
  reviewer: {
    displayName: 'Lina H.',
    profilePhotoUrl: 'https://lh3.googleusercontent.com/a/contoh',
    isAnonymous: false,
  },
  ...{ starRating: 'TWO', comment: text },
  createTime: verb === 'edit' ? '2026-08-30T14:02:11.123456Z' : at.toISOString(),
  updateTime: at.toISOString(),
});

/** My Business API v4 and the APIs beside it, as far as reviews need them. */
export function googlePlatform(state: PlatformState): Handler {
  return (request) => {
    if (request.path === '/token') return tokens(request);
    if (request.headers.authorization !== `Bearer ${ACCESS}`) return googleError(401, 'UNAUTHENTICATED');
    const route = ROUTES.find(([method, pattern]) => method === request.method && pattern.test(request.path));
    return route ? route[2](state, request) : googleError(404, 'NOT_FOUND');
  };
}

type Route = (state: PlatformState, request: WireRequest) => WireAnswer;
const ok = (body: unknown): WireAnswer => ({ status: 200, body });

const ROUTES: [method: string, path: RegExp, route: Route][] = [
  ['GET', new RegExp(`^/v1/accounts/${ACCOUNT}/locations$`), () => ok({ locations: [LISTED] })],
  ['GET', new RegExp(`^/v1/accounts/${ACCOUNT}/notificationSetting$`), () => ok(NOTICES)],
  ['GET', new RegExp(`^/v4/${PLACE}/reviews$`), (state, { query }) => list(state, query)],
  ['GET', new RegExp(`^/v4/${PLACE}/reviews/[^/]+$`), (state, { path }) => one(state, path)],
  ['PUT', new RegExp(`^/v4/${PLACE}/reviews/[^/]+/reply$`), (state, request) => reply(state, request)],
];

const LISTED = {
  ...{ name: `locations/${LOCATION}`, title: 'Dinas Kependudukan' },
  metadata: { hasVoiceOfMerchant: true },
};
export const TOPIC = 'projects/contoh-proyek/topics/gbp';
const NOTICES = {
  name: `accounts/${ACCOUNT}/notificationSetting`,
  ...{ pubsubTopic: TOPIC, notificationTypes: ['NEW_REVIEW', 'UPDATED_REVIEW'] },
};

/** RFC 6749 section 6. */
export const CODE = '4/kit-reviews-code-77';

/** The token endpoint for a code. */
export function consent({ body }: WireRequest): WireAnswer {
  const form = new URLSearchParams(body.toString());
  if (form.get('code') !== CODE || form.get('client_secret') !== CLIENT_SECRET)
    return { status: 400, body: { error: 'invalid_grant' } };
  const scope = 'https://www.googleapis.com/auth/business.manage';
  return ok({ access_token: ACCESS, expires_in: 3_599, refresh_token: REFRESH, scope, token_type: 'Bearer' });
}

function tokens({ body }: WireRequest): WireAnswer {
  const form = new URLSearchParams(body.toString());
  if (form.get('refresh_token') !== REFRESH || form.get('client_secret') !== CLIENT_SECRET)
    return { status: 400, body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' } };
  const scope = 'https://www.googleapis.com/auth/business.manage';
  return ok({ access_token: ACCESS, expires_in: 3_599, scope, token_type: 'Bearer' });
}

/** The newest change first; without reviews the list is left out. */
function list(state: PlatformState, query: URLSearchParams): WireAnswer {
  const all = state.events.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  const from = Number(query.get('pageToken')?.slice(4) ?? 0);
  const rows = all.slice(from, from + PAGE_SIZE).map(reviewOf);
  const next = from + rows.length < all.length && { nextPageToken: `CAUQ${from + rows.length}` };
  return ok({ ...(rows.length > 0 && { reviews: rows }), averageRating: 2, totalReviewCount: all.length, ...next });
}

/** The review that the kit answers stands here, and has one reply: the last that our account wrote. */
function one(state: PlatformState, path: string): WireAnswer {
  const id = path.split('/').at(-1) ?? '';
  const found = state.events.find((event) => event.objectId === id);
  if (!found && id !== 'kit-1') return googleError(404, 'NOT_FOUND');
  const review = reviewOf(found ?? { verb: 'create', account: ACCOUNT, objectId: id, at: EPOCH, text: 'Antre lama' });
  const ours = state.landed.findLast(({ key }) => key !== null);
  return ok({ ...review, ...(ours && { reviewReply: standing(ours) }) });
}
const EPOCH = new Date('2026-11-20T02:00:00Z');

const standing = ({ id, text }: { id: string; text: string }) => ({
  ...{ comment: text, updateTime: id.split('@')[1], reviewReplyState: 'PENDING' },
});

function reply(state: PlatformState, { body, path }: WireRequest): WireAnswer {
  const { comment } = JSON.parse(body.toString()) as { comment: string };
  if (comment === '' || Buffer.byteLength(comment) > 4_096) return googleError(400, 'INVALID_ARGUMENT');
  const at = new Date(Date.parse('2026-11-24T08:00:00Z') + state.landed.length * 1_000).toISOString();
  const landed = { id: `${path.slice('/v4/'.length)}@${at}`, key: 'ours', text: comment, files: 0 };
  state.landed.push(landed);
  return ok(standing(landed));
}
