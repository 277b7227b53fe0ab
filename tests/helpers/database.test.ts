import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../src/store/database.ts';
import { type TestDatabase, testDatabase } from './database.ts';

let first: TestDatabase;
let second: TestDatabase;
beforeAll(async () => {
  [first, second] = await Promise.all([testDatabase(), testDatabase()]);
});
afterAll(() => Promise.all([first.close(), second.close()]));

it('gives each caller a migrated database of its own', async () => {
  await first.db.insertInto('app_user').values({ id: newId(), login: 'siti', name: 'Siti' }).execute();
  const siti = (db: TestDatabase['db']) =>
    db.selectFrom('app_user').select('name').where('login', '=', 'siti').execute();
  expect(await siti(first.db)).toHaveLength(1);
  expect(await siti(second.db)).toHaveLength(0);
});
