import fc from 'fast-check';
import twitterText from 'twitter-text';
import { describe, expect, it } from 'vitest';
import { measureIn, splitText } from '../../../adapters/twitter/split.ts';
import { hasUrl, weigh } from '../../../adapters/twitter/weigh.ts';

const asX = (text: string): number => twitterText.parseTweet(text).weightedLength;

const WORDS = [
  'Jalan',
  'B7',
  'sudah',
  'diperbaiki,',
  'RT-05/RW-02',
  'Rp1.500.000',
  'pukul',
  '08.00',
  '(WIB)',
  '“besok”',
  'di',
  'é',
  'ñ…',
];
const WIDE = ['道路', 'かな', '길', '🇮🇩', '👍', '💡', '1️⃣', '❤️', '🕳️'];
const ADDRESSES = [
  ...[
    'https://kebumenkab.go.id',
    'https://kebumenkab.go.id/berita/2026/11/jalan-b7.html',
    'kebumenkab.go.id/lapor?nomor=12&a=b',
  ],
  ...['https://youtu.be/dQw4w9WgXcQ', 'http://contoh.com/a#b', 'lapor.go.id'],
];
const ends = fc.constantFrom('', '.', ',', '!', '?', ':');
const said = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 2, arbitrary: fc.constantFrom(...WIDE) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...ADDRESSES), ends).map(([address, end]) => address + end) },
);
const answers = fc.array(said, { minLength: 1, maxLength: 60 }).map((words) => words.join(' '));

/** Pieces that X may or may not see as an address, put together without sense. */
const odd = fc
  .array(
    fc.constantFrom(
      ...[
        'https://',
        'http://',
        'kebumen',
        '.id',
        '.go.id',
        '.com',
        '/a',
        '?q=',
        '&',
        '=',
        ' ',
        '.',
        ',',
        'é',
        '中',
        '(',
        ')',
        '@',
        '#',
      ],
      ...['\n', '_', '-', ':', '~', '%20', 'ñ', '#️⃣', '👨‍👩‍👧', '👍🏽', '🇮🇩', '©', 'x', '1'],
    ),
    { maxLength: 14 },
  )
  .map((pieces) => pieces.join(''));

describe('the length of a text, held against the library of X', () => {
  it('is the same for what officers write', () => {
    fc.assert(
      fc.property(answers, (text) => weigh(text) === asX(text)),
      { numRuns: 2_000 },
    );
  });

  it('is never less, whatever it is', () => {
    fc.assert(
      fc.property(odd, (text) => weigh(text) >= asX(text)),
      { numRuns: 20_000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => weigh(text) >= asX(text)),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['a'.repeat(280), 280],
    ['道'.repeat(140), 280],
    ['Lihat https://kebumenkab.go.id/berita/yang/panjang/sekali/2026/11/24/perbaikan-jalan', 29],
    ['e\u0301', 1],
  ])('%s', (text, weight) => {
    expect(weigh(text)).toBe(weight);
  });

  it('knows what may cost as an address', () => {
    expect(ADDRESSES.every(hasUrl)).toBe(true);
    expect(WORDS.filter(hasUrl)).toEqual([]);
  });
});

describe('dividing', () => {
  const room = 265;
  it('keeps all words in order, and no part is too long for X', () => {
    fc.assert(
      fc.property(fc.array(answers, { minLength: 1, maxLength: 8 }), (paragraphs) => {
        const text = paragraphs.join('\n\n');
        const parts = splitText(text, room);
        expect(parts.join(' ').split(/\s+/)).toEqual(text.trim().split(/\s+/));
        for (const part of parts) expect(asX(part)).toBeLessThanOrEqual(room);
        expect(measureIn(room)(text)).toBeLessThanOrEqual(room * parts.length);
        expect(measureIn(room)(text)).toBeGreaterThan(room * (parts.length - 1));
      }),
      { numRuns: 200 },
    );
  });

  it('cuts a word without spaces between two signs, never inside one', () => {
    const family = '👨‍👩‍👧‍👦';
    const parts = splitText(family.repeat(60), room);
    expect(parts.join('')).toBe(family.repeat(60));
    for (const part of parts) expect(part.length % family.length).toBe(0);
  });

  it('leaves a short text as it is', () => {
    expect(splitText('  Baik.\n', room)).toEqual(['  Baik.\n']);
  });
});
