import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimQueued } from '../../src/store/outgoing.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(1);
});
afterAll(() => database.close());

const claim = () => claimQueued(database.db, { channelId: 'a', owner: 'test', leaseMs: 1_000, limit: 1 });

it('prepares a named statement once per connection, and others not at all', async () => {
  const { db } = database;
  for (let n = 0; n < 3; n++) await sql`/* a test */ select ${n}::int`.execute(db);
  await sql`select /* not a name */ ${1}::int`.execute(db);
  const { rows } = await sql<{ name: string; plans: string }>`
    select name, generic_plans + custom_plans as plans from pg_prepared_statements`.execute(db);
  expect(rows).toEqual([{ name: 'a test', plans: '3' }]);
});

it('refuses a second text under a name', async () => {
  await sql`/* another */ select ${1}::int`.execute(database.db);
  await expect(sql`/* another */ select ${1}::int + 1`.execute(database.db)).rejects.toThrow(/another/);
});

it('goes on claiming after a later version has added a column', async () => {
  expect(await claim()).toEqual([]);
  await sql`alter table publication add column later text`.execute(database.db);
  expect(await claim()).toEqual([]);
});
