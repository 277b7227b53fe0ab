import { sql } from 'kysely';
import type pg from 'pg';
import type { Database, Tx } from './database.ts';
import type { Envelope } from './schema.ts';

export interface NewEnvelope {
  id: string;
  endpoint: string;
  adapter: string;
  dedupe: Buffer;
  sealed: Buffer;
}

// A delivery that comes again is counted. If the first one only said "something changed" it counts as new news.
const INSERT = {
  name: 'envelope-insert',
  text: `insert into envelope (id, endpoint, adapter, dedupe, sealed)
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[])
    on conflict (dedupe) do update set deliveries = envelope.deliveries + 1,
      outcome = case when envelope.items is null and envelope.outcome = 'done' then 'waiting' else envelope.outcome end`,
};

/** Stores deliveries in one statement and one commit; the same delivery twice in a batch must be one row here. */
export async function insertEnvelopes(pool: pg.Pool, rows: readonly NewEnvelope[]): Promise<void> {
  const column = <K extends keyof NewEnvelope>(key: K) => rows.map((row) => row[key]);
  const values = [column('id'), column('endpoint'), column('adapter'), column('dedupe'), column('sealed')];
  await pool.query({ ...INSERT, values });
}

export function claimEnvelopes(tx: Tx, endpoint: string, limit: number): Promise<Envelope[]> {
  return tx
    .selectFrom('envelope')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where('outcome', '=', 'waiting')
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** Marks envelopes as read. `items` is how many they held; null means that they only said "something changed". */
export async function finishEnvelopes(tx: Tx, done: readonly { id: string; items: number | null }[]): Promise<void> {
  if (done.length === 0) return;
  const ids = done.map((row) => row.id);
  const items = done.map((row) => row.items);
  await sql`update envelope set outcome = 'done', reason = null, items = d.items
    from unnest(${ids}::uuid[], ${items}::int[]) as d(id, items) where envelope.id = d.id`.execute(tx);
}

export async function quarantineEnvelope(db: Database | Tx, id: string, reason: string): Promise<void> {
  await db
    .updateTable('envelope')
    .set((row) => ({ outcome: 'quarantined', reason, tries: row('tries', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

/** Does any delivery wait that came more than `ms` ago? */
export async function deliveriesWait(db: Database, ms: number): Promise<boolean> {
  const { rows } = await sql`select 1 from envelope
    where outcome = 'waiting' and received_at < now() - ${ms} * interval '1 millisecond' limit 1`.execute(db);
  return rows.length > 0;
}

/** Endpoints whose deliveries have waited longer than `ms`. */
export async function waitingEndpoints(db: Database, ms: number): Promise<string[]> {
  const { rows } = await sql<{ endpoint: string }>`select distinct endpoint from envelope
    where outcome = 'waiting' and received_at < now() - ${ms} * interval '1 millisecond'`.execute(db);
  return rows.map((row) => row.endpoint);
}
