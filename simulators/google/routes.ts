import { type Answer, type Asked, json } from '../app/respond.ts';
import type { GoogleSettings } from './options.ts';
import { type Reply, type Review, STARS, type World } from './world.ts';

export interface Parts {
  settings: GoogleSettings;
  world: World;
}

/** google.rpc.Status. */
export function failure(code: number, status: string, message = status, details?: unknown[]): Answer {
  return json(code, { error: { code, message, status, ...(details && { details }) } });
}

const timeOf = (at: number): string => new Date(at).toISOString();

const replyJson = ({ comment, at, state, violation }: Reply) => ({
  ...{ comment, updateTime: timeOf(at), reviewReplyState: state },
  ...(violation && { policyViolation: violation }),
});

const reviewJson = (one: Review) => ({
  ...{ name: one.name, reviewId: one.name.split('/').at(-1) },
  reviewer: { displayName: one.who, isAnonymous: false },
  starRating: STARS[one.stars - 1] ?? 'STAR_RATING_UNSPECIFIED',
  ...(one.text !== '' && { comment: one.text }),
  ...{ createTime: timeOf(one.created), updateTime: timeOf(one.updated) },
  ...(one.photo && { reviewMediaItems: [{ thumbnailUrl: one.photo, thumbnailLabel: 'Foto', videoUrl: '' }] }),
  ...(one.reply && { reviewReply: replyJson(one.reply) }),
});

type Route = (parts: Parts, asked: Asked, caught: string[]) => Answer;

const ROUTES: readonly (readonly [method: string, path: RegExp, route: Route])[] = [
  ['GET', /^\/v1\/accounts\/(\d+)\/locations$/, listLocations],
  ['GET', /^\/v1\/accounts\/\d+\/notificationSetting$/, readNotices],
  ['PATCH', /^\/v1\/accounts\/\d+\/notificationSetting$/, changeNotices],
  ['GET', /^\/v4\/accounts\/\d+\/locations\/(\d+)\/reviews$/, listReviews],
  ['POST', /^\/v4\/accounts\/\d+\/locations:batchGetReviews$/, batchReviews],
  ['GET', /^\/v4\/(accounts\/\d+\/locations\/\d+\/reviews\/[\w-]+)$/, readReview],
  ['PUT', /^\/v4\/(accounts\/\d+\/locations\/\d+\/reviews\/[\w-]+)\/reply$/, putReply],
  ['DELETE', /^\/v4\/(accounts\/\d+\/locations\/\d+\/reviews\/[\w-]+)\/reply$/, deleteReply],
];

export function dispatch(parts: Parts, asked: Asked): Answer {
  for (const [method, pattern, route] of ROUTES) {
    const found = method === asked.method ? pattern.exec(asked.path) : null;
    if (found) return route(parts, asked, found.slice(1));
  }
  return failure(404, 'NOT_FOUND');
}

function listLocations({ settings }: Parts): Answer {
  const locations = settings.locations.map(({ id, title, verified }) => ({
    ...{ name: `locations/${id}`, title, metadata: verified ? { hasVoiceOfMerchant: true } : {} },
  }));
  return json(200, { locations });
}

const noticesJson = ({ settings: { account }, world: { topics } }: Parts) => ({
  name: `accounts/${account}/notificationSetting`,
  ...(topics.topic && { pubsubTopic: topics.topic, notificationTypes: topics.types }),
});

function readNotices(parts: Parts): Answer {
  return json(200, noticesJson(parts));
}

function changeNotices(parts: Parts, { body }: Asked): Answer {
  const { pubsubTopic, notificationTypes } = JSON.parse(body.toString());
  Object.assign(parts.world.topics, { topic: pubsubTopic, types: notificationTypes });
  return json(200, noticesJson(parts));
}

/** Newest change first. */
function pageOf(rows: readonly Review[], { size, token }: { size: number; token: string }) {
  const from = Number(token.slice(4) || 0);
  const sorted = rows.toSorted((a, b) => b.updated - a.updated);
  const page = sorted.slice(from, from + Math.min(size || 50, 50));
  const next = from + page.length < sorted.length && { nextPageToken: `CAUQ${from + page.length}` };
  return { page, next };
}

const unverified = () => failure(403, 'PERMISSION_DENIED', 'The location is not verified.');

const placeOf = ({ settings }: Parts, id: string) => settings.locations.find((one) => one.id === id);

function listReviews(parts: Parts, { query }: Asked, [location = '']: string[]): Answer {
  const place = placeOf(parts, location);
  if (!place) return failure(404, 'NOT_FOUND');
  if (!place.verified) return unverified();
  if (!['rating', 'rating desc', 'updateTime desc'].includes(query.get('orderBy') ?? 'updateTime desc'))
    return failure(400, 'INVALID_ARGUMENT', 'Invalid orderBy');
  const rows = [...parts.world.reviews.values()].filter((one) => one.location === location);
  const { page, next } = pageOf(rows, { size: Number(query.get('pageSize')), token: query.get('pageToken') ?? '' });
  const stars = rows.reduce((sum, one) => sum + one.stars, 0);
  const figures = rows.length > 0 && { averageRating: stars / rows.length, totalReviewCount: rows.length };
  return json(200, { ...(page.length > 0 && { reviews: page.map(reviewJson) }), ...figures, ...next });
}

function batchReviews(parts: Parts, { body }: Asked): Answer {
  const { locationNames = [], pageSize = 50, pageToken = '' } = JSON.parse(body.toString());
  if (locationNames.length > 50) return failure(400, 'INVALID_ARGUMENT', 'Too many locations');
  const ids = locationNames.map((name: string) => name.split('/').at(-1));
  if (ids.some((id: string) => !placeOf(parts, id)?.verified)) return unverified();
  const rows = [...parts.world.reviews.values()].filter((one) => ids.includes(one.location));
  const { page, next } = pageOf(rows, { size: pageSize, token: pageToken });
  const locationReviews = page.map((one) => ({
    name: one.name.replace(/\/reviews\/.*$/, ''),
    review: reviewJson(one),
  }));
  return json(200, { ...(page.length > 0 && { locationReviews }), ...next });
}

function readReview({ world }: Parts, _: Asked, [name = '']: string[]): Answer {
  const review = world.reviews.get(name);
  return review ? json(200, reviewJson(review)) : failure(404, 'NOT_FOUND');
}

function putReply(parts: Parts, { body }: Asked, [name = '']: string[]): Answer {
  const review = parts.world.reviews.get(name);
  if (!review) return failure(404, 'NOT_FOUND');
  if (!placeOf(parts, review.location)?.verified) return failure(400, 'FAILED_PRECONDITION');
  const { comment } = JSON.parse(body.toString()) as { comment?: string };
  if (!comment || Buffer.byteLength(comment) > 4_096) return failure(400, 'INVALID_ARGUMENT', 'review_reply.comment');
  return json(200, replyJson(parts.world.answer(review, comment)));
}

function deleteReply({ world }: Parts, _: Asked, [name = '']: string[]): Answer {
  const review = world.reviews.get(name);
  if (!review?.reply) return failure(404, 'NOT_FOUND');
  world.unanswer(review);
  return json(200, {});
}
