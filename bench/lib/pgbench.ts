import { execFile } from 'node:child_process';
import { glob, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ENDPOINT } from './config.ts';
import type { Ground } from './ground.ts';

/** Debian's pgbench, the newest there is; null when the package postgresql is not installed. */
export async function findPgbench(): Promise<string | null> {
  const found: string[] = [];
  for await (const path of glob('/usr/lib/postgresql/*/bin/pgbench')) found.push(path);
  const version = (path: string) => Number(path.split('/')[4]);
  return found.sort((a, b) => version(b) - version(a))[0] ?? null;
}

/** The statement of the hub's own intake, one row and one commit each time. */
const SCRIPT = `\\set n random(1, 9223372036854775807)
insert into envelope (id, endpoint, adapter, dedupe, sealed)
  values (uuidv7(), '${ENDPOINT}', 'webhook', sha256(int8send(:n)), decode(:sealed, 'hex'))
  on conflict (dedupe) do update set deliveries = envelope.deliveries + 1,
    outcome = case when envelope.items is null and envelope.outcome = 'done' then 'waiting' else envelope.outcome end;
`;

export interface PgbenchRun {
  pgbench: string;
  databaseUrl: string;
  clients: number;
  transactions: number;
  sealedBytes: number;
}

/** Transactions per second, without the time to connect. */
export async function runPgbench(ground: Ground, run: PgbenchRun): Promise<number> {
  const script = join(ground.dir, 'envelope.pgbench.sql');
  await writeFile(script, SCRIPT);
  const { username, password, hostname, port, pathname } = new URL(run.databaseUrl);
  const where = ['-h', hostname, '-p', port, '-U', username, pathname.slice(1)];
  const each = String(Math.ceil(run.transactions / run.clients));
  const sealed = `sealed=${'5a'.repeat(run.sealedBytes)}`;
  const how = ['-n', '-c', String(run.clients), '-j', '2', '-M', 'prepared', '-t', each, '-f', script, '-D', sealed];
  const env = { ...process.env, PGPASSWORD: password };
  const { stdout } = await promisify(execFile)(run.pgbench, [...how, ...where], { env });
  const tps = /tps = ([\d.]+) \(without initial connection time\)/.exec(stdout)?.[1];
  if (!tps || !/number of failed transactions: 0 /.test(stdout))
    throw new Error(`pgbench did not end well:\n${stdout}`);
  return Number(tps);
}
