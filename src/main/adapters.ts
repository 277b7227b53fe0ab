import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyAdapter } from '#contract';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { adapterSource } from '../platform/adapterSource.ts';

type Adapters = Readonly<Record<string, AnyAdapter>>;

const FOLDER = new URL('../../adapters/', import.meta.url).href;
/** However it is written: on a line of its own, in braces, in quotes. */
const NAMED = /\badapter["']?\s*:\s*["']?([a-z0-9-]+)/g;

/**
 * The configuration, with the adapters that it names: each one takes memory, and a hub uses a few. Where anything is
 * wrong all of them are loaded, so that what is told names everything that could stand there.
 */
export async function configWithAdapters(dir: string): Promise<{ config: LoadedConfig; adapters: Adapters }> {
  const some = await load(await namedIn(dir));
  const config = await loadConfig(dir, some, await allNames()).catch(() => null);
  if (config && config.faults.length === 0) return { config, adapters: some };
  const { adapters } = await import('../../adapters/index.ts');
  return { config: await loadConfig(dir, adapters), adapters };
}

/** Every word after `adapter:`, whatever it turns out to be. */
async function namedIn(dir: string): Promise<string[]> {
  const channels = await readdir(join(dir, 'channels')).catch(() => []);
  const files = ['hub.yaml', ...channels.map((name) => join('channels', name))];
  const texts = await Promise.all(files.map((file) => readFile(join(dir, file), 'utf8').catch(() => '')));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(NAMED)].flatMap(([, name]) => name ?? [])))];
}

async function load(names: readonly string[]): Promise<Adapters> {
  const adapterOf = await adapterSource(FOLDER);
  const found = await Promise.all(names.map(async (name) => [name, await adapterOf(name)] as const));
  return Object.fromEntries(found.flatMap(([name, adapter]) => (adapter ? [[name, adapter]] : [])));
}

/** Each adapter is a folder; those of families begin with `_`. */
async function allNames(): Promise<string[]> {
  const entries = await readdir(new URL(FOLDER), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('_')).map(({ name }) => name);
}
