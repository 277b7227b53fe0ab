import { sql } from 'kysely';
import type { Actor, Grant } from '../core/access.ts';
import type { Db, Tx } from './database.ts';

export interface NewKey {
  id: string;
  userId: string;
  label: string;
  hash: Buffer;
  agencyId: string | null;
  unitId: string | null;
}

export async function insertKey(tx: Tx, { id, userId, label, hash, agencyId, unitId }: NewKey): Promise<void> {
  await tx
    .insertInto('api_key')
    .values({ id, user_id: userId, label, hash, agency_id: agencyId, unit_id: unitId })
    .execute();
}

/** False: there is no such key, or it was revoked before. */
export async function revokeKey(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('api_key')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export interface KeyHolder {
  keyId: string;
  actor: Actor;
  lastUsedAt: Date | null;
}

interface KeyRow {
  id: string;
  user_id: string;
  name: string;
  agency_id: string | null;
  unit_id: string | null;
  last_used_at: Date | null;
  grants: Grant[];
}

/** Whose key this is, in one statement; undefined for a key that is unknown or revoked, or whose user is disabled. */
export async function holderOfKey(db: Db, hash: Buffer): Promise<KeyHolder | undefined> {
  const { rows } = await sql<KeyRow>`
    select k.id, k.user_id, u.name, k.agency_id, k.unit_id, k.last_used_at,
      coalesce((
        select jsonb_agg(jsonb_build_object('role', g.role, 'agencyId', g.agency_id, 'unitId', g.unit_id))
        from role_grant g where g.user_id = k.user_id), '[]') as grants
    from api_key k join app_user u on u.id = k.user_id
    where k.hash = ${hash} and k.revoked_at is null and u.disabled_at is null`.execute(db);
  const row = rows[0];
  if (!row) return undefined;
  const keyScope = { agencyId: row.agency_id, unitId: row.unit_id };
  const actor = { userId: row.user_id, name: row.name, grants: row.grants, keyScope };
  return { keyId: row.id, actor, lastUsedAt: row.last_used_at };
}

export async function touchKey(db: Db, id: string, at: Date): Promise<void> {
  await db.updateTable('api_key').set({ last_used_at: at }).where('id', '=', id).execute();
}
