import { expect, it } from 'vitest';
import { adapters as all } from '../../adapters/index.ts';
import { ConfigError } from '../../src/config/load.ts';
import { configWithAdapters } from '../../src/main/adapters.ts';
import { folder } from '../config/folder.ts';

const HUB = 'site: { name: Uji }\nagencies: [{ id: dinkes, name: Dinas }]\n';
const ENDPOINT =
  'endpoints:\n  meta:\n    adapter: facebook\n    settings: { secrets: ["${S}"], verifyToken: "${V}" }\n';
const counter = 'id: loket\nlabel: L\nadapter: "manual" # dengan tangan\naccount: l\nsettings: { surface: form }\n';

it('loads what the files name, and nothing else', async () => {
  const { config, adapters } = await configWithAdapters(
    await folder({ 'hub.yaml': `${HUB}${ENDPOINT}`, 'channels/loket.yaml': counter }),
  );
  expect(config.faults).toEqual([]);
  expect(Object.keys(adapters).sort()).toEqual(['facebook', 'manual']);
  expect(adapters.manual).toBe(all.manual);
  // A rule may speak of what no channel uses yet.
  const rule = `${HUB}routing: [{ when: { adapter: [tiktok] }, then: { agency: dinkes } }]\nownAccounts: { youtube: ["@pemkab"] }\n`;
  expect((await configWithAdapters(await folder({ 'hub.yaml': rule }))).adapters).toEqual({});
});

it('loads all where something is wrong, so that every name that could stand there is told', async () => {
  const broken = counter.replace('manual', 'manua');
  const { config, adapters } = await configWithAdapters(
    await folder({ 'hub.yaml': HUB, 'channels/loket.yaml': broken }),
  );
  expect(config.faults[0]?.allowed).toContain('manual?');
  expect(Object.keys(adapters)).toEqual(Object.keys(all));
  const hub = await folder({ 'hub.yaml': 'site: {}\n' });
  await expect(configWithAdapters(hub)).rejects.toBeInstanceOf(ConfigError);
});
