import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#contract';
import { type Binaries, findBinaries, run } from './binaries.ts';
import { type Cluster, DATABASE, ensureCluster, USER } from './cluster.ts';
import { lastWords, logFiles } from './logs.ts';
import { choosePort } from './port.ts';
import { answers, clearStalePidFile, findPostmaster, lastPort, type Postmaster } from './process.ts';

export interface PostgresOptions {
  log?: Log;
  /** Server settings on top of ours, such as `{ max_connections: '300' }`. */
  settings?: Record<string, string>;
}

export interface RunningPostgres {
  /** Names the database `kanal`. Holds the password: never log it. */
  url: string;
  port: number;
  /** It was already running: left by a hub that was killed, or shared with another one. */
  adopted: boolean;
  /** `fast` ends sessions and writes everything; `immediate` is a crash with recovery at the next start. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>;
}

const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  max_wal_size: '1GB',
  random_page_cost: '1.1',
  fsync: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // One file a weekday, overwritten a week later. Terse and without statements: they could hold what citizens wrote.
  logging_collector: 'on',
  log_filename: 'postgres-%a.log',
  log_truncate_on_rotation: 'on',
  log_rotation_age: '1d',
  log_rotation_size: '0',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** How long a start may be refused because of what a killed server left behind. */
const PATIENCE_MS = 60_000;

/**
 * Starts the embedded PostgreSQL on `dataDir`, or adopts the one that runs there. Makes the data directory on the first
 * start. The server outlives the hub's process: it ends only by `stop`.
 */
export async function startPostgres(dataDir: string, options: PostgresOptions = {}): Promise<RunningPostgres> {
  const binaries = await findBinaries();
  const cluster = await ensureCluster(binaries, resolve(dataDir));
  const { port, pid, adopted } = await bringUp(binaries, cluster, options);
  options.log?.info({ port, pid, adopted }, 'embedded PostgreSQL runs');
  return {
    url: `postgres://${USER}:${cluster.password}@127.0.0.1:${port}/${DATABASE}`,
    port,
    adopted,
    stop: (mode = 'fast') => stop(binaries, cluster.dir, mode),
  };
}

async function bringUp(
  binaries: Binaries,
  cluster: Cluster,
  options: PostgresOptions,
): Promise<Postmaster & { adopted: boolean }> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  let adopted = true;
  for (;;) {
    const running = await findPostmaster(cluster.dir);
    if (running?.ready && (await answers(running.port))) return { ...running, adopted };
    const refusal = running ? 'it is not ready yet' : await start(binaries, cluster.dir, options);
    if (refusal === null) {
      adopted = false;
      continue;
    }
    if (Date.now() >= giveUpAt || !(isPassing(refusal) || (await findPostmaster(cluster.dir))))
      throw new Error(`the embedded PostgreSQL in ${cluster.dir} did not start: ${refusal}`);
    await sleep(500);
  }
}

/** Refusals that end by themselves: another hub is starting it, orphans of a killed one are ending, the port was taken. */
const isPassing = (refusal: string): boolean =>
  /not ready yet|still in use|lock file|pre-existing shared memory|another server|could not bind/.test(refusal);

/** One attempt. Answers with the reason when it failed. */
async function start(binaries: Binaries, dir: string, options: PostgresOptions): Promise<string | null> {
  if (!(await clearStalePidFile(dir))) return 'the data directory is still in use';
  const logs = logFiles(dir);
  const settings = { ...SETTINGS, log_directory: logs.folder, ...options.settings };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}=${quote(value)}`);
  const port = await choosePort(await lastPort(dir));
  const command = ['start', '-D', dir, '-l', logs.start, '-w', '-t', '300', '-o', `-p ${port} ${flags.join(' ')}`];
  try {
    const { code, output } = await run(binaries.pgCtl, command);
    return code === 0 ? null : (await lastWords(logs)) || output.trim();
  } finally {
    await rm(logs.start, { force: true });
  }
}

/** pg_ctl hands its options to a shell. */
const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

async function stop(binaries: Binaries, dir: string, mode: 'fast' | 'immediate'): Promise<void> {
  if (!(await findPostmaster(dir))) return;
  const { code, output } = await run(binaries.pgCtl, ['stop', '-D', dir, '-m', mode, '-w', '-t', '60']);
  if (code !== 0 && (await findPostmaster(dir)))
    throw new Error(`the embedded PostgreSQL in ${dir} did not stop: ${output.trim()}`);
}
