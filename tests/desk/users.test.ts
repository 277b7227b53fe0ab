import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/sealed.ts';
import {
  actorOfKey,
  createKey,
  createUser,
  grantRole,
  revokeKey,
  setUserDisabled,
} from '../../src/flows/desk/users.ts';
import { newId } from '../../src/store/database.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testDesk } from '../helpers/desk.ts';
import { refused } from './helper.ts';

let database: TestDatabase;
let desk: TestDesk;
beforeAll(async () => {
  database = await testDatabase();
  desk = testDesk(database.db);
});
afterAll(() => database.close());

const user = (login: string) => createUser(desk, { login, name: 'Siti Rahayu' });

it('gives a login once', async () => {
  await user('siti');
  await refused(user('siti'), 'login_taken');
});

it('grants roles that make sense, once each', async () => {
  const userId = await user('budi');
  const grant = { role: 'unit_head', agencyId: 'dpupr', unitId: 'bina-marga' } as const;
  await grantRole(desk, userId, grant);
  await grantRole(desk, userId, grant);
  await refused(grantRole(desk, userId, { ...grant, agencyId: 'x', unitId: null }), 'unknown_agency');
  await refused(grantRole(desk, newId(), grant), 'unknown_user');
  const { key } = await createKey(desk, { userId, label: 'a' });
  expect((await actorOfKey(desk, key))?.actor).toMatchObject({ userId, grants: [grant] });
});

describe('keys', () => {
  it('are stored as a hash and shown once', async () => {
    const userId = await user('ani');
    const { id, key } = await createKey(desk, { userId, label: 'integrasi', agencyId: 'dpupr', unitId: 'bina-marga' });
    expect(key).toMatch(/^ka_[A-Za-z0-9_-]{43}$/);
    const row = await database.db.selectFrom('api_key').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(row.hash).toEqual(sha256(key));
    expect(JSON.stringify(row)).not.toContain(key);
    const trail = await database.db.selectFrom('event').select('data').where('type', '=', 'key.created').execute();
    expect(JSON.stringify(trail)).not.toContain(key);
    const scope = (await actorOfKey(desk, key))?.actor.keyScope;
    expect(scope).toEqual({ agencyId: 'dpupr', unitId: 'bina-marga' });
  });

  it('open nothing once revoked, or once their user is disabled', async () => {
    const userId = await user('eko');
    const [a, b] = [await createKey(desk, { userId, label: 'a' }), await createKey(desk, { userId, label: 'b' })];
    await revokeKey(desk, a.id);
    await refused(revokeKey(desk, a.id), 'not_found');
    expect(await actorOfKey(desk, a.key)).toBeUndefined();
    expect(await actorOfKey(desk, b.key)).toBeDefined();
    await setUserDisabled(desk, userId, true);
    expect(await actorOfKey(desk, b.key)).toBeUndefined();
    await setUserDisabled(desk, userId, false);
    expect(await actorOfKey(desk, b.key)).toBeDefined();
  });

  it.each(['', 'ka_', `ka_${'x'.repeat(43)}`, `ka_${'x'.repeat(10_000)}`, "ka_' or 1=1 --"])(
    'refuse %.20s',
    async (key) => {
      expect(await actorOfKey(desk, key)).toBeUndefined();
    },
  );

  it('remember their last use, at most once a minute', async () => {
    const { id, key } = await createKey(desk, { userId: await user('dwi'), label: 'a' });
    const start = desk.clock.now().getTime();
    const usedAfter = async (seconds: number) => {
      desk.setNow(new Date(start + seconds * 1_000));
      await actorOfKey(desk, key);
      const query = database.db.selectFrom('api_key').select('last_used_at').where('id', '=', id);
      return ((await query.executeTakeFirstOrThrow()).last_used_at!.getTime() - start) / 1_000;
    };
    expect([await usedAfter(0), await usedAfter(59), await usedAfter(60)]).toEqual([0, 0, 60]);
  });
});
