import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const bin = new URL('../../bin/kanal.js', import.meta.url).pathname;
/** Makes this Node say that it is an old one. */
const OLD = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"18.19.0"})';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kanal-bin-'));
  await cp(bin, join(root, 'bin/kanal.js'), { recursive: true });
  await mkdir(join(root, 'src'));
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  const main = 'export const main = (argv: string[]): void => void process.stdout.write(`started ${argv.slice(2)}`);';
  await writeFile(join(root, 'src/main.ts'), main);
});
afterEach(() => rm(root, { recursive: true }));

const run = (...flags: string[]) =>
  spawnSync(process.execPath, [...flags, join(root, 'bin/kanal.js'), 'check', '--live'], { encoding: 'utf8' });

it('starts the hub under a new enough Node', () => {
  expect(run()).toMatchObject({ status: 0, stdout: 'started check,--live' });
});

it('says what to do under an old one, in both languages', () => {
  const { status, stdout, stderr } = run('--import', OLD);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/membutuhkan Node 24 atau lebih baru; yang menjalankan ini Node 18\.19\.0/);
  expect(stderr).toMatch(/Run "npm ci"/);
});

it('takes the Node of the project instead, when there is one', async () => {
  await mkdir(join(root, 'node_modules/.bin'), { recursive: true });
  await symlink(process.execPath, join(root, 'node_modules/.bin/node'));
  expect(run('--import', OLD)).toMatchObject({ status: 0, stdout: 'started check,--live' });
});
