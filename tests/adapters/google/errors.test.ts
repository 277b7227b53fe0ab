import { describe, expect, it } from 'vitest';
import { googleError as errorOf } from '../../../adapters/_google/errors.ts';
import { REPLY_ERRORS } from '../../../adapters/google-reviews/publish.ts';
import { googleError } from './signing.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const INFO = 'type.googleapis.com/google.rpc.ErrorInfo';
const reason = (name: string, metadata = {}) => [{ '@type': INFO, reason: name, domain: 'googleapis.com', metadata }];

function classify(answer: ReturnType<typeof googleError>, table = REPLY_ERRORS) {
  const error = errorOf({ headers: {}, ...answer, body: answer.body }, { what: 'Membalas ulasan', now: NOW, table });
  return error && [error.kind, error.reason ?? error.retryAfterMs ?? null, error.code];
}

describe('the error table of the reviews', () => {
  it.each([
    ['429', googleError(429, 'RESOURCE_EXHAUSTED'), ['throttled', 60_000, 'RESOURCE_EXHAUSTED']],
    ['429 with a header', googleError(429, 'RESOURCE_EXHAUSTED', { headers: { 'retry-after': '7' } }), ['throttled', 7_000, 'RESOURCE_EXHAUSTED']],
    ['429 with RetryInfo', googleError(429, 'RESOURCE_EXHAUSTED', { details: [{ retryDelay: '12.5s' }] }), ['throttled', 12_500, 'RESOURCE_EXHAUSTED']],
    ['older 403 for being too fast', { status: 403, body: { error: { code: 403, errors: [{ reason: 'rateLimitExceeded' }] } } }, ['throttled', 60_000, 'rateLimitExceeded']],
    ['older 403 for the quota', { status: 403, body: { error: { code: 403, errors: [{ reason: 'quotaExceeded' }] } } }, ['throttled', 60_000, 'quotaExceeded']],
    ['a quota of nothing', googleError(429, 'RESOURCE_EXHAUSTED', { details: reason('RATE_LIMIT_EXCEEDED', { quota_limit_value: '0' }) }), ['auth', null, 'quota-zero']],
    ['a quota of nothing, in words', googleError(429, 'RESOURCE_EXHAUSTED', { message: "Quota exceeded ... limit 'Requests per minute' of 0 per minute" }), ['auth', null, 'quota-zero']],
    ['500', googleError(500, 'INTERNAL'), ['retry', null, 'INTERNAL']],
    ['503', googleError(503, 'UNAVAILABLE'), ['retry', null, 'UNAVAILABLE']],
    ['504', googleError(504, 'DEADLINE_EXCEEDED'), ['retry', null, 'DEADLINE_EXCEEDED']],
    ['502 without JSON', { status: 502, body: 'Bad Gateway' }, ['retry', null, '502']],
    ['401', googleError(401, 'UNAUTHENTICATED'), ['auth', null, 'UNAUTHENTICATED']],
    ['a dead refresh token', { status: 400, body: { error: 'invalid_grant' } }, ['auth', null, 'invalid_grant']],
    ['a wrong client', { status: 401, body: { error: 'invalid_client' } }, ['auth', null, 'invalid_client']],
    ['403', googleError(403, 'PERMISSION_DENIED'), ['refused', 'forbidden', 'PERMISSION_DENIED']],
    ['an API that is off', googleError(403, 'PERMISSION_DENIED', { details: reason('SERVICE_DISABLED') }), ['auth', null, 'SERVICE_DISABLED']],
    ['a missing scope', googleError(403, 'PERMISSION_DENIED', { details: reason('ACCESS_TOKEN_SCOPE_INSUFFICIENT') }), ['auth', null, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT']],
    ['an unverified location', googleError(400, 'FAILED_PRECONDITION'), ['refused', 'forbidden', 'FAILED_PRECONDITION']],
    ['a deleted review', googleError(404, 'NOT_FOUND'), ['refused', 'gone', 'NOT_FOUND']],
    ['a text that is not taken', googleError(400, 'INVALID_ARGUMENT'), ['refused', 'content', 'INVALID_ARGUMENT']],
    ['a status that nobody knows', googleError(418, 'TEAPOT'), ['refused', 'invalid', '418']],
  ] as const)('%s', (_, answer, expected) => {
    expect(classify(answer)).toEqual(expected);
  });

  it('a 2xx is none', () => {
    expect(classify({ status: 200, body: { comment: 'Baik' } })).toBeNull();
  });

  it('tells plainly what to do', () => {
    const say = (answer: ReturnType<typeof googleError>) => errorOf({ headers: {}, ...answer, body: answer.body }, { what: 'Membaca ulasan', now: NOW })?.message;
    expect(say(googleError(429, 'RESOURCE_EXHAUSTED', { details: reason('RATE_LIMIT_EXCEEDED', { quota_limit_value: '0' }) }))).toContain('belum disetujui');
    expect(say(googleError(400, 'FAILED_PRECONDITION'))).toContain('belum diverifikasi');
  });
}); // biome-ignore format: a table
