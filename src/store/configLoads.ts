import { sql } from 'kysely';
import type { Json } from '#contract';
import { type Database, jsonb, newId, type Tx } from './database.ts';

const CONFIG_LOCK = 7_261_402;

/** The configuration that was loaded last; nobody else records one until the transaction ends. */
export async function lockLastLoad(tx: Tx): Promise<{ hash: string; snapshot: Json } | undefined> {
  await sql`select pg_advisory_xact_lock(${CONFIG_LOCK})`.execute(tx);
  return tx.selectFrom('config_load').select(['hash', 'snapshot']).orderBy('id', 'desc').limit(1).executeTakeFirst();
}

export async function insertLoad(tx: Tx, hash: string, snapshot: Json): Promise<void> {
  await tx
    .insertInto('config_load')
    .values({ id: newId(), hash, snapshot: jsonb(snapshot) })
    .execute();
}

/** The snapshot of the configuration that was loaded last, for `kanal check --diff`. */
export async function lastSnapshot(db: Database): Promise<Json | undefined> {
  const row = await db.selectFrom('config_load').select('snapshot').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.snapshot;
}
