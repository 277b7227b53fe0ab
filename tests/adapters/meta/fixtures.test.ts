import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { item as itemSchema, type RawItem } from '#contract';
import { receive } from '../../../adapters/_meta/webhook.ts';
import { adapters } from '../../../adapters/index.ts';
import { normaliseContext } from '../../kit/context.ts';
import { facebookHarness } from '../facebook.harness.ts';
import { instagramHarness } from '../instagram.harness.ts';

const FOLDER = new URL('../../fixtures/meta/', import.meta.url);
const harnesses = { facebook: facebookHarness, instagram: instagramHarness };

async function read(platform: keyof typeof harnesses, file: string) {
  const body = readFileSync(new URL(`${platform}/${file}`, FOLDER));
  const items = receive.unpack({ body, headers: {}, query: {} }) as RawItem[];
  return Promise.all(
    items.map(async ({ raw, adapter, ...about }) => {
      const mine = adapters[adapter ?? '']!;
      const normalised = await mine.normalise(raw, normaliseContext(mine, harnesses[platform]));
      if (normalised) itemSchema.parse(normalised);
      return { ...about, item: normalised };
    }),
  );
}

/** Every kind of event that Meta's pages name, in its real shape; what becomes of each stands in `expected`. */
describe.each(['facebook', 'instagram'] as const)('%s', (platform) => {
  const files = readdirSync(new URL(`${platform}/`, FOLDER)).sort();
  it.each(files)('%s', async (file) => {
    const expected = JSON.parse(readFileSync(new URL(`expected/${platform}.json`, FOLDER), 'utf8'));
    expect({ [file]: await read(platform, file) }).toEqual({ [file]: expected[file] });
  });
  it('expects nothing that is not there', () => {
    const expected = JSON.parse(readFileSync(new URL(`expected/${platform}.json`, FOLDER), 'utf8'));
    expect(Object.keys(expected).sort()).toEqual(files);
  });
});
