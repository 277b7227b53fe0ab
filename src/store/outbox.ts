import { sql } from 'kysely';
import type { ComplaintEvent, PublishedComplaint, State } from '#contract';
import type { Db, Tx } from './database.ts';
import type { Complaint } from './schema.ts';

export interface OutboxEntry {
  id: string;
  complaint_id: string;
  type: ComplaintEvent;
  at: Date;
  due_at: Date;
  state: State | null;
}

const MOST = 500;

/** Takes rows that are not on the queue yet, or have been there for longer than `staleMs` after they were due. */
export async function takeForQueue(db: Db, staleMs?: number): Promise<OutboxEntry[]> {
  const which =
    staleMs === undefined
      ? sql`queued_at is null`
      : sql`due_at < now() - ${staleMs} * interval '1 millisecond'
          and (queued_at is null or queued_at < now() - ${staleMs} * interval '1 millisecond')`;
  const { rows } = await sql<OutboxEntry>`
    update outbox o set queued_at = now() from (
      select id from outbox where done_at is null and ${which} order by id limit ${MOST} for update skip locked
    ) w where o.id = w.id returning o.id, o.complaint_id, o.type, o.at, o.due_at, o.state`.execute(db);
  return rows;
}

/** Claims events that are due, for triage; rows stay locked until the transaction ends. */
export async function claimDue(tx: Tx, limit: number): Promise<OutboxEntry[]> {
  const { rows } = await sql<OutboxEntry>`
    select id, complaint_id, type, at, due_at, state from outbox
    where done_at is null and due_at <= now() order by due_at, id limit ${limit} for update skip locked`.execute(tx);
  return rows;
}

export async function finishOutbox(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`/* finish outbox */ update outbox set done_at = now() where id = any(${ids}::uuid[])`.execute(tx);
}

type Published = PublishedComplaint['complaint'];
type Row = Complaint & { files: Published['attachments'] | null };

/** Complaints in the published format, by id. Holds no contact. A sensitive one is not published at all. */
export async function publishedComplaints(db: Db, ids: readonly string[]): Promise<Map<string, Published>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select c.*, f.files from complaint c left join lateral (
      select json_agg(json_build_object('id', a.id, 'name', a.name, 'mime', a.mime) order by a.created_at, a.position) as files
      from attachment a where a.complaint_id = c.id and a.state = 'stored'
    ) f on true where c.id = any(${ids}::uuid[]) and not c.sensitive`.execute(db);
  return new Map(rows.map((row) => [row.id, toPublished(row)]));
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

function toPublished(row: Row): Published {
  return {
    id: row.id,
    ticketNo: row.ticket_no,
    state: row.state,
    channel: row.channel_id,
    adapter: row.adapter,
    surface: row.surface,
    public: row.public,
    threadId: row.thread_id,
    title: row.title,
    text: row.body,
    kind: row.kind,
    category: row.category,
    agency: row.agency_id,
    unit: row.unit_id,
    anonymous: row.anonymous,
    secret: row.secret,
    rating: row.rating,
    location: row.location,
    permalink: row.permalink,
    attachments: row.files ?? [],
    messages: row.messages,
    sourceStatus: row.source_status,
    occurredAt: iso(row.occurred_at),
    receivedAt: row.received_at.toISOString(),
    lastActivityAt: row.last_activity_at.toISOString(),
  };
}

/** Does a complaint event wait that has been due for `ms`? */
export async function dueEvents(db: Db, ms: number): Promise<boolean> {
  const { rows } = await sql`select 1 from outbox
    where done_at is null and due_at < now() - ${ms} * interval '1 millisecond' limit 1`.execute(db);
  return rows.length > 0;
}
