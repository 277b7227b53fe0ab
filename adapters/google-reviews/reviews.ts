import { ChannelError } from '#contract';
import { callWith, google, withToken } from '../_google/call.ts';
import { type Fields, fieldsOf, listOf, textOf } from '../_meta/json.ts';
import type { Pair } from '../_oauth/pair.ts';
import type { Context } from './settings.ts';

/** What the hub needs of a review (My Business API v4, `accounts.locations.reviews`), and the whole as it came. */
export interface Review {
  /** `accounts/1089/locations/4711/reviews/AbFv`. Opaque, case matters. */
  name: string;
  /** RFC 3339, as Google writes it. */
  createTime: string;
  updateTime: string;
  reply: StandingReply | undefined;
  fields: Fields;
}

export interface StandingReply {
  comment: string;
  updateTime: string;
  /** `PENDING`, `REJECTED`, `APPROVED`, or something newer; empty where Google says nothing. */
  state: string;
  /** Only with `REJECTED`. */
  violation: string;
}

export const locationName = ({ channel }: Context, location: string) =>
  `accounts/${channel.account}/locations/${location}`;

/** `null`: it has no name or no time, so it cannot be told from others. */
export function reviewOf(value: unknown): Review | null {
  const fields = fieldsOf(value);
  const name = textOf(fields.name);
  const updateTime = textOf(fields.updateTime) ?? textOf(fields.createTime);
  if (!name || !updateTime || Number.isNaN(Date.parse(updateTime))) return null;
  return {
    name,
    updateTime,
    createTime: textOf(fields.createTime) ?? updateTime,
    reply: replyOf(fields.reviewReply),
    fields,
  };
}

export function replyOf(value: unknown): StandingReply | undefined {
  const { comment, updateTime, reviewReplyState, policyViolation } = fieldsOf(value);
  if (typeof comment !== 'string' || comment === '' || typeof updateTime !== 'string' || updateTime === '')
    return undefined;
  return { comment, updateTime, state: textOf(reviewReplyState) ?? '', violation: textOf(policyViolation) ?? '' };
}

/** The review as it stands now; `null`: it is gone. */
export const readReview = (ctx: Context, name: string, what: string): Promise<Review | null> =>
  withToken(ctx, (token) => readReviewWith(ctx, token, name, what));

/** The same with a token that is at hand. */
export async function readReviewWith(ctx: Context, token: Pair, name: string, what: string): Promise<Review | null> {
  try {
    const read = reviewOf(await callWith(ctx, token, { what, url: `${ctx.settings.apiBase}/v4/${pathOf(name)}` }));
    if (read) return read;
  } catch (error) {
    if (error instanceof ChannelError && error.reason === 'gone') return null;
    throw error;
  }
  throw new ChannelError('retry', `${what}: jawaban Google bukan ulasan`, { nothingSent: true });
}

const NAME = /^accounts\/[^/]+\/locations\/[^/]+\/reviews\/[^/]+$/;

/** A name comes from outside: it names a review and nothing else. */
export function pathOf(name: string): string {
  const parts = name.split('/');
  if (!NAME.test(name) || parts.some((part) => part === '.' || part === '..'))
    throw new ChannelError('refused', 'Nama ulasan ini tidak dapat dibaca', { reason: 'invalid' });
  return parts.map(encodeURIComponent).join('/');
}

/** Names one version of our reply: Google gives it no id of its own. */
export const replyId = (name: string, { updateTime }: StandingReply): string => `${name}/reply@${updateTime}`;

export interface Listed {
  reviews: Review[];
  /** `null`: this was the last page. */
  token: string | null;
}

const PAGE_SIZE = 50;
const ORDER = 'updateTime desc';
const WHAT = 'Membaca ulasan';

/** One page of one location, or of several at once; newest change first. */
export async function listReviews(ctx: Context, locations: readonly string[], token: string | null): Promise<Listed> {
  const { apiBase } = ctx.settings;
  const [only = ''] = locations;
  if (locations.length === 1) {
    const query = { pageSize: PAGE_SIZE, orderBy: ORDER, pageToken: token ?? undefined };
    const answer = await google(ctx, { what: WHAT, url: `${apiBase}/v4/${locationName(ctx, only)}/reviews`, query });
    return listed(answer, answer.reviews);
  }
  const answer = await google(ctx, {
    what: WHAT,
    method: 'POST',
    url: `${apiBase}/v4/accounts/${ctx.channel.account}/locations:batchGetReviews`,
    json: {
      locationNames: locations.map((one) => locationName(ctx, one)),
      ...{ pageSize: PAGE_SIZE, pageToken: token ?? '', orderBy: ORDER },
    },
  });
  const rows = answer.locationReviews;
  return listed(answer, Array.isArray(rows) ? rows.map((one) => fieldsOf(one).review) : rows);
}

/** Without reviews the list is left out (Google writes nothing that is empty); anything else in its place is no list. */
function listed(answer: Fields, rows: unknown): Listed {
  const strange = Object.keys(answer).some((key) => !KNOWN.has(key));
  if ((rows === undefined && strange) || (rows !== undefined && !Array.isArray(rows)))
    throw new ChannelError('retry', `${WHAT}: jawaban Google tanpa daftar`);
  const token = textOf(answer.nextPageToken);
  return { reviews: listOf(rows).flatMap((one) => reviewOf(one) ?? []), token: token || null };
}

const KNOWN: ReadonlySet<string> = new Set([
  'reviews', 'locationReviews', 'averageRating', 'totalReviewCount', 'nextPageToken',
]); // biome-ignore format: one glance
