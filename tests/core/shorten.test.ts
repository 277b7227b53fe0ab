import { expect, it } from 'vitest';
import { shorten } from '../../src/core/shorten.ts';

const room = (max: number, tail = '') => ({ max, tail, measure: (text: string) => text.length });
const TEXT =
  'Terima kasih atas laporannya. Jl. Merdeka No. 2 kami tambal Senin. Bila masih ada lubang, kabari kami lagi ya.';

it('cuts after the last sentence that fits', () => {
  expect(shorten(TEXT, room(100))).toBe('Terima kasih atas laporannya. Jl. Merdeka No. 2 kami tambal Senin.');
  expect(shorten(TEXT, room(66))).toBe('Terima kasih atas laporannya. Jl. Merdeka No. 2 kami tambal Senin.');
  // Neither "Jl." nor "No." ends a sentence.
  expect(shorten(TEXT, room(65))).toBe('Terima kasih atas laporannya.');
});

it('keeps room for the address of the whole', () => {
  const tail = 'Selengkapnya: https://aduan.contohkab.go.id/lacak/K7M-4QD-X2P';
  const cut = shorten(TEXT, room(100, tail));
  expect(cut).toBe(`Terima kasih atas laporannya.\n${tail}`);
  expect(cut!.length).toBeLessThanOrEqual(100);
});

it('cuts after a word where no sentence fits, and gives up where no word does', () => {
  expect(shorten(TEXT, room(20))).toBe('Terima kasih atas…');
  expect(shorten(TEXT, room(5))).toBeNull();
  expect(shorten('Satukatayangsangatpanjang', room(10))).toBeNull();
});

it('counts as the platform counts', () => {
  const twice = { max: 60, tail: '', measure: (text: string) => text.length * 2 };
  expect(shorten(TEXT, twice)).toBe('Terima kasih atas laporannya.');
});

it('is quick with long texts', () => {
  let measured = 0;
  const measure = (text: string) => {
    measured += 1;
    return text.length;
  };
  expect(shorten('Kami kerjakan. '.repeat(6_000), { max: 280, tail: '', measure })!.length).toBe(254 + 15);
  expect(measured).toBeLessThan(30);
});
