import { afterAll, beforeAll, expect, it } from 'vitest';
import { channelStore } from '../../src/store/channelValues.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { keyring } from '../helpers/register.ts';

/** As many connections as a process has. */
const CONNECTIONS = 16;
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(CONNECTIONS);
});
afterAll(() => database.close());

it('many that change values, and read the database meanwhile, do not take all connections from each other', async () => {
  const { db } = database;
  const change = async (old: unknown) => {
    await db.selectFrom('secret').select('name').execute();
    return (typeof old === 'number' ? old : 0) + 1;
  };
  const stores = Array.from({ length: 10 }, (_, number) => channelStore(db, keyring, `kanal-${number}`));
  await Promise.all(Array.from({ length: 100 }, (_, number) => stores[number % 10]!.update('hitung', change)));
  expect(await Promise.all(stores.map((one) => one.get('hitung')))).toEqual(Array.from({ length: 10 }, () => 10));
});

it('a value can be changed while another one of the channel is being changed', async () => {
  const store = channelStore(database.db, keyring, 'dalam');
  await store.update('luar', async () => (await store.update('dalam', async () => 'x')) ?? null);
  expect([await store.get('luar'), await store.get('dalam')]).toEqual(['x', 'x']);
});
