import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';
import { adapterSource } from '../../src/platform/adapterSource.ts';
import { createNormaliser } from '../../src/platform/threads.ts';

it('takes each adapter from the folder of its name', async () => {
  const find = await adapterSource(new URL('../../adapters/', import.meta.url).href);
  for (const name of Object.keys(adapters)) expect((await find(name))?.name).toBe(name);
  for (const name of ['nosuch', '../src', '_meta/x', '']) expect(await find(name)).toBeUndefined();
});

it('takes them from one module', async () => {
  const find = await adapterSource(new URL('./registry.ts', import.meta.url).href);
  expect((await find('odd'))?.name).toBe('odd');
  expect(await find('nosuch')).toBeUndefined();
});

it('blames no item for an adapter that cannot be loaded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kanal-adapters-'));
  await mkdir(join(folder, 'rusak'));
  await writeFile(join(folder, 'rusak', 'index.ts'), 'throw new Error("rusak di tengah jalan");');
  const normaliser = createNormaliser({ registry: pathToFileURL(`${folder}/`), threads: 1 });
  const job = { adapter: 'rusak', raw: '{}', channel: { id: 'a', account: 'a' }, settings: {}, tokenKeys: [] };
  try {
    await expect(normaliser.normalise([{ ...job, receivedAt: new Date() }])).rejects.toThrow('rusak di tengah jalan');
  } finally {
    await normaliser.close();
    await rm(folder, { recursive: true });
  }
});
