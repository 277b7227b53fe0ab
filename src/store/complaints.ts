import { type Selectable, sql } from 'kysely';
import type { ComplaintEvent } from '#contract';
import type { Actor } from '../core/access.ts';
import { type Db, newId, type Tx } from './database.ts';
import type { Complaint, ComplaintTable, NewComplaint } from './schema.ts';
import { visibleTo } from './scope.ts';

/** A complaint without its search vector, which nobody reads. */
export type ComplaintRow = Omit<Complaint, 'search'>;

const COLUMNS = [
  'id', 'ticket_no', 'state', 'channel_id', 'adapter', 'surface', 'public', 'thread_id', 'thread_hash', 'title', 'body',
  'kind', 'oversight', 'category', 'agency_id', 'unit_id', 'assignee_id', 'anonymous', 'secret', 'sensitive',
  'sensitive_by', 'reaction_pending', 'rating', 'location', 'permalink', 'context', 'source_status', 'merged_into', 'dismissed_as', 'dismissed_rule',
  'opening_message_id', 'reporter_id', 'messages', 'occurred_at', 'received_at', 'recorded_at', 'last_activity_at', 'triaged_at',
  'answered_at', 'closed_at', 'event_seq', 'event_head',
] as const satisfies readonly (keyof Selectable<ComplaintTable>)[]; // biome-ignore format: one glance

/** A complaint that the actor may see. */
export function findComplaint(db: Db, actor: Actor, id: string): Promise<ComplaintRow | undefined> {
  return db.selectFrom('complaint').select(COLUMNS).where('id', '=', id).where(visibleTo(actor)).executeTakeFirst();
}

/** A complaint, for its receipt to whoever has just entered it. */
export function complaintToPrint(db: Db, id: string): Promise<ComplaintRow> {
  return db.selectFrom('complaint').select(COLUMNS).where('id', '=', id).executeTakeFirstOrThrow();
}

/** Complaints that the actor may see, locked, always in the order of their ids: two people cannot block each other. */
export function lockComplaints(tx: Tx, actor: Actor, ids: readonly string[]): Promise<ComplaintRow[]> {
  return tx
    .selectFrom('complaint')
    .select(COLUMNS)
    .where('id', 'in', [...new Set(ids)])
    .where(visibleTo(actor))
    .orderBy('id')
    .forUpdate()
    .execute();
}

export type ComplaintChange = Partial<
  Omit<NewComplaint, 'id' | 'search' | 'event_seq' | 'event_head' | 'location' | 'context' | 'source_status'>
>;

export async function changeComplaint(tx: Tx, id: string, change: ComplaintChange): Promise<void> {
  await tx.updateTable('complaint').set(change).where('id', '=', id).execute();
}

/** A complaint that was just opened, locked for the rules. */
export function lockForRouting(tx: Tx, id: string): Promise<Complaint> {
  return tx.selectFrom('complaint').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
}

/** Tells other programs, and the source of the complaint: its state as it is now, after the caller's change. */
export async function addToOutbox(
  tx: Tx,
  ids: string | readonly string[],
  type: ComplaintEvent,
  at: Date,
): Promise<void> {
  const complaints = [ids].flat();
  await sql`/* add to outbox */ insert into outbox (id, complaint_id, type, at, due_at, state)
    select n.id, c.id, ${type}, ${at}, ${at}, c.state
    from unnest(${complaints.map(newId)}::uuid[], ${complaints}::uuid[]) n(id, complaint_id)
    join complaint c on c.id = n.complaint_id`.execute(tx);
}

/**
 * Their answers stand: those in one of the states `moving` become `answered`. Locks them in the order of their ids;
 * returns each with the state that it had.
 */
export async function answerComplaints(
  tx: Tx,
  ids: readonly string[],
  moving: readonly Complaint['state'][],
  at: Date,
): Promise<Pick<Complaint, 'id' | 'state'>[]> {
  const { rows } = await sql<Pick<Complaint, 'id' | 'state'>>`/* answer */ update complaint c set answered_at = ${at},
      reaction_pending = false, state = case when old.state = any(${moving}::text[]) then 'answered' else old.state end
    from (select id, state from complaint where id = any(${ids}::uuid[]) order by id for update) old
    where c.id = old.id returning c.id, old.state`.execute(tx);
  return rows;
}

/** Complaints that were merged into this one, as far as the actor may see them. */
export function duplicatesOf(db: Db, actor: Actor, id: string) {
  return db
    .selectFrom('complaint')
    .select(['id', 'ticket_no', 'channel_id', 'last_activity_at'])
    .where('merged_into', '=', id)
    .where(visibleTo(actor))
    .orderBy('id')
    .execute();
}

export async function hasDuplicates(tx: Tx, id: string): Promise<boolean> {
  const row = await tx.selectFrom('complaint').select('id').where('merged_into', '=', id).limit(1).executeTakeFirst();
  return row !== undefined;
}

/**
 * Opening message, text, count and order of a complaint, made again from its messages after some were moved. The
 * search vector is the caller's next step (`refreshSearch`).
 */
export async function refreshFromMessages(tx: Tx, id: string): Promise<void> {
  await sql`
    update complaint set
      opening_message_id = opening.id, body = opening.text, messages = said.count, last_activity_at = said.newest
    from (
      select id, case when deleted_at is null then text else '' end as text
      from message where complaint_id = ${id} and direction = 'in' order by at, id limit 1
    ) opening, (
      select count(*)::int as count, max(at) as newest from message where complaint_id = ${id} and direction = 'in'
    ) said
    where complaint.id = ${id}`.execute(tx);
}

/** A new complaint like an old one, for messages that are split off. Its text comes with `refreshFromMessages`. */
export async function copyComplaint(tx: Tx, from: ComplaintRow, change: ComplaintChange): Promise<string> {
  const id = newId();
  const { location: _l, context: _c, source_status: _s, event_seq: _q, event_head: _h, ...kept } = from;
  await tx
    .insertInto('complaint')
    .values({ ...kept, location: null, context: null, source_status: null, ...change, id })
    .execute();
  return id;
}

/** Whoever may work on a complaint may answer those merged into it, unless one of them is on hold. */
export async function duplicateIds(db: Db, id: string): Promise<string[]> {
  const rows = await db
    .selectFrom('complaint')
    .select('id')
    .where('merged_into', '=', id)
    .where('sensitive', '=', false)
    .execute();
  return rows.map((row) => row.id);
}

/** A complaint, or one merged into it, as far as an answer is concerned. */
export type FamilyMember = Pick<
  Complaint,
  'id' | 'ticket_no' | 'channel_id' | 'adapter' | 'thread_id' | 'anonymous' | 'secret' | 'merged_into'
>;

/** The complaint itself first. Those on hold are left out: nothing goes there. */
export function familyOf(db: Db, id: string): Promise<FamilyMember[]> {
  return db
    .selectFrom('complaint')
    .select(['id', 'ticket_no', 'channel_id', 'adapter', 'thread_id', 'anonymous', 'secret', 'merged_into'])
    .where((on) => on.or([on('id', '=', id), on('merged_into', '=', id).and('sensitive', '=', false)]))
    .orderBy(sql`merged_into is not null`)
    .orderBy('id')
    .execute();
}

/** Those of these complaints that the actor may see. */
export async function visibleComplaints(db: Db, actor: Actor, ids: readonly string[]): Promise<ComplaintRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('complaint')
    .select(COLUMNS)
    .where('id', 'in', ids)
    .where(visibleTo(actor))
    .orderBy('id')
    .execute();
}
