import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type App, type FaultInput, startApp } from '../../simulators/app/index.ts';
import { newMasterKey } from '../../src/platform/keyring.ts';
import { type RunningPostgres, startPostgres } from '../../src/platform/postgres/index.ts';
import type { Mode } from '../helpers/application.ts';
import { eventually } from '../helpers/eventually.ts';
import { freePort } from '../helpers/ports.ts';
import { startRedis, type TestRedis } from '../helpers/redis.ts';

export const MODES: readonly Mode[] = ['native', 'lookup', 'none'];
const OPERATORS = 5;
const KANAL = new URL('../../bin/kanal.js', import.meta.url).pathname;

export interface WorldOptions {
  backend: 'postgres' | 'redis';
  /** What goes wrong at the applications. */
  faults?: FaultInput[];
  /** Sends at once, per channel and worker. */
  concurrency?: number;
}

/** A hub of separate processes on real servers, with one application per kind of receiver, all on this machine. */
export interface World {
  apiUrl: string;
  /** One per operator at work: the API limits what one key may do in a minute. */
  apiKeys: string[];
  signingSecret: string;
  apps: Record<Mode, App>;
  redis: TestRedis | null;
  pool: pg.Pool;
  startWorker(): Promise<ChildProcess>;
  /** Ends PostgreSQL as a crash does, and starts it again. */
  crashPostgres(): Promise<void>;
  close(): Promise<void>;
}

export async function buildWorld(options: WorldOptions): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'kanal-crash-'));
  let postgres: RunningPostgres = await startPostgres(join(dir, 'data'));
  const redis = options.backend === 'redis' ? await startRedis() : null;
  const signingSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const apps = await startApps(signingSecret, options.faults ?? []);
  await writeConfig(join(dir, 'config'), apps, options.concurrency ?? 16);
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    KANAL_CONFIG: join(dir, 'config'),
    KANAL_DATA: join(dir, 'data'),
    KANAL_MASTER_KEY: newMasterKey(),
    KANAL_LOG_LEVEL: process.env.CRASH_LOG ?? 'silent',
    DATABASE_URL: postgres.url,
    PORT: String(port),
    HOOK_SECRET: signingSecret,
    APP_SIGNING: signingSecret,
    APP_TOKEN: 'app-token-crash',
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
    ...{ apiUrl, apiKeys, signingSecret, apps, redis, pool },
    startWorker: async () => start('worker'),
    crashPostgres: async () => {
      await postgres.stop('immediate');
      postgres = await startPostgres(join(dir, 'data'));
    },
    close: async () => {
      const ends = [...children].map((child) => once(child, 'exit'));
      for (const child of children) {
        child.kill('SIGCONT');
        child.kill('SIGKILL');
      }
      await Promise.all(ends);
      await pool.end();
      await Promise.all(Object.values(apps).map((app) => app.close()));
      await redis?.stop();
      await postgres.stop('immediate');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startApps(signingSecret: string, faults: FaultInput[]): Promise<Record<Mode, App>> {
  const entries = MODES.map(async (mode) => {
    const app = await startApp({ token: 'app-token-crash', signingSecret, idempotency: mode, faults });
    return [mode, app] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<Mode, App>;
}

/** Short times: what takes a minute in service must not take one here. The proportions are those of the defaults. */
async function writeConfig(dir: string, apps: Record<Mode, App>, concurrency: number): Promise<void> {
  await mkdir(join(dir, 'channels'), { recursive: true });
  await writeFile(
    join(dir, 'hub.yaml'),
    `site: { name: Kabupaten Contoh }
agencies: [{ id: diskominfo, name: Dinas Kominfo }]
endpoints:
  lapor: { adapter: webhook, settings: { secrets: ["\${HOOK_SECRET}"] } }
policies:
  settle: 0s
  receipt: { enabled: false }
  publish: { sendTimeout: 2s, lease: 4s, maxAttempts: 50 }
`,
  );
  for (const mode of MODES) {
    await writeFile(
      join(dir, 'channels', `${mode}.yaml`),
      `id: ${mode}
label: Penerima ${mode}
adapter: webhook
account: ${mode}
endpoint: lapor
agency: diskominfo
poll: false
publish: { concurrency: ${concurrency}, receipts: false, statuses: false }
settings:
  baseUrl: ${apps[mode].url}
  token: \${APP_TOKEN}
  signingSecret: \${APP_SIGNING}
  idempotency: ${mode}
`,
    );
  }
}
