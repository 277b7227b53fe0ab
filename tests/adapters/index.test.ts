import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { adapters } from '../../adapters/index.ts';

const folders = readdirSync(new URL('../../adapters', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('_'))
  .map((entry) => entry.name);

test('the registry holds every folder, under its own name', () => {
  expect(Object.keys(adapters).sort()).toEqual(folders.sort());
  for (const [name, adapter] of Object.entries(adapters)) expect(adapter.name).toBe(name);
});

test.each(folders)('%s has its page and a test that calls the kit', (name) => {
  expect(readdirSync(new URL(`../../adapters/${name}`, import.meta.url))).toContain('README.md');
  expect(readdirSync(new URL('.', import.meta.url))).toContain(`${name}.test.ts`);
});
