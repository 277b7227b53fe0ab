import { sql } from 'kysely';
import { type Db, newId } from './database.ts';
import type { Attachment } from './schema.ts';

/** Takes attachments whose content is to be fetched; they come back after `leaseMs` if nobody settles them. */
export async function claimAttachments(
  db: Db,
  channelId: string,
  limit: number,
  leaseMs: number,
): Promise<Attachment[]> {
  const { rows } = await sql<Attachment>`
    update attachment a set tries = a.tries + 1, next_at = now() + ${leaseMs} * interval '1 millisecond'
    from (
      select id from attachment where channel_id = ${channelId} and state = 'waiting' and next_at <= now()
      order by next_at limit ${limit} for update skip locked
    ) w where a.id = w.id returning a.*`.execute(db);
  return rows;
}

export async function storeAttachment(
  db: Db,
  id: string,
  stored: { name: string; mime: string | null; size: number; sha256: string },
): Promise<void> {
  await db
    .updateTable('attachment')
    .set({ ...stored, state: 'stored', reason: null, source_sealed: null })
    .where('id', '=', id)
    .execute();
}

export async function failAttachment(
  db: Db,
  id: string,
  outcome: { state: 'failed' | 'refused' | 'waiting'; reason: string; afterMs: number },
): Promise<void> {
  await db
    .updateTable('attachment')
    .set({
      state: outcome.state,
      reason: outcome.reason,
      next_at: sql<Date>`now() + ${outcome.afterMs} * interval '1 millisecond'`,
    })
    .where('id', '=', id)
    .execute();
}

/** A file that the store holds. */
export interface StoredFile {
  name: string;
  mime: string;
  size: number;
  sha256: string;
}

/** Files that came with a message and need not be fetched. */
export async function insertStoredFiles(
  db: Db,
  files: readonly StoredFile[],
  place: { messageId: string; complaintId: string; channelId: string },
): Promise<void> {
  if (files.length === 0) return;
  const { messageId: message_id, complaintId: complaint_id, channelId: channel_id } = place;
  const about = { message_id, complaint_id, channel_id, state: 'stored' as const };
  const rows = files.map(({ name, mime, size, sha256 }, position) => ({
    ...{ id: newId(), ...about, position, name, mime, size, sha256 },
  }));
  await db.insertInto('attachment').values(rows).execute();
}

export async function waitingAttachmentChannels(db: Db, ms: number): Promise<string[]> {
  const { rows } = await sql<{ channel_id: string }>`select distinct channel_id from attachment
    where state = 'waiting' and next_at < now() - ${ms} * interval '1 millisecond' and channel_id is not null`.execute(
    db,
  );
  return rows.map((row) => row.channel_id);
}

/** Files of a message that are here, in their order. */
export async function storedFilesOf(db: Db, messageId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('attachment')
    .select('id')
    .where('message_id', '=', messageId)
    .where('state', '=', 'stored')
    .orderBy('position')
    .limit(20)
    .execute();
  return rows.map((row) => row.id);
}
