import type { Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { EventTable } from './schema.ts';

export type StoredEvent = Selectable<EventTable>;

const PAGE = 5_000;

/** Events in the order of their chains, a page at a time: each complaint's from its first, the hub's own at the end. */
export async function eventsAfter(db: Database, after: StoredEvent | undefined): Promise<StoredEvent[]> {
  const { rows } = await sql<StoredEvent>`
    select * from event
    where ${after === undefined} or (coalesce(complaint_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), seq)
      > (${after?.complaint_id ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'}::uuid, ${after?.seq ?? 0}::int)
    order by coalesce(complaint_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'), seq limit ${PAGE}`.execute(db);
  return rows;
}

/** Complaints whose recorded head is not the event that stands there. */
export async function chainHeads(db: Database): Promise<{ complaint_id: string; event_seq: number }[]> {
  const { rows } = await sql<{ complaint_id: string; event_seq: number }>`
    select c.id as complaint_id, c.event_seq from complaint c
    left join event e on e.complaint_id = c.id and e.seq = c.event_seq
    where c.event_seq > 0 and (e.id is null or e.hash is distinct from c.event_head)
      or exists (select 1 from event l where l.complaint_id = c.id and l.seq > c.event_seq)`.execute(db);
  return rows;
}
