import { expect, it } from 'vitest';
import { bytesOf, cutToBytes, MOST_BYTES, renderReply } from '../../../adapters/google-reviews/render.ts';

const SET = { whenFull: 'cut', timezone: 'Asia/Jakarta' } as const;
const answer = (text: string, at = '2026-11-20T20:00:00Z') => ({ key: 'k', text, at });

it('one answer goes out as it is', () => {
  expect(renderReply('Sudah.', [], SET)).toBe('Sudah.');
});

it('the newest stands first, the others below it with the day in the office’s own time', () => {
  const earlier = [answer('Pertama.'), answer('Kedua.', '2026-11-22T01:00:00Z')];
  expect(renderReply('Ketiga.', earlier, SET)).toBe(
    'Ketiga.\n\nJawaban sebelumnya (22 November 2026):\nKedua.\n\nJawaban sebelumnya (21 November 2026):\nPertama.',
  );
});

it('bytes count, and the oldest is cut at a whole letter', () => {
  const family = '👨‍👩‍👧‍👦';
  expect(cutToBytes(family.repeat(3), bytesOf(family) * 2 + 3)).toBe(`${family.repeat(2)}…`);
  expect(cutToBytes(family, 10)).toBe('');
  const whole = renderReply('a'.repeat(2_000), [answer('é'.repeat(2_000))], SET);
  expect(bytesOf(whole)).toBeLessThanOrEqual(MOST_BYTES);
  expect(bytesOf(whole)).toBeGreaterThan(MOST_BYTES - 4);
  expect(whole.endsWith('é…')).toBe(true);
  expect(whole.isWellFormed()).toBe(true);
});

it('what is only a few letters is left out', () => {
  const newest = 'a'.repeat(4_040);
  expect(renderReply(newest, [answer('b'.repeat(500))], SET)).toBe(newest);
});

it('refuses what cannot be carried', () => {
  expect(renderReply('é'.repeat(2_048), [], SET)).toHaveLength(2_048);
  expect(() => renderReply(`${'é'.repeat(2_048)}a`, [], SET)).toThrow('4097 bita');
  const keep = { ...SET, whenFull: 'refuse' } as const;
  expect(() => renderReply('a'.repeat(4_000), [answer('b'.repeat(90))], keep)).toThrow('jawaban sebelumnya');
});
