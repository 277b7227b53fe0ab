import { describe, expect, it } from 'vitest';
import { isTokenCode, tiktokError } from '../../../adapters/tiktok/errors.ts';

const NOW = new Date('2026-11-24T20:00:00Z');
const classify = (code: number, message = '', status = 200) =>
  tiktokError({ status, headers: {}, body: { code, message } }, 'Membalas', NOW);

describe('the error table of TikTok', () => {
  it('code 0 is no error', () => {
    expect(classify(0)).toBeNull();
  });

  it.each([
    [40100, 'throttled'],
    [40016, 'throttled'],
    [40133, 'throttled'],
    [50002, 'throttled'],
    [51021, 'throttled'],
    [40102, 'auth'],
    [40104, 'auth'],
    [40105, 'auth'],
    [40001, 'auth'],
    [40003, 'auth'],
    [40006, 'refused'],
    [50000, 'retry'],
    [51234, 'retry'],
    [49999, 'refused'],
    [7, 'retry'],
  ])('%i: %s', (code, kind) => {
    expect(classify(code)?.kind).toBe(kind);
  });

  it.each([
    ['video not found', 'gone'],
    ['The comment does not exist', 'gone'],
    ['comment is not visible', 'gone'],
    ['comment disabled by the owner', 'forbidden'],
    ['text is too long', 'content'],
    ['contains banned words', 'content'],
    ['outside of the 48h window', 'window'],
    ['field x is wrong', 'invalid'],
  ])('40002 "%s": %s', (message, reason) => {
    expect(classify(40002, message)).toMatchObject({ kind: 'refused', reason });
    expect(classify(40007, message)).toMatchObject({ kind: 'refused', reason });
    // Its own words may repeat ours.
    expect(classify(40002, message)?.message).not.toContain(message);
  });

  it.each([
    [429, 'throttled'],
    [401, 'auth'],
    [404, 'refused'],
    [408, 'retry'],
    [500, 'retry'],
    [200, 'retry'],
    [204, 'retry'],
  ])('HTTP %i without an envelope: %s', (status, kind) => {
    expect(tiktokError({ status, headers: {}, body: {} }, 'Membalas', NOW)?.kind).toBe(kind);
  });

  it('waits five minutes, or until the day is over there, or as long as the header says', () => {
    expect(classify(40100, 'QPM exceeded')?.retryAfterMs).toBe(300_000);
    expect(classify(40100, 'Too many requests per day')?.retryAfterMs).toBe(4 * 3_600_000);
    const asked = { status: 200, headers: { 'retry-after': '7' }, body: { code: 40100 } };
    expect(tiktokError(asked, 'Membalas', NOW)?.retryAfterMs).toBe(7_000);
  });

  it('only a token that is over is asked for again', () => {
    expect([40102, 40104, 40105].every((code) => isTokenCode(String(code)))).toBe(true);
    expect([40001, 40003, 40100].some((code) => isTokenCode(String(code)))).toBe(false);
  });
});
