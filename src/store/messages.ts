import { sql } from 'kysely';
import { isPublic } from '#contract';
import type { Db, Tx } from './database.ts';
import type { Complaint, Message } from './schema.ts';

/** The messages of a complaint in the order in which they were written, with how many older versions each has. */
export function messagesOf(db: Db, complaintId: string) {
  return db
    .selectFrom('message')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('message_version')
        .select(sql<number>`count(*)::int`.as('count'))
        .whereRef('message_version.message_id', '=', 'message.id')
        .as('versions'),
    )
    .where('complaint_id', '=', complaintId)
    .orderBy('at')
    .orderBy('id')
    .execute();
}

/** Files of a complaint, without those of messages that were taken back. */
export function attachmentsOf(db: Db, complaintId: string) {
  return db
    .selectFrom('attachment')
    .select(['id', 'message_id', 'name', 'mime', 'size', 'sha256', 'state', 'reason', 'uploaded_by', 'created_at'])
    .where('complaint_id', '=', complaintId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('message')
            .select('message.id')
            .whereRef('message.id', '=', 'attachment.message_id')
            .where('message.deleted_at', 'is not', null),
        ),
      ),
    )
    .orderBy('message_id')
    .orderBy('position')
    .orderBy('id')
    .execute();
}

export function notesOf(db: Db, complaintId: string) {
  return db
    .selectFrom('note')
    .innerJoin('app_user', 'app_user.id', 'note.user_id')
    .select(['note.id', 'note.user_id', 'app_user.name', 'note.text', 'note.created_at'])
    .where('complaint_id', '=', complaintId)
    .orderBy('note.id')
    .execute();
}

export function messagesById(db: Db, ids: readonly string[]): Promise<Message[]> {
  return db
    .selectFrom('message')
    .selectAll()
    .where('id', 'in', [...ids, NOBODY])
    .execute();
}

/** `in ()` is no SQL; an id that nothing has makes an empty list a list. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * What the complaint's own citizen wrote last on a channel; what an answer goes to unless somebody says otherwise. What
 * reporters of merged complaints wrote is answered in their own threads.
 */
export function newestCitizenMessage(db: Db, complaintId: string, channelId: string): Promise<Message | undefined> {
  return db
    .selectFrom('message')
    .selectAll()
    .where('complaint_id', '=', complaintId)
    .where('channel_id', '=', channelId)
    .where('direction', '=', 'in')
    .where('automated', '=', false)
    .where('stranger', '=', false)
    .where('deleted_at', 'is', null)
    .where(sql<boolean>`not ${ofLinked(complaintId)}`)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Does a message of this complaint belong to the conversation with the reporter of one that was merged into it? */
const ofLinked = (complaintId: string) => sql`exists (
  select 1 from complaint linked join complaint own on own.id = linked.merged_into
  where linked.merged_into = ${complaintId} and linked.channel_id = message.channel_id
    and linked.thread_id = message.thread_id
    and (own.channel_id, own.thread_id) is distinct from (linked.channel_id, linked.thread_id))`;

/** What the citizen wrote last in one thread, wherever of these complaints it stands. */
export function newestInThread(
  db: Db,
  complaintIds: readonly string[],
  { channel_id, thread_id }: Pick<Message, 'channel_id' | 'thread_id'>,
): Promise<Message | undefined> {
  return db
    .selectFrom('message')
    .selectAll()
    .where('complaint_id', 'in', complaintIds)
    .where('channel_id', '=', channel_id)
    .where('thread_id', '=', thread_id)
    .where('direction', '=', 'in')
    .where('automated', '=', false)
    .where('stranger', '=', false)
    .where('deleted_at', 'is', null)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Reports of ours at portals, made for these complaints and still standing there. */
export function forwardedMessages(db: Db, complaintIds: readonly string[]): Promise<Message[]> {
  return db
    .selectFrom('message')
    .selectAll()
    .where('complaint_id', 'in', [...complaintIds, NOBODY])
    .where('direction', '=', 'out')
    .where('publication_id', 'is not', null)
    .where('parent_id', 'is', null)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute();
}

/** Who wrote in these complaints, encrypted, and whether everybody can read it where they wrote. */
export async function authorsOf(
  db: Db,
  complaintIds: readonly string[],
): Promise<{ complaint_id: string; channel_id: string; thread_id: string; public: boolean; author_sealed: Buffer }[]> {
  const rows = await db
    .selectFrom('message')
    .select(['complaint_id', 'channel_id', 'thread_id', 'surface', 'author_sealed'])
    .where('complaint_id', 'in', complaintIds)
    .where('direction', '=', 'in')
    .where('author_sealed', 'is not', null)
    .execute();
  return rows.map(({ surface, author_sealed, ...about }) => ({
    ...{ ...about, public: isPublic(surface) },
    author_sealed: author_sealed!,
  }));
}

/** When the citizen last wrote in the thread of this message: the reply window is counted from there. */
export async function lastCitizenAt(db: Db, message: Message): Promise<Date> {
  const row = await db
    .selectFrom('message')
    .select((eb) => eb.fn.max('at').as('at'))
    .where('complaint_id', '=', message.complaint_id)
    .where('channel_id', '=', message.channel_id)
    .where('thread_id', '=', message.thread_id)
    .where('direction', '=', 'in')
    .executeTakeFirst();
  return row?.at ?? message.at;
}

/** What the reporter of a merged complaint wrote since: it stands in the one that took it in, in the reporter's own thread. */
export async function lateMessages(
  tx: Tx,
  { merged_into, channel_id, thread_id }: Pick<Complaint, 'merged_into' | 'channel_id' | 'thread_id'>,
): Promise<string[]> {
  const rows = await tx
    .selectFrom('message')
    .innerJoin('complaint', 'complaint.id', 'message.complaint_id')
    .select('message.id')
    .where('message.complaint_id', '=', merged_into)
    .where('message.channel_id', '=', channel_id)
    .where('message.thread_id', '=', thread_id)
    .where(
      sql<boolean>`(complaint.channel_id, complaint.thread_id) is distinct from (message.channel_id, message.thread_id)`,
    )
    .orderBy('message.id')
    .execute();
  return rows.map((row) => row.id);
}

/** Hands messages, with their attachments, to another complaint. Returns how many. */
export async function moveMessages(tx: Tx, ids: readonly string[], to: string): Promise<void> {
  await tx.updateTable('message').set({ complaint_id: to }).where('id', 'in', ids).execute();
  await tx.updateTable('attachment').set({ complaint_id: to }).where('message_id', 'in', ids).execute();
}

export async function countCitizenMessages(tx: Tx, complaintId: string, without: readonly string[]): Promise<number> {
  const row = await tx
    .selectFrom('message')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('complaint_id', '=', complaintId)
    .where('direction', '=', 'in')
    .where('id', 'not in', [...without, NOBODY])
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function insertNote(tx: Tx, note: { id: string; complaintId: string; userId: string; text: string }) {
  const { id, complaintId, userId, text } = note;
  await tx.insertInto('note').values({ id, complaint_id: complaintId, user_id: userId, text }).execute();
}

/** The reporter's contact as it is stored: encrypted. */
export async function sealedContact(db: Db, reporterId: string): Promise<Buffer | null> {
  const row = await db.selectFrom('reporter').select('contact').where('id', '=', reporterId).executeTakeFirst();
  return row?.contact ?? null;
}
