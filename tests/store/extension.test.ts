import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { up } from '../../src/store/migrations/012_duplicates.ts';
import { testDatabase } from '../helpers/database.ts';

it('a database that refuses the extension says what to do', async () => {
  const database = await testDatabase();
  const user = `tamu_${randomBytes(4).toString('hex')}`;
  await database.pool.query('drop extension pg_trgm cascade');
  await database.pool.query(`create role ${user} login password 'uji'`);
  const url = new URL(database.url);
  [url.username, url.password] = [user, 'uji'];
  const { db } = openDatabase(url.href, 1);
  onTestFinished(async () => {
    await db.destroy();
    await database.pool.query(`drop role ${user}`);
    await database.close();
  });
  const error = await up(db as never).catch((thrown: Error) => thrown);
  expect((error as Error).message).toMatch(/pg_trgm \(permission denied.*\).*postgresql-contrib.*"create extension/);
});
