import type { Handler, KitEvent, Landed, PlatformState, WireAnswer, WireRequest } from '../kit/index.ts';
import { googleError } from './google/signing.ts';

export const CHANNEL = 'UCcontohkab0000000000001';
export const CITIZEN = 'UCwarga00000000000000077';
export const VIDEO = 'dQcontoh001';
export const ACCESS = 'ya29.kit-youtube-access-01';
export const REFRESH = '1//kit-youtube-refresh-01';
export const CLIENT_SECRET = 'GOCSPX-kit-youtube-client-01';
/** YouTube gives about twenty with `order=time`, whatever is asked for. */
export const PAGE_SIZE = 20;

/** A comment resource. */
export function commentOf({ verb, objectId, at, text }: KitEvent): Record<string, unknown> {
  const published = verb === 'edit' ? '2026-09-11T17:20:31Z' : at.toISOString();
  return {
    ...{ kind: 'youtube#comment', id: objectId },
    snippet: {
      ...{ channelId: CHANNEL, videoId: VIDEO, textDisplay: text, textOriginal: text, canRate: true, likeCount: 3 },
      ...{ authorDisplayName: '@lina77', authorChannelId: { value: CITIZEN }, viewerRating: 'none' },
      ...{ publishedAt: published, updatedAt: at.toISOString() },
    },
  };
}

const threadOf = (event: KitEvent) => ({
  ...{ kind: 'youtube#commentThread', id: event.objectId },
  snippet: {
    ...{ channelId: CHANNEL, videoId: VIDEO, canReply: true, isPublic: true, totalReplyCount: 0 },
    topLevelComment: commentOf(event),
  },
});

/** YouTube Data API v3 as far as comments need it. */
export function youtubePlatform(state: PlatformState): Handler {
  return (request) => {
    const { path, method, headers } = request;
    if (path === '/token') return tokens(request);
    if (headers.authorization !== `Bearer ${ACCESS}`) return googleError(401, 'UNAUTHENTICATED');
    if (path === '/channels') return ok({ items: [{ id: CHANNEL, snippet: { title: 'Kabupaten Contoh' } }] });
    if (path === '/commentThreads') return threads(state, request);
    if (path === '/comments') return method === 'POST' ? reply(state, request) : replies(state, request);
    return googleError(404, 'NOT_FOUND');
  };
}

const ok = (body: unknown): WireAnswer => ({ status: 200, body });

export const CODE = '4/kit-youtube-code-77';

/** The token endpoint for a code, and whose channel it is. */
export function consent({ path, body }: WireRequest): WireAnswer {
  if (path === '/channels') return ok({ items: [{ id: CHANNEL, snippet: { title: 'Kabupaten Contoh' } }] });
  const form = new URLSearchParams(body.toString());
  if (form.get('code') !== CODE) return { status: 400, body: { error: 'invalid_grant' } };
  const scope = 'https://www.googleapis.com/auth/youtube.force-ssl';
  return ok({ access_token: ACCESS, expires_in: 3_599, refresh_token: REFRESH, scope, token_type: 'Bearer' });
}

function tokens({ body }: WireRequest): WireAnswer {
  const form = new URLSearchParams(body.toString());
  if (form.get('refresh_token') !== REFRESH) return { status: 400, body: { error: 'invalid_grant' } };
  const scope = 'https://www.googleapis.com/auth/youtube.force-ssl';
  return ok({ access_token: ACCESS, expires_in: 3_599, scope, token_type: 'Bearer' });
}

/** Newest first; of what is held back there is nothing here. */
function threads(state: PlatformState, { query }: WireRequest): WireAnswer {
  const ids = query.get('id')?.split(',');
  const held = query.get('moderationStatus') !== null;
  const all = held ? [] : state.events.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  if (ids) return ok({ items: all.filter(({ objectId }) => ids.includes(objectId)).map(threadOf) });
  return paged(all.map(threadOf), query);
}

function paged(all: unknown[], query: URLSearchParams): WireAnswer {
  const from = Number(query.get('pageToken') ?? 0);
  const items = all.slice(from, from + PAGE_SIZE);
  const next = from + items.length < all.length && { nextPageToken: String(from + items.length) };
  return ok({ items, pageInfo: { totalResults: all.length, resultsPerPage: PAGE_SIZE }, ...next });
}

const standing = ({ id, key, text }: Landed) => ({
  id,
  snippet: {
    ...{ parentId: 'kit-1', textDisplay: text, textOriginal: text, authorDisplayName: '@siapa' },
    authorChannelId: { value: key === null ? 'UCorang00000000000000099' : CHANNEL },
    ...{ publishedAt: '2026-11-24T01:00:05Z', updatedAt: '2026-11-24T01:00:05Z' },
  },
});

function replies(state: PlatformState, { query }: WireRequest): WireAnswer {
  return query.get('parentId') === 'kit-1' ? paged(state.landed.map(standing), query) : paged([], query);
}

function reply(state: PlatformState, { body }: WireRequest): WireAnswer {
  const { parentId, textOriginal: text } = JSON.parse(body.toString()).snippet as Record<string, string>;
  if (parentId !== 'kit-1') return googleError(404, 'NOT_FOUND');
  const landed = { id: `kit-1.r${state.landed.length + 1}`, key: 'ours', text: text ?? '', files: 0 };
  state.landed.push(landed);
  return ok(standing(landed));
}
