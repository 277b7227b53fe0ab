import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mask, ownContacts } from '../../../src/core/leaks/index.ts';
import { maskedPieces } from '../../../src/core/leaks/pieces.ts';

const own = ownContacts([]);
const WORDS = [
  ...['Jalan depan pasar rusak.', 'mohon ditindaklanjuti', '2026', 'Rp 1.500.000', '\n', 'NIK saya 3305010101900001'],
  ...['hubungi 0812 3456 7890', 'wa +62 813-2222-3333', 'siti.aminah@surel.example', 'tiket K7M-4QD-X2P', '😀'],
];

it('gives what the whole text masked gives, wherever the pieces are cut', () => {
  const text = fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 60 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 200 }), (words, piece) => {
      expect([...maskedPieces(words, own, { piece, margin: 2_000 })].join('')).toBe(mask(words, own));
    }),
    { numRuns: 300 },
  );
});

it('cuts a long text into pieces, and loses nothing of it', () => {
  const long = 'Lampu mati di gang. '.repeat(5_000);
  const pieces = [...maskedPieces(long, own)];
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.join('')).toBe(long);
});

it('masks at the edge of two pieces what lies across it', () => {
  const text = `${'a'.repeat(15_990)} 3305010101900001 ${'b'.repeat(20_000)}`;
  expect([...maskedPieces(text, own)].join('')).toContain('[NIK disamarkan]');
});
