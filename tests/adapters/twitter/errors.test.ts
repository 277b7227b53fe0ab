import { describe, expect, it } from 'vitest';
import { X_ERRORS, xError } from '../../../adapters/twitter/errors.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const REFILL = new Date('2026-12-01T00:00:00Z');
const asked = { what: 'Membalas di X', now: NOW, refill: REFILL };
const problem = (type: string, detail = '') => ({
  title: 'x',
  detail,
  type: `https://api.twitter.com/2/problems/${type}`,
});
const plain = (detail: string) => ({ title: 'Forbidden', detail, type: 'about:blank', status: 403 });
const old = (code: number) => ({ errors: [{ code, message: 'older' }] });

type Case = [status: number, body: unknown, kind: string, about?: object];
const CASES: Case[] = [
  [429, problem('rate-limit-exceeded'), 'throttled'],
  [429, { title: 'Too Many Requests', type: 'about:blank' }, 'throttled'],
  [400, old(88), 'throttled'],
  [429, problem('usage-capped'), 'throttled', { quotaUntil: REFILL, retryAfterMs: 3_600_000 }],
  [403, problem('usage-capped'), 'throttled', { quotaUntil: REFILL }],
  [402, { title: 'CreditsDepleted' }, 'throttled', { quotaUntil: REFILL }],
  [500, '', 'retry', { nothingSent: false }],
  [502, '<html>', 'retry', { nothingSent: false }],
  [503, '<html>Over capacity</html>', 'retry', { nothingSent: false }],
  [504, undefined, 'retry', { nothingSent: false }],
  [401, { title: 'Unauthorized', detail: 'Unauthorized', type: 'about:blank' }, 'auth'],
  [403, problem('client-forbidden'), 'auth'],
  [403, problem('unsupported-authentication'), 'auth'],
  [
    403,
    plain('Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.'),
    'auth',
  ],
  [403, plain('Forbidden'), 'auth'],
  [
    403,
    problem(
      'not-authorized-for-resource',
      'You can only reply to or quote posts where you are mentioned or are the author.',
    ),
    ...(['refused', { reason: 'forbidden', message: expect.stringContaining('pesan langsung') }] as const),
  ],
  [
    403,
    plain(
      'Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author.',
    ),
    'refused',
    { reason: 'forbidden' },
  ],
  [403, plain('You are not allowed to create a Tweet with duplicate content.'), 'retry', { nothingSent: false }],
  [403, old(187), 'retry', { nothingSent: false }],
  [403, old(433), 'refused', { reason: 'forbidden' }],
  [403, old(349), 'refused', { reason: 'forbidden' }],
  [403, old(150), 'refused', { reason: 'forbidden' }],
  [403, plain('You have been blocked from performing this action.'), 'refused', { reason: 'forbidden' }],
  [
    400,
    problem('invalid-request', 'One or more parameters to your request was invalid.'),
    'refused',
    { reason: 'invalid' },
  ],
  [400, problem('invalid-request', 'Tweet text is too long.'), 'refused', { reason: 'content' }],
  [403, old(186), 'refused', { reason: 'content' }],
  [
    400,
    plain('You attempted to reply to a Tweet that is deleted or not visible to you.'),
    'refused',
    { reason: 'gone' },
  ],
  [
    403,
    plain('You attempted to reply to a Tweet that is deleted or not visible to you.'),
    'refused',
    { reason: 'gone' },
  ],
  [403, old(385), 'refused', { reason: 'gone' }],
  [404, old(144), 'refused', { reason: 'gone' }],
  [404, problem('resource-not-found'), 'refused', { reason: 'gone' }],
  [404, undefined, 'refused', { reason: 'gone' }],
  [403, problem('not-authorized-for-resource'), 'refused', { reason: 'forbidden' }],
  [403, old(326), 'auth'],
  [403, old(64), 'auth'],
  [403, plain('Your account is suspended and is not permitted to access this feature.'), 'auth'],
  [403, plain('To protect our users, this account has been temporarily locked.'), 'auth'],
  [401, old(89), 'auth'],
  [401, old(32), 'auth'],
  [418, undefined, 'refused', { reason: 'invalid' }],
];

describe('errors of X', () => {
  it.each(CASES)('%i %j is %s', (status, body, kind, about = {}) => {
    expect(xError({ status, headers: {}, body }, asked)).toMatchObject({ kind, ...about });
  });

  it('every rule is met by one of them', () => {
    const met = X_ERRORS.filter((rule) =>
      CASES.some(([status, body]) => {
        const words = JSON.stringify(body ?? '').toLowerCase();
        const fits = !rule.status || rule.status.includes(status);
        return (
          fits &&
          (!rule.type || words.includes(rule.type)) &&
          (!rule.code || words.includes(`"code":${rule.code},`)) &&
          (!rule.says || words.includes(rule.says))
        );
      }),
    );
    expect(met).toEqual(X_ERRORS);
  });

  it('a success is none', () => {
    expect(xError({ status: 201, headers: {}, body: { data: {} } }, asked)).toBeNull();
  });

  it('waits for the limit that is used up, in seconds since 1970, the longest of them', () => {
    const at = (seconds: number) => String(NOW.getTime() / 1_000 + seconds);
    const waitOf = (headers: Record<string, string>) => xError({ status: 429, headers, body: {} }, asked)?.retryAfterMs;
    expect(waitOf({ 'x-rate-limit-reset': at(90) })).toBe(90_000);
    const day = { 'x-user-limit-24hour-remaining': '0', 'x-user-limit-24hour-reset': at(7_200) };
    expect(waitOf({ 'x-rate-limit-remaining': '4', 'x-rate-limit-reset': at(90), ...day })).toBe(7_200_000);
    expect(waitOf({})).toBe(60_000);
    expect(waitOf({ 'x-rate-limit-reset': at(-5) })).toBe(60_000);
  });
});
