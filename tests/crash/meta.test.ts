import { expect, it } from 'vitest';
import { metaCrash } from './meta.ts';

/** The short form of `npm run crash -- --meta`. */
it('answers citizens of a page, an Instagram account and a WhatsApp number once, however Meta and the workers fail', async () => {
  const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 1e9));
  const result = await metaCrash({ backend: 'postgres', replies: 40, seed });
  const sound = { lostWords: 0, doubled: 0, refused: 0, unsettled: 0, falselyPublished: 0, unnoticed: 0 };
  expect(result, `seed ${seed}`).toMatchObject({ asked: 120, ...sound });
  expect(result.published + result.withPerson).toBe(120);
  // Most must really have gone out: a hub that puts everything before a person would be sound too.
  expect(result.published).toBeGreaterThan(105);
}, 240_000);
