import { sql } from 'kysely';
import type { Json } from '#contract';
import { linkHash } from '../core/chain.ts';
import { insertRecords } from './bulk.ts';
import { type Db, newId, type Tx } from './database.ts';
import type { Complaint } from './schema.ts';

/** One thing that happened. `data` holds ids, codes and hashes only; a `reason` in words is kept beside the chain. */
export interface NewEvent {
  complaintId: string | null;
  /** `user:<id>`, `channel:<id>` or `hub`. */
  actor: string;
  type: string;
  data?: { [key: string]: Json };
  reason?: string;
}

interface Head {
  seq: number;
  hash: Buffer | null;
}

const HUB_CHAIN_LOCK = 7_261_401;

/** Where live changes are announced: `{ "complaints": [id, ...], "events": [type, ...] }`. */
export const LIVE_CHANNEL = 'kanal_live';

/**
 * Appends to the audit chain, one chain per complaint and one for the hub itself. Locks the complaints' rows, so the
 * caller's other changes to them belong in the same transaction. Returns the ids of the events.
 */
export async function appendEvents(tx: Tx, events: readonly NewEvent[], at: Date): Promise<string[]> {
  if (events.length === 0) return [];
  const heads = await lockHeads(tx, events);
  const rows = events.map((event) => {
    const head = heads.get(event.complaintId)!;
    const seq = head.seq + 1;
    const id = newId();
    const link = { id, complaintId: event.complaintId, seq, at, actor: event.actor, type: event.type };
    const data: Json = event.data ?? {};
    const hash = linkHash(head.hash, { ...link, data });
    const row = { ...link, data, prev: head.hash, hash, reason: event.reason };
    heads.set(event.complaintId, { seq, hash });
    return row;
  });
  await insertEvents(tx, rows);
  await saveHeads(tx, heads);
  await announce(tx, rows);
  return rows.map((row) => row.id);
}

export interface EventRow {
  id: string;
  complaintId: string | null;
  seq: number;
  at: Date;
  actor: string;
  type: string;
  data: Json;
  prev: Buffer | null;
  hash: Buffer;
  reason?: string | undefined;
}

/** Inserts links that the caller has already chained (new complaints of a batch). */
export async function insertEvents(tx: Db, rows: readonly EventRow[]): Promise<void> {
  const links = rows.map(({ id, complaintId, seq, at, actor, type, data, prev, hash }) => {
    return { id, complaint_id: complaintId, seq, at, actor, type, data, prev, hash };
  });
  await insertRecords(tx, 'event', links);
  const reasons = rows.flatMap((row) => (row.reason ? [{ event_id: row.id, text: row.reason }] : []));
  await insertRecords(tx, 'event_reason', reasons);
}

/** Why an officer last returned, rejected or disclaimed each of these complaints, in their words. */
export async function newestReasons(db: Db, complaintIds: readonly string[]): Promise<Map<string, string>> {
  if (complaintIds.length === 0) return new Map();
  const { rows } = await sql<{ complaint_id: string; text: string }>`
    select distinct on (e.complaint_id) e.complaint_id, r.text from event e join event_reason r on r.event_id = e.id
    where e.complaint_id = any(${complaintIds}::uuid[])
      and e.type in ('complaint.returned', 'complaint.rejected', 'complaint.disclaimed')
    order by e.complaint_id, e.seq desc`.execute(db);
  return new Map(rows.map((row) => [row.complaint_id, row.text]));
}

/** Tells whoever listens that these complaints changed; delivered by PostgreSQL when the transaction commits. */
export async function announce(tx: Db, rows: readonly Pick<EventRow, 'complaintId' | 'type'>[]): Promise<void> {
  const PER_NOTICE = 150; // a payload may have 8,000 bytes
  for (let start = 0; start < rows.length; start += PER_NOTICE) {
    const part = rows.slice(start, start + PER_NOTICE).filter((row) => row.complaintId !== null);
    const payload = {
      complaints: [...new Set(part.map((row) => row.complaintId))],
      types: [...new Set(part.map((row) => row.type))],
    };
    if (part.length > 0)
      await sql`/* announce */ select pg_notify(${LIVE_CHANNEL}, ${JSON.stringify(payload)})`.execute(tx);
  }
}

async function lockHeads(tx: Tx, events: readonly NewEvent[]): Promise<Map<string | null, Head>> {
  const heads = new Map<string | null, Head>();
  const ids = [...new Set(events.flatMap((event) => event.complaintId ?? []))].sort();
  if (ids.length > 0) {
    const { rows } = await sql<
      Pick<Complaint, 'id' | 'event_seq' | 'event_head'>
    >`/* lock heads */ select id, event_seq, event_head
      from complaint where id = any(${ids}::uuid[]) order by id for update`.execute(tx);
    for (const row of rows) heads.set(row.id, { seq: row.event_seq, hash: row.event_head });
  }
  if (events.some((event) => event.complaintId === null)) heads.set(null, await lockHubHead(tx));
  return heads;
}

async function lockHubHead(tx: Tx): Promise<Head> {
  await sql`select pg_advisory_xact_lock(${HUB_CHAIN_LOCK})`.execute(tx);
  const last = await tx
    .selectFrom('event')
    .select(['seq', 'hash'])
    .where('complaint_id', 'is', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { seq: last?.seq ?? 0, hash: last?.hash ?? null };
}

/** In one statement: a batch of a hundred must not pay for a hundred round trips. */
async function saveHeads(tx: Tx, heads: ReadonlyMap<string | null, Head>): Promise<void> {
  const moved = [...heads].filter(([id]) => id !== null);
  if (moved.length === 0) return;
  await sql`/* save heads */ update complaint c set event_seq = h.seq, event_head = h.hash
    from unnest(${moved.map(([id]) => id)}::uuid[], ${moved.map(([, head]) => head.seq)}::int[],
      ${moved.map(([, head]) => head.hash)}::bytea[]) as h(id, seq, hash)
    where c.id = h.id`.execute(tx);
}
