import { describe, expect, it } from 'vitest';
import { googleError } from '../../../adapters/_google/errors.ts';
import { topOf, YOUTUBE_ERRORS } from '../../../adapters/youtube/api.ts';

const classify = (code: number, reason: string) => {
  const body = { error: { code, errors: [{ domain: 'youtube', reason }], status: 'PERMISSION_DENIED' } };
  const asked = { what: 'Membalas', now: new Date('2026-11-24T08:00:00Z'), table: YOUTUBE_ERRORS };
  const error = googleError({ status: code, headers: {}, body }, asked);
  return [error?.kind, error?.reason];
};

describe('the error table of YouTube', () => {
  it.each([
    [403, 'quotaExceeded', 'throttled'],
    [403, 'dailyLimitExceeded', 'throttled'],
    [403, 'rateLimitExceeded', 'throttled'],
    [429, 'userRateLimitExceeded', 'throttled'],
    [500, 'backendError', 'retry'],
    [400, 'processingFailure', 'retry'],
    [401, 'authError', 'auth'],
    [401, 'invalidCredentials', 'auth'],
    [401, 'required', 'auth'],
    [403, 'forbidden', 'auth'],
    [403, 'insufficientPermissions', 'auth'],
    [401, 'youtubeSignupRequired', 'auth'],
    [403, 'accountDelegationForbidden', 'auth'],
    [403, 'authenticatedUserAccountClosed', 'auth'],
    [403, 'authenticatedUserAccountSuspended', 'auth'],
    [403, 'ineligibleAccount', 'auth'],
  ])('%i %s: %s', (code, reason, kind) => {
    expect(classify(code, reason)[0]).toBe(kind);
  });

  it.each([
    [403, 'commentsDisabled', 'forbidden'],
    [404, 'commentThreadNotFound', 'gone'],
    [404, 'parentCommentNotFound', 'gone'],
    [404, 'videoNotFound', 'gone'],
    [404, 'commentNotFound', 'gone'],
    [400, 'operationNotSupported', 'unsupported'],
    [400, 'parentCommentIsPrivate', 'forbidden'],
    [400, 'parentIdMissing', 'invalid'],
    [400, 'invalidCommentMetadata', 'content'],
    [400, 'commentTextRequired', 'content'],
    [400, 'commentTextTooLong', 'content'],
    [400, 'invalidCustomEmoji', 'content'],
    [400, 'invalidPageToken', 'invalid'],
    [400, 'incompatibleParameters', 'invalid'],
  ])('%i %s: refused, %s', (code, reason, expected) => {
    expect(classify(code, reason)).toEqual(['refused', expected]);
  });

  it('a reply belongs to the thread before its dot', () => {
    expect(topOf('UgxAbc123_def4567890Ab4AaABAg.A1b2C3')).toBe('UgxAbc123_def4567890Ab4AaABAg');
    expect(topOf('UgxAbc123')).toBe('UgxAbc123');
  });
});
