import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import type { SourceItem } from './schema.ts';

export interface NewSourceItem {
  id: string;
  channelId: string;
  keyHash: Buffer;
  key: string;
  envelopeId: string | null;
  /** In pieces, one after the other. */
  sealed: readonly Buffer[];
  receivedAt: Date;
  /** Set: it cannot be applied, for this reason. */
  quarantine?: string;
  /** It has to be read at the platform before it is normalised. */
  incomplete?: boolean;
  /** It is an item already, entered by a person; it is applied in the same transaction. */
  entered?: boolean;
}

/** Items of accounts that no channel names. They are kept, and read again when a channel names the account. */
export const UNKNOWN_CHANNEL = '?';

/** Stores raw items; what is there already (same channel and key) stays as it is. Returns how many were new. */
export async function insertItems(tx: Db, rows: readonly NewSourceItem[]): Promise<number> {
  if (rows.length === 0) return 0;
  const column = <T>(get: (row: NewSourceItem) => T) => rows.map(get);
  // All bytes in one parameter, which travels as bytes: an array of them would travel as hexadecimal text.
  const sealed = Buffer.concat(rows.flatMap((row) => row.sealed));
  const sizes = column((row) => row.sealed.reduce((sum, piece) => sum + piece.length, 0));
  const result = await sql`
    /* insert items */ insert into source_item (id, channel_id, key_hash, key, envelope_id, sealed, received_at, outcome, reason, entered)
    select id, channel_id, key_hash, key, envelope_id, substring(${sealed}::bytea from start for bytes), received_at,
      case when reason is not null then 'quarantined' when incomplete then 'incomplete' else 'waiting' end, reason,
      entered
    from unnest(${column((row) => row.id)}::uuid[], ${column((row) => row.channelId)}::text[],
      ${column((row) => row.keyHash)}::bytea[], ${column((row) => row.key)}::text[],
      ${column((row) => row.envelopeId)}::uuid[], ${startsOf(sizes)}::int[], ${sizes}::int[],
      ${column((row) => row.receivedAt)}::timestamptz[], ${column((row) => row.quarantine ?? null)}::text[],
      ${column((row) => row.incomplete ?? false)}::boolean[], ${column((row) => row.entered ?? false)}::boolean[])
      as r(id, channel_id, key_hash, key, envelope_id, start, bytes, received_at, reason, incomplete, entered)
    on conflict (channel_id, key_hash) do nothing`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}

/** Where each row's bytes begin among all of them, from 1 as PostgreSQL counts. */
function startsOf(sizes: readonly number[]): number[] {
  let next = 1;
  return sizes.map((size) => {
    const start = next;
    next += size;
    return start;
  });
}

/** `bytes`: as it is stored. */
export type WaitingItem = Pick<SourceItem, 'id' | 'received_at' | 'entered'> & { bytes: number };

/** What waits for a channel, oldest first: at most `limit`, and no more bytes than `maxBytes` unless one alone has more. */
export async function waitingItems(
  db: Db,
  channelId: string,
  { limit, maxBytes, after }: { limit: number; maxBytes: number; after?: string | undefined },
): Promise<WaitingItem[]> {
  const from = after ?? '00000000-0000-0000-0000-000000000000';
  const { rows } = await sql<WaitingItem>`
    select id, received_at, entered, octet_length(sealed) as bytes from source_item
    where channel_id = ${channelId} and outcome = 'waiting' and id > ${from} order by id limit ${limit}`.execute(db);
  let sum = 0;
  const beyond = rows.findIndex(({ bytes }, at) => {
    sum += bytes;
    return at > 0 && sum > maxBytes;
  });
  return beyond < 0 ? rows : rows.slice(0, beyond);
}

/** The raw items of these rows, encrypted. */
export async function sealedItems(db: Db, ids: readonly string[]): Promise<Map<string, Buffer>> {
  if (ids.length === 0) return new Map();
  // As base64: the driver reads bytes as hexadecimal text, which is larger and slower to turn back.
  const { rows } = await sql<{ id: string; base64: string }>`/* sealed items */
    select id, encode(sealed, 'base64') as base64 from source_item where id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, base64 }) => [id, Buffer.from(base64, 'base64')]));
}

/** Those of these items that still wait, locked. */
export async function stillWaiting(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select id from source_item
    where id = any(${ids}::uuid[]) and outcome = 'waiting' order by id for update`.execute(tx);
  return new Set(rows.map((row) => row.id));
}

/** Without what it holds. */
export function itemAbout(db: Db, id: string): Promise<Pick<SourceItem, 'id' | 'received_at'> | undefined> {
  return db.selectFrom('source_item').select(['id', 'received_at']).where('id', '=', id).executeTakeFirst();
}

export interface ItemOutcome {
  id: string;
  outcome: 'applied' | 'ignored' | 'pending' | 'quarantined';
  reason: string | null;
  objectHash: Buffer | null;
  threadHash: Buffer | null;
  complaintId: string | null;
}

export async function finishItems(tx: Tx, outcomes: readonly ItemOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const column = <T>(get: (row: ItemOutcome) => T) => outcomes.map(get);
  await sql`/* finish items */ update source_item s set outcome = o.outcome, reason = o.reason, object_hash = o.object_hash,
      thread_hash = o.thread_hash, complaint_id = o.complaint_id
    from unnest(${column((row) => row.id)}::uuid[], ${column((row) => row.outcome)}::text[],
      ${column((row) => row.reason)}::text[], ${column((row) => row.objectHash)}::bytea[],
      ${column((row) => row.threadHash)}::bytea[], ${column((row) => row.complaintId)}::uuid[])
      as o(id, outcome, reason, object_hash, thread_hash, complaint_id)
    where s.id = o.id`.execute(tx);
}

/** What waited for these objects or threads, or for this reason, is looked at again. Returns how many. */
export async function releasePending(
  tx: Db,
  channelId: string,
  hashes: { objects?: readonly Buffer[]; threads?: readonly Buffer[]; reason?: string },
): Promise<number> {
  const result = await sql`/* release */ update source_item set outcome = 'waiting', reason = null
    where channel_id = ${channelId} and outcome = 'pending'
      and (object_hash = any(${hashes.objects ?? []}::bytea[]) or thread_hash = any(${hashes.threads ?? []}::bytea[])
        or reason = ${hashes.reason ?? null})`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}

/** Channels whose items have waited longer than `ms`. */
export async function waitingItemChannels(db: Db, ms: number): Promise<string[]> {
  const { rows } = await sql<{ channel_id: string }>`select distinct channel_id from source_item
    where outcome = 'waiting' and received_at < now() - ${ms} * interval '1 millisecond'`.execute(db);
  return rows.map((row) => row.channel_id);
}

/** The complaint that an item of this key belongs to; `null` where it has none yet. */
export async function enteredBefore(db: Db, channelId: string, keyHash: Buffer): Promise<string | null> {
  const row = await db
    .selectFrom('source_item')
    .select('complaint_id')
    .where('channel_id', '=', channelId)
    .where('key_hash', '=', keyHash)
    .executeTakeFirst();
  return row?.complaint_id ?? null;
}

/** Which of these keys were here before, as hex. */
export async function knownKeys(db: Db, channelId: string, hashes: readonly Buffer[]): Promise<Set<string>> {
  const { rows } = await sql<{ key_hash: Buffer }>`select key_hash from source_item
    where channel_id = ${channelId} and key_hash = any(${hashes}::bytea[])`.execute(db);
  return new Set(rows.map((row) => row.key_hash.toString('hex')));
}

/** Takes out the items of accounts that no channel named, whose key begins so. */
export async function takeUnknown(tx: Tx, keyPrefix: string): Promise<SourceItem[]> {
  const { rows } = await sql<SourceItem>`delete from source_item
    where channel_id = ${UNKNOWN_CHANNEL} and starts_with(key, ${keyPrefix}) returning *`.execute(tx);
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}
