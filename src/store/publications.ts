import { sql } from 'kysely';
import type { Json } from '#contract';
import type { Actor } from '../core/access.ts';
import { type Db, jsonb, type Tx } from './database.ts';
import type { Complaint, NewPublication, Publication, PublicationState } from './schema.ts';
import { visibleTo } from './scope.ts';

/** One row per target; a second try for the same draft and target changes nothing. Returns the ids that are new. */
export async function insertPublications(tx: Tx, rows: readonly NewPublication[]): Promise<string[]> {
  if (rows.length === 0) return [];
  const values = rows.map((row) => ({
    ...row,
    target: sql<NewPublication['target']>`${JSON.stringify(row.target)}::jsonb`,
    detail: jsonb((row.detail ?? null) as Json),
    attachment_ids: jsonb(row.attachment_ids ?? []),
  }));
  const inserted = await tx
    .insertInto('publication')
    .values(values)
    .onConflict((on) => on.doNothing())
    .returning('id')
    .execute();
  return inserted.map((row) => row.id);
}

/** Has this message an answer in private that stands, or is on its way? */
export async function answeredPrivately(db: Db, messageId: string): Promise<boolean> {
  const row = await db
    .selectFrom('publication')
    .select('id')
    .where(sql<boolean>`target->>'messageId' = ${messageId} and target->>'privately' = 'true'`)
    .where('complaint_id', '=', sql<string>`(select complaint_id from message where id = ${messageId})`)
    .where('state', 'not in', ['refused', 'cancelled'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Was one of these complaints entered into this channel, or is it on its way there? */
export async function forwardedTo(db: Db, complaintIds: readonly string[], channelId: string): Promise<boolean> {
  const row = await db
    .selectFrom('publication')
    .select('id')
    .where('complaint_id', 'in', complaintIds)
    .where('channel_id', '=', channelId)
    .where('kind', '=', 'forward')
    .where('state', 'not in', ['refused', 'cancelled'])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * A complaint on the sensitive hold publishes nothing, by hand neither: what waits for people is queued again. What
 * somebody is settling at this moment is left to them.
 */
export async function recallHeld(tx: Tx): Promise<void> {
  await sql`update publication set state = 'queued', needs_person = false, reason = null, explanation = null,
      next_at = now()
    where id in (select p.id from publication p join complaint c on c.id = p.complaint_id
      where p.state = 'assist' and c.sensitive for update of p skip locked)`.execute(tx);
}

/**
 * What people were to publish by now and did not: it is marked, and called for again after `againMs`. Returns which.
 * Nothing of a sensitive complaint is called for.
 */
export async function callOverdue(tx: Tx, againMs: number, explanation: string) {
  const { rows } = await sql<Pick<Publication, 'id' | 'complaint_id' | 'channel_id'>>`update publication
    set needs_person = true, reason = 'overdue', explanation = ${explanation},
      next_at = now() + ${againMs} * interval '1 millisecond'
    where id in (select id from publication where state = 'assist' and next_at <= now()
      and not exists (select 1 from complaint c where c.id = publication.complaint_id and c.sensitive)
      order by next_at limit 500
      for update skip locked)
    returning id, complaint_id, channel_id`.execute(tx);
  return rows;
}

export function lockPublication(tx: Tx, id: string): Promise<Publication | undefined> {
  return tx.selectFrom('publication').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

export type PublicationChange = Partial<
  Omit<NewPublication, 'target' | 'detail' | 'receipt' | 'attachment_ids' | 'parts'> & Pick<Publication, 'parts'>
>;

export async function changePublication(tx: Tx, id: string, change: PublicationChange): Promise<void> {
  const { parts, ...rest } = change;
  const divided = parts && { parts: sql<typeof parts>`${JSON.stringify(parts)}::jsonb` };
  await tx
    .updateTable('publication')
    .set({ ...rest, ...divided })
    .where('id', '=', id)
    .execute();
}

export function publicationsOfComplaint(db: Db, complaintId: string): Promise<Publication[]> {
  return db.selectFrom('publication').selectAll().where('complaint_id', '=', complaintId).orderBy('position').execute();
}

export function attemptsOf(db: Db, publicationIds: readonly string[]) {
  return db
    .selectFrom('publication_attempt')
    .selectAll()
    .where(sql<boolean>`publication_id = any(${publicationIds}::uuid[])`)
    .orderBy('publication_id')
    .orderBy('attempt')
    .execute();
}

export interface PublicationFilter {
  state?: readonly PublicationState[] | undefined;
  channel?: readonly string[] | undefined;
  complaint?: string | undefined;
  /** Only what waits for a person. */
  needsPerson?: boolean | undefined;
  /** Ids before this one. */
  before?: string | undefined;
  limit: number;
}

/** What went out and what is on its way, newest first; one row more than asked for shows that there are more. */
export function listPublications(db: Db, actor: Actor, filter: PublicationFilter) {
  const { state, channel, complaint, needsPerson, before, limit } = filter;
  return visiblePublications(db, actor)
    .$if(state !== undefined, (query) => query.where('publication.state', 'in', state ?? []))
    .$if(channel !== undefined, (query) => query.where('publication.channel_id', 'in', channel ?? []))
    .$if(complaint !== undefined, (query) => query.where('publication.complaint_id', '=', complaint ?? ''))
    .$if(needsPerson === true, (query) => query.where(WAITS))
    .$if(needsPerson === false, (query) => query.where(sql<boolean>`not (${WAITS})`))
    .$if(before !== undefined, (query) => query.where('publication.id', '<', before ?? ''))
    .orderBy('publication.id', 'desc')
    .limit(limit + 1)
    .execute();
}

export function findPublication(db: Db, actor: Actor, id: string) {
  return visiblePublications(db, actor).where('publication.id', '=', id).executeTakeFirst();
}

const visiblePublications = (db: Db, actor: Actor) =>
  db
    .selectFrom('publication')
    .innerJoin('complaint', 'complaint.id', 'publication.complaint_id')
    .selectAll('publication')
    .where(visibleTo(actor));

/** The complaint whose reporter a publication speaks to: of those that were merged, the one whose message it answers. */
export type Addressee = Pick<
  Complaint,
  'id' | 'ticket_no' | 'anonymous' | 'received_at' | 'agency_id' | 'unit_id' | 'sensitive' | 'sensitive_by'
>;

/** The same as `ownerOf` of core/family.ts, for many publications at once, also for complaints on hold. */
export async function addresseesOf(db: Db, publicationIds: readonly string[]): Promise<Map<string, Addressee>> {
  const { rows } = await sql<Addressee & { publication_id: string }>`
    select p.id as publication_id, o.id, o.ticket_no, o.anonymous, o.received_at, o.agency_id, o.unit_id, o.sensitive,
      o.sensitive_by
    from publication p
      left join message m on m.id = (p.target->>'messageId')::uuid
      left join complaint own on own.id = m.complaint_id
      left join lateral (select d.id from complaint d where d.merged_into = own.id
        and d.channel_id = m.channel_id and d.thread_id = m.thread_id
        and (own.channel_id, own.thread_id) is distinct from (d.channel_id, d.thread_id) limit 1) linked on true
      join complaint o on o.id = coalesce(linked.id, own.id, p.complaint_id)
    where p.id = any(${publicationIds}::uuid[])`.execute(db);
  return new Map(rows.map(({ publication_id, ...addressee }) => [publication_id, addressee]));
}

/** `waitsForPerson` of core/publication.ts, in the words of the index `publication_person`. */
const WAITS = sql<boolean>`(publication.needs_person or publication.state in ('refused','uncertain','assist'))
  and (publication.needs_person or publication.state in ('refused','assist'))`;

export interface ThreadAnswer {
  id: string;
  threadId: string;
  text: string;
  kind: Publication['kind'];
  complaint_id: string;
  state: PublicationState;
  /** May this person see its complaint? */
  visible: boolean;
}

/** What the hub answered in these threads, with its words; a receipt without its code. */
export async function answersInThreads(
  db: Db,
  actor: Actor,
  channelId: string,
  threadIds: readonly string[],
): Promise<ThreadAnswer[]> {
  if (threadIds.length === 0) return [];
  const { rows } = await sql<ThreadAnswer>`
    select p.id, p.target->>'threadId' as "threadId", p.text, p.kind, p.complaint_id, p.state,
      ${visibleTo(actor, 'c')} as visible
    from publication p join complaint c on c.id = p.complaint_id
    where p.channel_id = ${channelId} and p.target->>'threadId' = any(${threadIds}::text[])
      and p.kind in ('answer', 'receipt') and p.state in ('assist', 'published') order by p.id`.execute(db);
  return rows;
}
