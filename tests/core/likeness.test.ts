import { describe, expect, it } from 'vitest';
import { type Likeness, metresBetween, samePlaceName, scoreOf, WORTH_SHOWING } from '../../src/core/likeness.ts';

const DAY = 86_400_000;
const alike = (about: Partial<Likeness> = {}): Likeness => ({
  ...{ text: 0, reporter: false, metres: null, placeName: false, apartMs: 0 },
  ...about,
});
const labels = (about: Partial<Likeness>) => scoreOf(alike(about)).reasons.map(({ label }) => label);

describe('the score', () => {
  it('says why, in Indonesian', () => {
    const about = { text: 0.718, reporter: true, metres: 312 };
    expect(labels(about)).toEqual(['teks mirip 72 %', 'pelapor sama', 'lokasi ± 300 m']);
    expect(labels({ metres: 12 })).toEqual(['lokasi ± 50 m']);
    expect(labels({ placeName: true })).toEqual(['nama tempat sama']);
    expect(labels({ metres: 1_001, text: 0.29 })).toEqual([]);
    // Exact positions say more than names.
    expect(labels({ metres: 80, placeName: true })).toEqual(['lokasi ± 100 m']);
  });

  it('grows with each sign, and fades with time', () => {
    const scores = [{}, { text: 0.5 }, { text: 0.5, metres: 200 }, { text: 0.5, metres: 200, reporter: true }];
    const grown = scores.map((about) => scoreOf(alike(about)).score);
    expect(grown).toEqual([...grown].sort((a, b) => a - b));
    expect(new Set(grown).size).toBe(4);
    expect(grown.at(-1)).toBeLessThan(1);
    const faded = [0, 4, 15, 31].map((days) => scoreOf(alike({ text: 0.6, apartMs: days * DAY })).score);
    expect(faded).toEqual([...faded].sort((a, b) => b - a));
    expect(new Set(faded).size).toBe(4);
  });

  it('shows the same person within days, and not everything they wrote in a quarter of a year', () => {
    expect(scoreOf(alike({ reporter: true })).score).toBeGreaterThanOrEqual(WORTH_SHOWING);
    expect(scoreOf(alike({ reporter: true, apartMs: 40 * DAY })).score).toBeLessThan(WORTH_SHOWING);
  });
});

it('measures on the sphere', () => {
  const [kebumen, gombong] = [
    { lat: -7.6681, lon: 109.6528 },
    { lat: -7.6072, lon: 109.5142 },
  ];
  expect(metresBetween(kebumen, gombong) / 1_000).toBeCloseTo(16.7, 0);
  expect(metresBetween(kebumen, kebumen)).toBe(0);
});

it('tells whether two places are called the same', () => {
  expect(samePlaceName('Jl. Pahlawan, Desa Karangsari', 'Karangsari, jalan Pahlawan RT 02')).toBe(true);
  expect(samePlaceName('Jl. Pahlawan', 'Jalan Pahlawan')).toBe(false);
  expect(samePlaceName('Desa Karangsari Kebumen', 'Desa Tanjungsari Kebumen')).toBe(false);
  expect(samePlaceName(null, undefined)).toBe(false);
});
