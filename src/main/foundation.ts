import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { AnyAdapter } from '#contract';
import type { Environment } from '../config/environment.ts';
import type { LoadedConfig } from '../config/load.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { createFileStore, type FileStore } from '../platform/files.ts';
import { createKeyring, type Keyring } from '../platform/keyring.ts';
import { type AppLog, createLog } from '../platform/log.ts';
import { loadMasterKey, recoverySheet } from '../platform/masterKey.ts';
import { startPostgres } from '../platform/postgres/index.ts';
import { createSecrets, type Secrets } from '../platform/secrets.ts';
import { type Database, migrate, openDatabase } from '../store/database.ts';
import { readSecret } from '../store/secrets.ts';
import { configWithAdapters } from './adapters.ts';
import { guardPostgres } from './guard.ts';

/** What every command that touches the register stands on. */
export interface Foundation {
  env: Environment;
  log: AppLog;
  clock: Clock;
  databaseUrl: string;
  db: Database;
  pool: pg.Pool;
  keyring: Keyring;
  /** What the keyring is made of. */
  masterKeys: string;
  secrets: Secrets;
  files: FileStore;
  /** Those that the configuration names, once it was read. */
  adapters: Readonly<Record<string, AnyAdapter>>;
  /** The migrations that this start applied. */
  migrated: string[];
  /** Closes connections; ends the embedded PostgreSQL when no other process of the hub uses it. */
  close(): Promise<void>;
}

const DATABASE_TRIES = 60;
/** It is starting, or nobody listens there, or the connection was cut. */
const NOT_YET = new Set(['57P03', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'EAI_AGAIN']);

/** Connections of one process to the register; the queues have a pool of their own. */
const CONNECTIONS = 16;

export async function openFoundation(env: Environment): Promise<Foundation> {
  const log = createLog({ level: env.logLevel });
  // The key before the database: a database without its key would be unreadable.
  const masterKeys = await openMasterKeys(env, log);
  const keyring = createKeyring(masterKeys);
  const embedded = env.databaseUrl ? null : await startPostgres(env.dataDir, { log });
  const databaseUrl = env.databaseUrl ?? embedded!.url;
  const { db, pool } = openDatabase(databaseUrl, CONNECTIONS);
  const endGuard = embedded ? guardPostgres(env.dataDir, embedded, pool, log) : () => {};
  const close = async () => {
    endGuard();
    const alone = embedded ? await isLast(pool).catch(() => false) : false;
    await db.destroy();
    if (embedded && alone) await embedded.stop();
  };
  try {
    await waitFor(pool, log);
    const migrated = await migrate(db);
    const secrets = createSecrets({
      read: (name) => readSecret(db, name),
      keyring,
      env: env.secret,
      scrub: (value) => log.scrub(value),
    });
    const files = createFileStore(join(env.dataDir, 'files'), keyring);
    const opened = { databaseUrl, db, pool, keyring, masterKeys, secrets, files };
    return { env, log, clock: systemClock, ...opened, adapters: {}, migrated, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads the configuration, and loads what it needs. */
export async function readConfig(foundation: Foundation): Promise<LoadedConfig> {
  const { config, adapters } = await configWithAdapters(foundation.env.configDir);
  foundation.adapters = adapters;
  return config;
}

async function openMasterKeys(env: Environment, log: AppLog): Promise<string> {
  const { keys, created } = await loadMasterKey({
    dataDir: env.dataDir,
    given: env.masterKey,
    mayCreate: env.databaseUrl === undefined,
  });
  for (const key of keys.split(/[\s,]+/)) log.scrub(key);
  if (created) process.stderr.write(`${recoverySheet(keys)}\n`);
  return keys;
}

/** A database that is still starting is waited for: after a power cut, machines come back in any order. */
async function waitFor(pool: pg.Pool, log: AppLog): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await pool.query('select 1');
      return;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (tries >= DATABASE_TRIES || !NOT_YET.has(code ?? '')) throw error;
      log.warn({ error: message }, 'the database does not answer yet');
      await sleep(1_000);
    }
  }
}

/** The last one to leave turns the lights off. Sessions that were closed just now may show for a moment longer. */
async function isLast(pool: pg.Pool): Promise<boolean> {
  for (let looks = 0; looks < 10; looks++) {
    if (await nobodyElse(pool)) return true;
    await sleep(200);
  }
  return false;
}

async function nobodyElse(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query(
    `select 1 from pg_stat_activity where datname = current_database()
       and application_name like 'kanal-aduan %' and application_name <> current_setting('application_name') limit 1`,
  );
  return rows.length === 0;
}
