import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { TEMPLATE } from './globalSetup.ts';

export interface TestDatabase {
  url: string;
  db: Database;
  pool: pg.Pool;
  close(): Promise<void>;
}

/** A fresh, migrated database of its own, in the run's embedded PostgreSQL. Close it in `afterAll`. */
export async function testDatabase(connections = 12): Promise<TestDatabase> {
  const name = `t_${randomBytes(6).toString('hex')}`;
  await admin(`create database ${name} template ${TEMPLATE}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  const { db, pool } = openDatabase(url.href, connections);
  const close = async () => {
    await db.destroy();
    await admin(`drop database if exists ${name} with (force)`);
  };
  return { url: url.href, db, pool, close };
}

/** Copies of one template are made one after the other; PostgreSQL refuses a template that is in use. */
async function admin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(7261499)');
    await client.query(statement);
  } finally {
    await client.end();
  }
}
