import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '../../src/platform/postgres/index.ts';
import { migrate, openDatabase } from '../../src/store/database.ts';
import { requireProgram } from './programs.ts';
import { startRedis } from './redis.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    redisUrl: string;
  }
}

/** The database that every test file gets a copy of. */
export const TEMPLATE = 'kanal_template';

/** Starts one embedded PostgreSQL (with a migrated template) and one Redis for the run. Speed over safety: nothing here outlives the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  requireProgram('redis-server', 'redis-server');
  requireProgram('dovecot', 'dovecot-imapd');
  requireProgram('chromium', 'chromium');
  requireProgram('gammu-smsd', 'gammu-smsd');
  const redis = await startRedis({ args: ['--databases', '10000'] });
  const dir = await mkdtemp(join(tmpdir(), 'kanal-test-'));
  const postgres = await startPostgres(dir, {
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  await makeTemplate(postgres.url);
  project.provide('postgresUrl', postgres.url);
  project.provide('redisUrl', redis.url);
  return async () => {
    await redis.stop();
    await postgres.stop('immediate');
    await rm(dir, { recursive: true, force: true });
  };
}

async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${TEMPLATE}`);
  await client.end();
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  const { db } = openDatabase(template.href, 2);
  await migrate(db);
  await db.destroy();
}
