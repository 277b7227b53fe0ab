import { expect, it } from 'vitest';
import { platformCrash } from './platform.ts';
import { lookedUp, WORLDS } from './worlds/index.ts';

const SOUND = { lostWords: 0, doubled: 0, refused: 0, unsettled: 0, falselyPublished: 0, unnoticed: 0 };
const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 1e9));

/** The short form of `npm run crash -- --meta`. */
it('answers citizens of a page, an Instagram account and a WhatsApp number once, however Meta and the workers fail', async () => {
  const result = await platformCrash({ backend: 'postgres', build: WORLDS.meta, replies: 40, seed });
  expect(result, `seed ${seed}`).toMatchObject({ asked: 120, ...SOUND });
  expect(result.published + result.withPerson).toBe(120);
  // Most must really have gone out: a hub that puts everything before a person would be sound too.
  expect(result.published).toBeGreaterThan(105);
}, 240_000);

/** The same with `--google`, `--youtube`, `--x` and `--tiktok`, in one hub: there everything can be looked up. */
it('answers citizens of Google, YouTube, X and TikTok once, however the platforms and the workers fail', async () => {
  const result = await platformCrash({ backend: 'postgres', build: lookedUp, replies: 10, seed, kills: 2 });
  expect(result, `seed ${seed}`).toMatchObject({ asked: 40, ...SOUND, published: 40, withPerson: 0 });
}, 240_000);
