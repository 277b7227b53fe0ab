import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { loadMasterKey } from '../../src/platform/masterKey.ts';
import { type RunningPostgres, startPostgres } from '../../src/platform/postgres/index.ts';
import { migrate, openDatabase } from '../../src/store/database.ts';
import { type Machine, machineOf } from './figure.ts';

/** Where a run stands: its folder, its PostgreSQL, its sizes. */
export interface Ground {
  dir: string;
  quick: boolean;
  /** Rounds of each comparison. */
  rounds: number;
  /** Flags for the Node processes that are measured, such as `--cpu-prof`. */
  nodeFlags: readonly string[];
  masterKey: string;
  /** The database that stays between runs; also the one that `kanal serve` finds in this folder. */
  url: string;
  machine: Machine;
  /** Tells people what goes on; figures alone go to stdout. */
  say(text: string): void;
  stop(): Promise<void>;
}

export interface GroundOptions {
  dir: string;
  quick: boolean;
  rounds: number;
  nodeFlags: readonly string[];
}

/** Starts the embedded PostgreSQL in `dir` with its ordinary settings, and makes sure that it writes to disk. */
export async function openGround({ dir, quick, rounds, nodeFlags }: GroundOptions): Promise<Ground> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { keys } = await loadMasterKey({ dataDir: dir, given: undefined, mayCreate: true });
  const postgres = await startPostgres(dir);
  const version = await checkDurability(postgres);
  return {
    ...{ dir, quick, rounds, nodeFlags, masterKey: keys, url: postgres.url },
    machine: machineOf(version),
    say: (text) => void process.stderr.write(`${text}\n`),
    stop: () => postgres.stop(),
  };
}

/** A figure without the disk is no figure. */
async function checkDurability({ url }: RunningPostgres): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'server_version')`,
    );
    const of = (name: string) => rows.find((row) => row.name === name)?.setting ?? '';
    if (of('fsync') !== 'on' || of('synchronous_commit') !== 'on')
      throw new Error('the embedded PostgreSQL runs without fsync or synchronous_commit; stop it and start again');
    return of('server_version');
  });
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const addressOf = ({ url }: Ground, name: string): string => {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
};

/** A fresh database with the hub's tables, or a copy of `template`. What had this name before is gone. */
export async function freshDatabase(ground: Ground, name: string, template?: string): Promise<string> {
  await withClient(ground.url, async (client) => {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}${template ? ` template ${template}` : ''}`);
  });
  const url = addressOf(ground, name);
  if (!template) await prepare(url);
  return url;
}

export async function dropDatabases(ground: Ground, names: readonly string[]): Promise<void> {
  await withClient(ground.url, async (client) => {
    for (const name of names) await client.query(`drop database if exists ${name} with (force)`);
  });
}

/** Brings the tables up to date. */
export async function prepare(url: string): Promise<void> {
  const { db } = openDatabase(url, 2);
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
}

/** Each measurement begins with the log written and flushed, so that none pays for the one before. */
export async function settle(client: pg.Client): Promise<void> {
  await client.query('checkpoint');
}

export async function countOf(client: pg.Client, from: string): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`select count(*) as n from ${from}`);
  return Number(rows[0]!.n);
}

export const configDir = (ground: Ground): string => join(ground.dir, 'config');
