import { glob, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { adapters } from '../../adapters/index.ts';

const project = new URL('../..', import.meta.url).pathname;
const read = (path: string): Promise<string> => readFile(join(project, path), 'utf8');

async function sources(pattern: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: project })) found.push(path);
  expect(found.length).toBeGreaterThan(0);
  return found;
}

it('the lockfile names no address of a registry', async () => {
  const lock = await read('package-lock.json');
  expect(lock).toContain('"integrity"');
  expect(lock.match(/"resolved"|https?:\/\/[^"]*\.tgz/g)).toBeNull();
});

it('the lockfile holds every optional package, for any platform: without one of them "npm ci" refuses to begin', async () => {
  const { packages } = JSON.parse(await read('package-lock.json')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});

it('only src/config reads the environment', async () => {
  const readers: string[] = [];
  for (const path of await sources('{src,adapters}/**/*.ts'))
    if (/process\s*\.\s*env|process\[|\benv\b[^;]*from 'node:process'/.test(await read(path))) readers.push(path);
  expect(readers).toEqual(['src/config/environment.ts']);
});

it('there is no silenced checker, no console and no skipped test', async () => {
  const forbidden =
    /@ts-(ignore|nocheck|expect-error)|console\.(log|error|warn)\(|\b(it|test|describe)\.(skip|only|todo)\b/;
  const found: string[] = [];
  for (const path of await sources('{src,adapters,tests,simulators,bench}/**/*.ts'))
    if (!path.endsWith('project/sources.test.ts') && forbidden.test(await read(path))) found.push(path);
  expect(found).toEqual([]);
});

it('an adapter is called as its folder, stands in the registry, and has a page', async () => {
  const entries = await readdir(join(project, 'adapters'), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('_')).map(({ name }) => name);
  expect(Object.keys(adapters).sort()).toEqual(folders.sort());
  for (const [name, adapter] of Object.entries(adapters)) {
    expect(adapter.name).toBe(name);
    expect(await read(`adapters/${name}/README.md`)).toContain('# ');
  }
});
