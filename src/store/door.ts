import { sql } from 'kysely';
import { STATES, type State } from '#contract';
import type { Db } from './database.ts';
import type { Complaint } from './schema.ts';

/** What the citizen's own door reads of the register. */

export type DoorComplaint = Pick<
  Complaint,
  | 'anonymous' | 'id' | 'ticket_no' | 'state' | 'channel_id' | 'thread_id' | 'agency_id' | 'sensitive' | 'secret' | 'received_at'
  | 'merged_into' | 'opening_message_id' | 'reporter_id'
>; // biome-ignore format: one glance

const COLUMNS = [
  'anonymous', 'id', 'ticket_no', 'state', 'channel_id', 'thread_id', 'agency_id', 'sensitive', 'secret', 'received_at',
  'merged_into', 'opening_message_id', 'reporter_id',
] as const satisfies readonly (keyof DoorComplaint)[]; // biome-ignore format: one glance

export function complaintByTicket(db: Db, ticketNo: string): Promise<DoorComplaint | undefined> {
  return db.selectFrom('complaint').select(COLUMNS).where('ticket_no', '=', ticketNo).executeTakeFirst();
}

export function doorComplaint(db: Db, id: string, { lock = false } = {}): Promise<DoorComplaint | undefined> {
  const query = db.selectFrom('complaint').select(COLUMNS).where('id', '=', id);
  return (lock ? query.forUpdate() : query).executeTakeFirst();
}

/** When a complaint came into which state, oldest first. */
export async function stepsOf(db: Db, complaintId: string): Promise<{ at: Date; to: State }[]> {
  const { rows } = await sql<{ at: Date; to: State }>`
    select at, coalesce(data->>'to', data->>'state') as to from event
    where complaint_id = ${complaintId} and coalesce(data->>'to', data->>'state') = any(${STATES}::text[])
    order by seq`.execute(db);
  return rows;
}

export interface OwnMessage {
  id: string;
  at: Date;
  text: string;
  title: string | null;
}

/**
 * What the reporter of this complaint wrote themselves: the opening, what the same person wrote in it, and the whole
 * conversation of the form, also where a merge took it to the parent. What others wrote in the same complaint is not theirs.
 */
export function ownMessages(db: Db, complaint: DoorComplaint, doorId: string): Promise<OwnMessage[]> {
  const { id, merged_into, opening_message_id, reporter_id, channel_id, thread_id } = complaint;
  return db
    .selectFrom('message')
    .select(['id', 'at', 'text', 'title'])
    .where('complaint_id', 'in', merged_into ? [id, merged_into] : [id])
    .where('direction', '=', 'in')
    .where('deleted_at', 'is', null)
    .where('stranger', '=', false)
    .where((is) =>
      is.or([
        ...(opening_message_id ? [is('id', '=', opening_message_id)] : []),
        ...(reporter_id ? [is.and([is('complaint_id', '=', id), is('reporter_id', '=', reporter_id)])] : []),
        ...(channel_id === doorId ? [is.and([is('channel_id', '=', doorId), is('thread_id', '=', thread_id)])] : []),
      ]),
    )
    .orderBy('at')
    .orderBy('id')
    .limit(200)
    .execute();
}

export interface StandingAnswer {
  id: string;
  at: Date;
  text: string;
  channelId: string;
  draftId: string | null;
  attachmentIds: string[];
}

/** Answers to these messages that surely stand where they were sent, whichever complaint they were written for. */
export async function standingAnswers(db: Db, messageIds: readonly string[]): Promise<StandingAnswer[]> {
  if (messageIds.length === 0) return [];
  const { rows } = await sql<StandingAnswer>`
    select id, coalesce(published_at, created_at) as at, text, channel_id as "channelId", draft_id as "draftId",
      attachment_ids as "attachmentIds"
    from publication where kind = 'answer' and state = 'published' and target->>'messageId' = any(${messageIds}::text[])
    order by published_at, position limit 200`.execute(db);
  return rows;
}

export interface DoorFile {
  id: string;
  messageId: string | null;
  name: string;
  size: number;
  sha256: string;
}

/** Files that are here: those of these messages, and these themselves. */
export async function doorFiles(
  db: Db,
  { messageIds, ids }: { messageIds: readonly string[]; ids: readonly string[] },
): Promise<DoorFile[]> {
  const { rows } = await sql<DoorFile>`
    select id, message_id as "messageId", name, size, sha256 from attachment
    where state = 'stored' and sha256 is not null
      and (message_id = any(${messageIds}::uuid[]) or id = any(${ids}::uuid[]))
    order by position, id`.execute(db);
  return rows;
}

/** Which complaint an entry of this channel became, and when it came. */
export async function enteredAs(
  db: Db,
  channelId: string,
  keyHash: Buffer,
): Promise<{ complaintId: string; receivedAt: Date } | undefined> {
  const row = await db
    .selectFrom('source_item')
    .select(['complaint_id', 'received_at'])
    .where('channel_id', '=', channelId)
    .where('key_hash', '=', keyHash)
    .executeTakeFirst();
  return row?.complaint_id ? { complaintId: row.complaint_id, receivedAt: row.received_at } : undefined;
}

/**
 * Counts one more try for this subject, in all processes together, and says how many there were within the span.
 * Old counts go with the way.
 */
export async function countGuess(
  db: Db,
  subject: Buffer,
  { at, spanMs }: { at: Date; spanMs: number },
): Promise<number> {
  const begin = new Date(at.getTime() - spanMs);
  await sql`delete from door_guess where since < ${begin} and subject <> ${subject}`.execute(db);
  const { rows } = await sql<{ tries: number }>`
    insert into door_guess as g (subject, since, tries) values (${subject}, ${at}, 1)
    on conflict (subject) do update set
      tries = case when g.since < ${begin} then 1 else g.tries + 1 end,
      since = case when g.since < ${begin} then excluded.since else g.since end
    returning tries`.execute(db);
  return rows[0]?.tries ?? 1;
}

export async function forgetGuesses(db: Db, subject: Buffer): Promise<void> {
  await db.deleteFrom('door_guess').where('subject', '=', subject).execute();
}
