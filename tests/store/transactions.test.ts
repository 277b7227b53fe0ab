import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTransaction } from '../../src/store/database.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(4);
  await sql`create table pair (id int primary key, n int not null)`.execute(database.db);
  await sql`insert into pair values (1, 0), (2, 0)`.execute(database.db);
});
afterAll(() => database.close());

it('two transactions that wait for each other both come to their end', async () => {
  let tries = 0;
  const meet = Promise.withResolvers<void>();
  let waiting = 0;
  const both = (first: number, second: number) =>
    inTransaction(database.db, async (tx) => {
      tries += 1;
      await sql`update pair set n = n + 1 where id = ${first}`.execute(tx);
      if (++waiting === 2) meet.resolve();
      await meet.promise;
      await sql`update pair set n = n + 1 where id = ${second}`.execute(tx);
    });
  await Promise.all([both(1, 2), both(2, 1)]);
  expect(tries).toBe(3);
  const { rows } = await sql<{ n: number }>`select n from pair`.execute(database.db);
  expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
});

it('any other failure is told at once', async () => {
  let tries = 0;
  const work = inTransaction(database.db, async (tx) => {
    tries += 1;
    await sql`select 1 / 0`.execute(tx);
  });
  await expect(work).rejects.toThrow(/division by zero/);
  expect(tries).toBe(1);
});
