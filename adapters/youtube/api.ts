import { ChannelError, type HttpRequest } from '#contract';
import { google } from '../_google/call.ts';
import { type ErrorTable, GOOGLE_ERRORS } from '../_google/errors.ts';
import { type Fields, fieldsOf } from '../_meta/json.ts';
import { READ_UNITS, spend, spent } from './quota.ts';
import type { Context } from './settings.ts';

const ACCOUNT = 'Periksa akun: persetujuan harus diberikan sebagai kanal YouTube itu, bukan akun pribadi';

/** `errors[0].reason` (YouTube Data API, "Errors" and `comments.insert`). */
export const YOUTUBE_ERRORS: ErrorTable = {
  ...GOOGLE_ERRORS,
  dailyLimitExceeded: ['limit'],
  backendError: ['doubt'],
  internalError: ['doubt'],
  processingFailure: ['doubt'],
  invalidCredentials: GOOGLE_ERRORS.UNAUTHENTICATED ?? ['auth'],
  required: GOOGLE_ERRORS.UNAUTHENTICATED ?? ['auth'],
  forbidden: ['auth', ACCOUNT],
  youtubeSignupRequired: ['auth', ACCOUNT],
  accountDelegationForbidden: ['auth', ACCOUNT],
  authenticatedUserAccountClosed: ['auth', ACCOUNT],
  authenticatedUserAccountSuspended: ['auth', ACCOUNT],
  ineligibleAccount: ['auth', ACCOUNT],
  commentsDisabled: ['forbidden', 'Komentar dimatikan pada video itu'],
  commentThreadNotFound: ['gone'],
  parentCommentNotFound: ['gone'],
  videoNotFound: ['gone'],
  commentNotFound: ['gone'],
  operationNotSupported: ['unsupported', 'Komentar ini tidak dapat dibalas'],
  parentCommentIsPrivate: ['forbidden', 'Komentar ini belum tayang'],
  parentIdMissing: ['invalid'],
  invalidCommentMetadata: ['content'],
  commentTextRequired: ['content'],
  commentTextTooLong: ['content', 'Teksnya terlalu panjang'],
  invalidCustomEmoji: ['content'],
  invalidPageToken: ['invalid'],
  incompatibleParameters: ['invalid'],
};

const DAILY: ReadonlySet<string | undefined> = new Set(['quotaExceeded', 'dailyLimitExceeded']);

export interface Ask extends Omit<HttpRequest, 'url'> {
  what: string;
  /** Below the API's address: `/comments`. */
  path: string;
  units?: number;
  from?: 'polls' | 'replies';
}

/** One call, written into the ledger before it leaves. */
export async function youtube(ctx: Context, ask: Ask): Promise<Fields> {
  const { what, path, units = READ_UNITS, from = 'polls', ...request } = ask;
  await spend(ctx, units, from);
  try {
    return await google(ctx, { ...request, what, url: ctx.settings.apiBase + path, table: YOUTUBE_ERRORS });
  } catch (error) {
    if (error instanceof ChannelError && DAILY.has(error.code)) throw spent(what, ctx.now());
    throw error;
  }
}

/** The list of an answer; without one it proves nothing. */
export function itemsOf({ items }: Fields, what: string): readonly Fields[] {
  if (!Array.isArray(items)) throw new ChannelError('retry', `${what}: jawaban YouTube tanpa daftar`);
  return items.map(fieldsOf);
}

/** A reply's id is that of its thread, a dot, and its own part. */
export const topOf = (id: string): string => id.split('.')[0] ?? id;
