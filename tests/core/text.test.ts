import { expect, it } from 'vitest';
import { isPlainThanks, storable, storableDeep, titleOf } from '../../src/core/text.ts';
import { newTicketNo, parseTicketNo } from '../../src/core/ticket.ts';

it.each([
  'Terima kasih',
  'terimakasih banyak pak 🙏',
  'Matur nuwun min',
  'Siap, terima kasih infonya!',
  '👍',
  'ok sip',
])('takes "%s" for plain thanks', (text) => expect(isPlainThanks(text)).toBe(true));

it.each([
  'Terima kasih, tapi lampunya masih mati',
  'Sudah selesai?',
  'ok?',
  'Jalan rusak lagi',
  '',
  'siapa yang datang',
])('does not take "%s" for plain thanks', (text) => expect(isPlainThanks(text)).toBe(false));

it('answers at once, whatever the text', () => {
  expect(isPlainThanks(`${'!'.repeat(199)}x`)).toBe(false);
  expect(isPlainThanks('terima kasih '.repeat(15).slice(0, 199))).toBe(true);
});

it('replaces what PostgreSQL cannot hold and nothing else', () => {
  expect(storable('a\0b\ud800c😀')).toBe('a\uFFFDb\uFFFDc😀');
  expect(storableDeep({ 'k\0': ['\udfff', 1, null, { deep: 'x\0' }] })).toEqual({
    'k\uFFFD': ['\uFFFD', 1, null, { deep: 'x\uFFFD' }],
  });
});

it('makes a title of the first line, cut at a word and never inside a character', () => {
  expect(titleOf('Jalan rusak\nSudah lama')).toBe('Jalan rusak');
  expect(titleOf(`${'kata '.repeat(30)}`)).toMatch(/kata…$/);
  expect(titleOf('😀'.repeat(100)).isWellFormed()).toBe(true);
});

it('makes ticket numbers that survive being typed from paper', () => {
  const ticket = newTicketNo();
  expect(ticket).toMatch(/^[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}$/);
  expect(parseTicketNo(ticket.toLowerCase().replaceAll('-', ' '))).toBe(ticket);
  expect(parseTicketNo('K7M-4QD-X2O')).toBeNull();
  expect(parseTicketNo('K7M4QDX2')).toBeNull();
});
