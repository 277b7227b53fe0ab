import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';

export interface QuarantineRow {
  id: string;
  /** A whole delivery that could not be split, or one event that could not be understood. */
  kind: 'delivery' | 'item';
  /** The endpoint of a delivery, the channel of an item. */
  subject: string;
  reason: string | null;
  tries: number;
  bytes: number;
  received_at: Date;
}

/** What could not be read, newest first; one row more than asked for shows that there are more. */
export async function listQuarantine(
  db: Db,
  filter: { channel?: string | undefined; before?: string | undefined; limit: number },
): Promise<QuarantineRow[]> {
  const before = filter.before ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  const limit = filter.limit + 1;
  const channel = filter.channel ?? null;
  const { rows } = await sql<QuarantineRow>`
    (select id, 'delivery' as kind, endpoint as subject, reason, tries, octet_length(sealed) as bytes, received_at
      from envelope where outcome = 'quarantined' and id < ${before} and ${channel}::text is null
      order by id desc limit ${limit})
    union all
    (select id, 'item', channel_id, reason, tries, octet_length(sealed), received_at
      from source_item where outcome = 'quarantined' and id < ${before}
        and (${channel}::text is null or channel_id = ${channel})
      order by id desc limit ${limit})
    order by id desc limit ${limit}`.execute(db);
  return rows;
}

export interface SealedRaw {
  kind: 'delivery' | 'item';
  subject: string;
  sealed: Buffer;
}

/** One quarantined delivery or item as it is stored: encrypted. */
export async function quarantined(db: Db, id: string): Promise<SealedRaw | undefined> {
  const { rows } = await sql<SealedRaw>`
    select 'delivery' as kind, endpoint as subject, sealed from envelope where id = ${id} and outcome = 'quarantined'
    union all
    select 'item', channel_id, sealed from source_item where id = ${id} and outcome = 'quarantined'`.execute(db);
  return rows[0];
}

export interface Replayed {
  /** How many deliveries and items wait again. */
  deliveries: number;
  items: number;
}

/** Lets quarantined rows wait again. Returns the subjects whose stages must be woken. */
export async function replayById(tx: Tx, ids: readonly string[]): Promise<{ endpoints: string[]; channels: string[] }> {
  const envelopes = await tx
    .updateTable('envelope')
    .set({ outcome: 'waiting', tries: 0, reason: null })
    .where('id', 'in', ids)
    .where('outcome', '=', 'quarantined')
    .returning('endpoint')
    .execute();
  const items = await tx
    .updateTable('source_item')
    .set({ outcome: 'waiting', tries: 0, reason: null })
    .where('id', 'in', ids)
    .where('outcome', '=', 'quarantined')
    .returning('channel_id')
    .execute();
  return { endpoints: envelopes.map((row) => row.endpoint), channels: items.map((row) => row.channel_id) };
}

/** Ids are made when rows are: those of a time range lie in a range of ids, a little wider for slow commits. */
const MARGIN_MS = 3_600_000;

/** Reads everything of a channel again that came in a time range. What is there already stays as it is. */
export async function replayRange(
  tx: Tx,
  range: { channelId: string; endpoint: string | undefined; from: Date; to: Date },
): Promise<Replayed> {
  const { channelId, endpoint, from, to } = range;
  const low = idAt(from.getTime() - MARGIN_MS);
  const high = idAt(to.getTime() + MARGIN_MS);
  const items = await sql`update source_item set outcome = 'waiting', tries = 0, reason = null
    where id between ${low} and ${high} and channel_id = ${channelId}
      and received_at between ${from} and ${to} and outcome <> 'waiting'`.execute(tx);
  const deliveries = await sql`update envelope set outcome = 'waiting', tries = 0, reason = null
    where id between ${low} and ${high} and endpoint = ${endpoint ?? ''}
      and received_at between ${from} and ${to} and outcome <> 'waiting'`.execute(tx);
  return { items: Number(items.numAffectedRows ?? 0), deliveries: Number(deliveries.numAffectedRows ?? 0) };
}

/** The smallest id of a millisecond. */
function idAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
