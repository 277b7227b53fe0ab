import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import pg from 'pg';
import type { Json } from '#contract';
import * as register from './migrations/001_register.ts';
import * as mail from './migrations/002_mail.ts';
import * as automatic from './migrations/003_automatic.ts';
import * as care from './migrations/004_care.ts';
import * as staff from './migrations/005_staff.ts';
import * as parts from './migrations/009_parts.ts';
import * as alarms from './migrations/010_alarms.ts';
import * as entry from './migrations/011_entry.ts';
import * as duplicates from './migrations/012_duplicates.ts';
import * as door from './migrations/013_door.ts';
import { prepareNamed } from './prepared.ts';
import type { Tables } from './schema.ts';

export type Database = Kysely<Tables>;
/** A transaction, or the database itself where one statement is enough. */
export type Db = Kysely<Tables> | Transaction<Tables>;
export type Tx = Transaction<Tables>;
export type Pool = pg.Pool;
export type PoolClient = pg.PoolClient;

let opened = 0;

/** Opens a pool. `max` connections; the pool is given back for LISTEN and for statements Kysely does not need to build. */
export function openDatabase(url: string, max: number): { db: Database; pool: pg.Pool } {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    // Names its process and pool, so that a hub can tell whether it is the last one on its database.
    application_name: `kanal-aduan ${process.pid}.${++opened}`,
    keepAlive: true,
    // A process that is stopped in the middle of a transaction must not hold its locks against the others.
    idle_in_transaction_session_timeout: 15_000,
  });
  // A client that loses its server must not end the process, be it idle or in the middle of a transaction (then its
  // query rejects as well); the next query gets a new one.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    prepareNamed(client);
  });
  return { db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), pool };
}

const MIGRATION_LOCK = 7_261_400;
const MIGRATIONS = {
  '001_register': register,
  '002_mail': mail,
  '003_automatic': automatic,
  '004_care': care,
  '005_staff': staff,
  '009_parts': parts,
  '010_alarms': alarms,
  '011_entry': entry,
  '012_duplicates': duplicates,
  '013_door': door,
};

/** Brings the schema up to date; several processes may start at once. */
export async function migrate(db: Database): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error, results } = await db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(${MIGRATION_LOCK})`.execute(connection);
    try {
      return await migrator.migrateToLatest();
    } finally {
      await sql`select pg_advisory_unlock(${MIGRATION_LOCK})`.execute(connection);
    }
  });
  if (error) throw error;
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName);
}

/** PostgreSQL ended one of two transactions that waited for each other (deadlock_detected), or found them out of order. */
const OUT_OF_TURN = new Set(['40P01', '40001']);
const TURNS = 5;

/**
 * Runs `work` in a transaction, and once more from its beginning when PostgreSQL ended it for the sake of another. `work`
 * must therefore do nothing but what the transaction undoes.
 */
export async function inTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn++) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (turn >= TURNS || !OUT_OF_TURN.has(String(code))) throw error;
      await sleep(Math.random() * 20 * turn);
    }
  }
}

/** A value for a jsonb column. Kysely and pg would turn a bare array into a PostgreSQL array. */
export function jsonb<T extends Json>(value: T) {
  return sql<T>`${JSON.stringify(value)}::jsonb`;
}

let lastMs = 0;
let counter = 0;

/** UUIDv7 (RFC 9562), increasing within a process, so that rows made together stay in order. */
export function newId(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const time = lastMs.toString(16).padStart(12, '0');
  // The tail of a random UUID: its variant bits and 62 random ones, which Node draws in blocks rather than one by one.
  const tail = randomUUID().slice(19);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${tail}`;
}

/** Raw statement with parameters, for the hot paths. */
export const raw = CompiledQuery.raw;
