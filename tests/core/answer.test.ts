import { describe, expect, it } from 'vitest';
import type { AnswerRules } from '#contract';
import { type AnswerTarget, answerFaults, answerWarnings, windowEnd } from '../../src/core/answer.ts';
import { NOTHING_HIDDEN, ownContacts } from '../../src/core/leaks/index.ts';

const OWN = ownContacts([{ phones: ['0287-381234'], emails: ['@contohkab.go.id'], addresses: [] }]);
const NOW = new Date('2026-11-24T08:00:00Z');
const RULES: AnswerRules = {
  ...{ maxChars: 20, surfaces: ['comment', 'message'], window: { message: '24h' } },
  attachments: { maxCount: 1, maxBytes: 100, mimes: ['image/png'] },
};
const target = (changes: Partial<AnswerTarget> = {}): AnswerTarget => ({
  ...{ messageId: 'm', channelId: 'fb', channel: 'Facebook', surface: 'comment', lastCitizenAt: NOW },
  ...{ deleted: false, secret: false, hidden: NOTHING_HIDDEN, rules: RULES },
  ...changes,
});
const codes = (
  text: string,
  one: Partial<AnswerTarget> = {},
  files: Parameters<typeof answerFaults>[0]['files'] = [],
) => answerFaults({ text, files, targets: [target(one)], now: NOW, own: OWN }).map((fault) => fault.code);

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
  it('may leave a shorter way open', () => {
    const late = { rules: { ...RULES, afterWindow: { maxChars: 10 } }, surface: 'message' as const, lastCitizenAt };
    expect(codes('Halo', late)).toEqual([]);
    expect(codes('x'.repeat(11), late)).toEqual(['too_long']);
    expect(codes('Halo', late, [{ name: 'a.png', mime: 'image/png', size: 1 }])).toEqual(['attachments']);
  });
  it('is there only where the adapter says so', () => {
    expect(windowEnd(RULES, 'comment', NOW)).toBeNull();
    expect(windowEnd(undefined, 'message', NOW)).toBeNull();
    expect(windowEnd(RULES, 'message', lastCitizenAt)).toEqual(NOW);
  });
});

describe('personal data', () => {
  const wide = { rules: { ...RULES, maxChars: 1_000 } };
  const text = 'NIK 3305011212900001, WA 0812-3456-7890, kantor 0287-381234.';

  it('is refused in public, each kind once, shown in part', () => {
    const faults = answerFaults({ text, files: [], targets: [target(wide)], now: NOW, own: OWN });
    expect(faults.map((fault) => fault.code)).toEqual(['leak_nik', 'leak_phone']);
    expect(faults[0]?.message).toContain('"3305…"');
    expect(JSON.stringify(faults)).not.toContain('3305011212900001');
  });

  it('is a warning where only the citizen reads it', () => {
    const privately = target({ ...wide, surface: 'message' });
    expect(codes(text, privately)).toEqual([]);
    expect(answerWarnings({ text, own: OWN, targets: [privately, privately] })).toHaveLength(2);
    expect(answerWarnings({ text, own: OWN, targets: [target(wide)] })).toEqual([]);
  });

  it('includes the names that are hidden there', () => {
    const hidden = { names: ['Siti Aminah'], addresses: [] };
    expect(codes('Bu Siti, sudah kami tangani.', { ...wide, hidden })).toEqual(['leak_name']);
    expect(codes('Bu Siti, sudah kami tangani.', wide)).toEqual([]);
  });
});

it('a text beside a file may have to be shorter', () => {
  const rules = { ...RULES, attachments: { ...RULES.attachments!, maxChars: 5 } };
  expect(codes('123456', { rules })).toEqual([]);
  expect(codes('123456', { rules }, [{ name: 'a.png', mime: 'image/png', size: 1 }])).toEqual(['too_long']);
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
  expect(answerFaults({ text: 'Halo', files: [], targets, now: NOW, own: OWN })).toMatchObject([
    { code: 'secret', messageId: 'b' },
  ]);
});
