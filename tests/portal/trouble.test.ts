import { expect, it } from 'vitest';
import { PROFILES } from '../../simulators/portal/index.ts';
import { isSound, trouble } from './trouble.ts';

/** The short form of `npm run crash -- --portal`: every knob alone and a quarter of the pairs. */
const long = process.env.PORTAL_REPORTS !== undefined;
const reports = Number(process.env.PORTAL_REPORTS ?? 60);
const wanted = Number(process.env.PORTAL_ANSWERS ?? 15);
const say = (line: string) => void (long && process.stdout.write(`${line}\n`));

it.each(PROFILES)(
  'loses and doubles nothing at a portal of the profile %s, whatever goes wrong there',
  async (profile) => {
    const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 1e9));
    const result = await trouble({ profile, reports, answers: wanted, seed, step: long ? 1 : 4, say });
    say(`seed ${seed}: ${JSON.stringify(result)}`);
    expect(isSound(result), `seed ${seed}: ${JSON.stringify(result)}`).toBe(true);
    if (profile === 'laporgub') return;
    expect(result.answers).toBe(wanted);
    // Most must really have gone out: a hub that puts everything before a person would be sound too.
    expect(result.published, JSON.stringify(result)).toBeGreaterThan(wanted * 0.8);
  },
  long ? 1_800_000 : 120_000,
);
