import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { newMasterKey } from '../../src/platform/keyring.ts';
import { type RunningPostgres, startPostgres } from '../../src/platform/postgres/index.ts';
import { eventually } from '../helpers/eventually.ts';
import { freePort } from '../helpers/ports.ts';
import { startRedis, type TestRedis } from '../helpers/redis.ts';

const OPERATORS = 5;
const KANAL = new URL('../../bin/kanal.js', import.meta.url).pathname;

export interface ProcessOptions {
  backend: 'postgres' | 'redis';
  /** Writes the configuration folder. */
  configure(dir: string): Promise<void>;
  env: Record<string, string>;
}

/** A hub of separate processes on real servers. */
export interface Processes {
  apiUrl: string;
  /** One per operator at work: the API limits what one key may do in a minute. */
  apiKeys: string[];
  redis: TestRedis | null;
  pool: pg.Pool;
  startWorker(): Promise<ChildProcess>;
  /** Ends PostgreSQL as a crash does, and starts it again. */
  crashPostgres(): Promise<void>;
  close(): Promise<void>;
}

export async function startProcesses(options: ProcessOptions): Promise<Processes> {
  const dir = await mkdtemp(join(tmpdir(), 'kanal-crash-'));
  let postgres: RunningPostgres = await startPostgres(join(dir, 'data'));
  const redis = options.backend === 'redis' ? await startRedis() : null;
  await options.configure(join(dir, 'config'));
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    KANAL_CONFIG: join(dir, 'config'),
    KANAL_DATA: join(dir, 'data'),
    KANAL_MASTER_KEY: newMasterKey(),
    KANAL_LOG_LEVEL: process.env.CRASH_LOG ?? 'silent',
    DATABASE_URL: postgres.url,
    PORT: String(port),
    ...options.env,
    ...(redis ? { REDIS_URL: redis.url } : {}),
  };
  const kanal = (...args: string[]) => execFileSync(process.execPath, [KANAL, ...args], { env, encoding: 'utf8' });
  kanal('user', 'add', 'petugas', '--name', 'Petugas', '--role', 'central_admin');
  const apiKeys = Array.from({ length: OPERATORS }, () => kanal('key', 'add', 'petugas').trim());
  const children = new Set<ChildProcess>();
  const start = (part: 'api' | 'worker') => {
    const child = spawn(process.execPath, [KANAL, part], { env, stdio: ['ignore', 'inherit', 'inherit'] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };
  const apiUrl = `http://127.0.0.1:${port}`;
  start('api');
  await eventually(async () => {
    if (!(await fetch(`${apiUrl}/readyz`)).ok) throw new Error('not ready');
  });
  const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
  pool.on('error', () => {});
  return {
    ...{ apiUrl, apiKeys, redis, pool },
    startWorker: async () => start('worker'),
    crashPostgres: async () => {
      await postgres.stop('immediate');
      postgres = await startPostgres(join(dir, 'data'));
    },
    close: async () => {
      await end(children);
      await pool.end();
      await redis?.stop();
      await postgres.stop('immediate');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function end(children: ReadonlySet<ChildProcess>): Promise<void> {
  const ends = [...children].map((child) => once(child, 'exit'));
  for (const child of children) {
    child.kill('SIGCONT');
    child.kill('SIGKILL');
  }
  await Promise.all(ends);
}
