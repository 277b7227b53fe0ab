import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerRules } from '#contract';
import { type AnswerTarget, answerFaults, windowEnd } from '../../src/core/answer.ts';

const NOW = new Date('2026-11-24T08:00:00Z');
const RULES: AnswerRules = {
  ...{ maxChars: 20, surfaces: ['comment', 'message'], window: { message: '24h' } },
  attachments: { maxCount: 1, maxBytes: 100, mimes: ['image/png'] },
};
const target = (changes: Partial<AnswerTarget> = {}): AnswerTarget => ({
  ...{ messageId: 'm', channel: 'Facebook', surface: 'comment', lastCitizenAt: NOW },
  ...{ deleted: false, secret: false, rules: RULES },
  ...changes,
});
const codes = (
  text: string,
  one: Partial<AnswerTarget> = {},
  files: Parameters<typeof answerFaults>[0]['files'] = [],
) => answerFaults({ text, files, targets: [target(one)], now: NOW }).map((fault) => fault.code);

it('lets an ordinary answer pass', () => {
  expect(codes('Terima kasih.')).toEqual([]);
});

it('counts as the platform counts', () => {
  expect(codes('x'.repeat(20))).toEqual([]);
  expect(codes('x'.repeat(21))).toEqual(['too_long']);
  expect(codes('x'.repeat(21), { rules: { ...RULES, measure: () => 1 } })).toEqual([]);
});

it('refuses where the channel cannot answer', () => {
  expect(codes('Halo', { surface: 'review' })).toEqual(['unsupported']);
  expect(codes('Halo', { rules: undefined })).toEqual(['unsupported']);
});

it('keeps secret reports and deleted messages from public answers', () => {
  expect(codes('Halo', { secret: true })).toEqual(['secret']);
  expect(codes('Halo', { secret: true, surface: 'message' })).toEqual([]);
  expect(codes('Halo', { deleted: true })).toEqual(['gone']);
});

it('lets a private reply go where a public one may not, once', () => {
  const privately = { privately: true, rules: { maxChars: 20, surfaces: ['comment'] as const } };
  expect(codes('Halo', { ...privately, secret: true })).toEqual([]);
  expect(codes('Halo', { ...privately, privatelyUsed: true })).toEqual(['privately_used']);
  expect(codes('Halo', { privately: true, rules: undefined })).toEqual(['unsupported']);
});

describe('the reply window', () => {
  const lastCitizenAt = new Date(NOW.getTime() - 24 * 3_600_000);
  it('ends to the millisecond', () => {
    expect(codes('Halo', { surface: 'message', lastCitizenAt })).toEqual(['window']);
    const later = new Date(lastCitizenAt.getTime() + 1);
    expect(codes('Halo', { surface: 'message', lastCitizenAt: later })).toEqual([]);
  });
  it('is there only where the adapter says so', () => {
    expect(windowEnd(RULES, 'comment', NOW)).toBeNull();
    expect(windowEnd(undefined, 'message', NOW)).toBeNull();
    expect(windowEnd(RULES, 'message', lastCitizenAt)).toEqual(NOW);
  });
});

describe('sixteen digits', () => {
  const wide = { rules: { ...RULES, maxChars: 1_000 } };
  it.each([
    '3305011212900001',
    '3305 0112 1290 0001',
    '3305.0112.1290.0001',
    '33-05-01-12-12-90-00-01',
    '３３０５０１１２１２９００００１',
  ])('%s never stands in public', (number) => {
    expect(codes(`NIK ${number}.`, wide)).toEqual(['identity_number']);
    expect(codes(`NIK ${number}.`, { ...wide, surface: 'message' })).toEqual([]);
  });
  it.each(['081234567890', '12345678901234567', '2026-11-24 08:00 s.d. 2026', '0287-381234'])(
    '%s is something else',
    (text) => {
      expect(codes(text, wide)).toEqual([]);
    },
  );
  it('are found wherever they stand', () => {
    const digits = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 16, maxLength: 16 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(digits, fc.constantFrom('', 'a', 'No. ', '\n'), (number, before) => {
        expect(codes(`${before}${number}.`, wide)).toContain('identity_number');
      }),
    );
  });
});

it('checks every attachment', () => {
  const png = { name: 'a.png', mime: 'image/png', size: 100 };
  expect(codes('Halo', {}, [png])).toEqual([]);
  expect(codes('Halo', {}, [png, png])).toEqual(['attachments']);
  expect(codes('Halo', {}, [{ ...png, size: 101 }])).toEqual(['attachments']);
  expect(codes('Halo', {}, [{ ...png, mime: 'text/html' }])).toEqual(['attachments']);
  const { attachments: _none, ...without } = RULES;
  expect(codes('Halo', { rules: without }, [png])).toEqual(['attachments']);
});

it('names the message each fault is about', () => {
  const targets = [target({ messageId: 'a' }), target({ messageId: 'b', secret: true })];
  expect(answerFaults({ text: 'Halo', files: [], targets, now: NOW })).toMatchObject([
    { code: 'secret', messageId: 'b' },
  ]);
});
