import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { folder } from '../config/folder.ts';
import { exampleText } from './world.ts';

const NAMES = ['sms-gateway', 'sms-modem'];
const HUB = `site: { name: Kabupaten Uji }\nagencies: [{ id: diskominfo, name: Dinas Kominfo }]\n${exampleText('hub-sms.yaml')}`;
const load = (change: (text: string) => string = (text) => text) => {
  const texts = NAMES.map((name) => [
    `channels/${name === 'sms-gateway' ? 'sms' : name}.yaml`,
    change(exampleText(`${name}.yaml`)),
  ]);
  return folder({ 'hub.yaml': HUB, ...Object.fromEntries(texts) }).then((dir) => loadConfig(dir, adapters));
};

it('the delivered files pass the check as they are, and stand in the guide word for word', async () => {
  const { channels, faults } = await load();
  expect(faults).toEqual([]);
  expect(channels.map((channel) => channel.id).sort()).toEqual(['sms', 'sms-modem']);
  const guide = await readFile(new URL('../../docs/sms.md', import.meta.url), 'utf8');
  for (const name of [...NAMES, 'hub-sms']) {
    const text = exampleText(`${name}.yaml`)
      .replace(/^(#.*\n)+\n/, '')
      .trim();
    expect(guide, name).toContain(text);
  }
});

it('a wrong setting is named with its file and line', async () => {
  const { faults } = await load((text) => text.replace('"{key}" # kunci', '"{kunci}" # kunci'));
  expect(faults).toHaveLength(2);
  const wrong = faults.map(({ file, line, message }) => ({ file, line, message }));
  const line =
    exampleText('sms-gateway.yaml')
      .split('\n')
      .findIndex((one) => one.includes('acuan: "{key}" #')) + 1;
  expect(wrong).toContainEqual({ file: 'channels/sms.yaml', line, message: expect.stringContaining('{kunci}') });
});

it('a gateway that only delivers is not polled: an empty page would pass for one that answers', async () => {
  const { channels, faults } = await load((text) => text.replace(/\n {2}inbox:\n( {4}.*\n)+/, '\n'));
  expect(faults).toEqual([]);
  expect(channels.map(({ id, poll }) => [id, poll]).sort()).toEqual([
    ['sms', null],
    ['sms-modem', { every: 30_000 }],
  ]);
});
