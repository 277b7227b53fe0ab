import { sql } from 'kysely';
import type { Grant } from '../core/access.ts';
import type { Role } from '../core/roles.ts';
import type { Db, Tx } from './database.ts';

export interface User {
  id: string;
  login: string;
  name: string;
  disabled: boolean;
  grants: Grant[];
}

interface UserRow {
  id: string;
  login: string;
  name: string;
  disabled_at: Date | null;
}

/** False: the login is taken. */
export async function insertUser(tx: Tx, user: { id: string; login: string; name: string }): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('app_user')
    .values(user)
    .onConflict((on) => on.column('login').doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export const findUserById = (db: Db, id: string): Promise<User | undefined> => findUser(db, 'id', id);
export const findUserByLogin = (db: Db, login: string): Promise<User | undefined> => findUser(db, 'login', login);

async function findUser(db: Db, column: 'id' | 'login', value: string): Promise<User | undefined> {
  const row: UserRow | undefined = await db
    .selectFrom('app_user')
    .select(['id', 'login', 'name', 'disabled_at'])
    .where(column, '=', value)
    .executeTakeFirst();
  if (!row) return undefined;
  const { disabled_at, ...user } = row;
  return { ...user, disabled: disabled_at !== null, grants: await grantsOf(db, row.id) };
}

export async function grantsOf(db: Db, userId: string): Promise<Grant[]> {
  const rows = await db.selectFrom('role_grant').selectAll().where('user_id', '=', userId).execute();
  return rows.map((row) => ({ role: row.role as Role, agencyId: row.agency_id, unitId: row.unit_id }));
}

/** A grant that is there already stays as it is. */
export async function insertGrant(tx: Tx, userId: string, grant: Grant): Promise<void> {
  await tx
    .insertInto('role_grant')
    .values({ user_id: userId, role: grant.role, agency_id: grant.agencyId, unit_id: grant.unitId })
    .onConflict((on) => on.doNothing())
    .execute();
}

export async function setDisabled(tx: Tx, userId: string, at: Date | null): Promise<void> {
  await tx.updateTable('app_user').set({ disabled_at: at }).where('id', '=', userId).execute();
}

export async function namesOf(db: Db, userIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('app_user')
    .select(['id', 'name'])
    .where(sql<boolean>`id = any(${userIds}::uuid[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}
