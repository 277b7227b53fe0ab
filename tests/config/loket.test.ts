import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { folder } from './folder.ts';

const FILES = new URL('../../config/loket/', import.meta.url);
const project = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('the delivered files for counter, telephone, letters and meetings run as they are, and the guide names each', async () => {
  const names = readdirSync(FILES);
  const files = names.map((name) => [`channels/${name}`, readFileSync(new URL(name, FILES), 'utf8')]);
  const given = { 'hub.yaml': project('config/hub.yaml'), ...Object.fromEntries(files) };
  const { channels, faults } = await loadConfig(await folder(given), adapters);
  expect(faults).toEqual([]);
  expect(channels.map(({ adapter, mode }) => `${adapter} ${mode}`)).toEqual(names.map(() => 'manual assisted'));
  const guide = project('docs/loket.md');
  for (const name of names) expect(guide).toContain(`\`${name}\``);
});

it('the part of hub.yaml that the guide shows is right', async () => {
  const [, shown = ''] = /```yaml\n([\s\S]*?)```/.exec(project('docs/loket.md')) ?? [];
  const { hub } = await loadConfig(await folder({ 'hub.yaml': `site: { name: Uji }\n${shown}` }), adapters);
  expect(hub.agencies[0]).toMatchObject({ intake: { required: ['name', 'phone'] }, letter: { place: 'Contoh' } });
});
