import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createOnce, syncFolder } from '../createOnce.ts';
import { type Binaries, run } from './binaries.ts';

export const USER = 'kanal';
export const DATABASE = 'kanal';

export interface Cluster {
  /** PostgreSQL's own data directory. */
  dir: string;
  password: string;
}

/**
 * The data directory, made on the first start.
 * It is made under a name of its own and then renamed, so that `pg` is whole or not there: an initdb that was killed
 * half-way is of no consequence, and of two hubs that start at once one wins and the other uses what the winner made.
 */
export async function ensureCluster(binaries: Binaries, dataDir: string): Promise<Cluster> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const passwordFile = join(dataDir, 'pg.password');
  const dir = join(dataDir, 'pg');
  if (!(await isFolder(dir))) {
    await createOnce(passwordFile, `${randomBytes(24).toString('hex')}\n`);
    await createCluster(binaries, dir, passwordFile);
  }
  await removeDrafts(dataDir);
  return { dir, password: await readPassword(passwordFile) };
}

async function createCluster(binaries: Binaries, dir: string, passwordFile: string): Promise<void> {
  // Named by its maker: another hub that is faster clears away only drafts of the dead.
  const draft = `${dir}.new.${process.pid}.${randomBytes(6).toString('hex')}`;
  try {
    await initialise(binaries, draft, passwordFile);
    await rename(draft, dir);
    await syncFolder(dirname(dir));
  } catch (error) {
    // Another hub was faster.
    if (!(await isFolder(dir))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function initialise(binaries: Binaries, dir: string, passwordFile: string): Promise<void> {
  const made = await run(binaries.initdb, [
    `--pgdata=${dir}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]);
  if (made.code !== 0) throw new Error(`initdb could not make ${dir}: ${made.output.trim()}`);
  // Single-user mode: the database is there before any server is.
  const sql = `CREATE DATABASE ${DATABASE}\n`;
  const created = await run(binaries.postgres, ['--single', '-D', dir, 'postgres'], sql);
  if (created.code !== 0 || /ERROR|FATAL|PANIC/.test(created.output))
    throw new Error(`the database "${DATABASE}" could not be made: ${created.output.trim()}`);
}

/** What killed starts have left. initdb may hang when its folder is taken away under it, so those of the living stay. */
async function removeDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith('pg.new')) continue;
    const maker = /^pg\.new\.(\d+)\./.exec(name)?.[1];
    // Our own is gone by now: in a container every start has the same number.
    const isOthers = maker !== undefined && Number(maker) !== process.pid && isAlive(Number(maker));
    if (!isOthers) await rm(join(dataDir, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It lives, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readPassword(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(
      `the password of the embedded PostgreSQL could not be read from ${path}; restore the file from a backup`,
      {
        cause,
      },
    );
  });
  return text.trim();
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
