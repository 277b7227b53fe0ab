import { sql } from 'kysely';
import { type Db, jsonb, type Tx } from './database.ts';
import type { Attachment, Draft, DraftTarget } from './schema.ts';

export interface NewDraft {
  id: string;
  complaintId: string;
  text: string;
  attachmentIds: string[];
  targets: DraftTarget[];
  contentHash: Buffer;
  authorId: string;
  at: Date;
}

/** A new version; the complaint's row must be locked, its number is the next one. Returns the number. */
export async function insertDraft(tx: Tx, draft: NewDraft): Promise<number> {
  const { id, complaintId, text, attachmentIds, targets, contentHash, authorId, at } = draft;
  const row = await tx
    .insertInto('draft')
    .values({
      ...{ id, complaint_id: complaintId, text, content_hash: contentHash, author_id: authorId, created_at: at },
      state: 'awaiting_approval',
      number: sql<number>`(select coalesce(max(number), 0) + 1 from draft where complaint_id = ${complaintId})`,
      attachment_ids: jsonb(attachmentIds),
      targets: sql<DraftTarget[]>`${JSON.stringify(targets)}::jsonb`,
    })
    .returning('number')
    .executeTakeFirstOrThrow();
  return row.number;
}

/** The versions that a newer one, or the end of the work, takes the place of. */
export async function supersedeDrafts(tx: Tx, complaintId: string): Promise<string[]> {
  const rows = await tx
    .updateTable('draft')
    .set({ state: 'superseded' })
    .where('complaint_id', '=', complaintId)
    .where('state', 'in', ['awaiting_approval', 'returned'])
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

export function findDraft(db: Db, id: string): Promise<Draft | undefined> {
  return db.selectFrom('draft').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function setDraftState(tx: Tx, id: string, state: Draft['state']): Promise<void> {
  await tx.updateTable('draft').set({ state }).where('id', '=', id).execute();
}

/** One approval per version, bound to its content. False: somebody else approved it first. */
export async function insertApproval(tx: Tx, draft: Draft, userId: string, at: Date): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('approval')
    .values({ draft_id: draft.id, content_hash: draft.content_hash, approved_by: userId, approved_at: at })
    .onConflict((on) => on.column('draft_id').doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** All versions of a complaint's answers, with who approved them. */
export function draftsOf(db: Db, complaintId: string) {
  return db
    .selectFrom('draft')
    .leftJoin('approval', 'approval.draft_id', 'draft.id')
    .leftJoin('app_user as author', 'author.id', 'draft.author_id')
    .leftJoin('app_user as approver', 'approver.id', 'approval.approved_by')
    .selectAll('draft')
    .select(['approval.approved_by', 'approval.approved_at', 'author.name as author_name'])
    .select('approver.name as approver_name')
    .where('draft.complaint_id', '=', complaintId)
    .orderBy('number')
    .execute();
}

/** Files that were uploaded for answers of this complaint, in the order asked for. Missing ones are left out. */
export async function uploadsOf(db: Db, complaintId: string, ids: readonly string[]): Promise<Attachment[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('attachment')
    .selectAll()
    .where('complaint_id', '=', complaintId)
    .where('id', 'in', ids)
    .where('uploaded_by', 'is not', null)
    .where('state', '=', 'stored')
    .execute();
  return ids.flatMap((id) => rows.find((row) => row.id === id) ?? []);
}

export interface Upload {
  id: string;
  /** `null`: it waits for the complaint that it comes with. */
  complaintId: string | null;
  name: string;
  mime: string;
  size: number;
  sha256: string;
  userId: string;
}

export async function insertUpload(tx: Tx, upload: Upload): Promise<void> {
  const { id, complaintId, name, mime, size, sha256, userId } = upload;
  await tx
    .insertInto('attachment')
    .values({
      ...{ id, complaint_id: complaintId, message_id: null, channel_id: null, position: 0 },
      ...{ name, mime, size, sha256, state: 'stored', uploaded_by: userId },
    })
    .execute();
}

/** Files that somebody uploaded for a complaint that did not exist yet become its own. Returns how many there were. */
export async function claimUploads(
  tx: Tx,
  userId: string,
  ids: readonly string[],
  place: { complaintId: string; messageId: string; channelId: string },
): Promise<number> {
  if (ids.length === 0) return 0;
  const { rows } =
    await sql`update attachment a set complaint_id = ${place.complaintId}, message_id = ${place.messageId},
      channel_id = ${place.channelId}, uploaded_by = null, position = o.position - 1
    from unnest(${[...new Set(ids)]}::uuid[]) with ordinality o(id, position)
    where a.id = o.id and a.uploaded_by = ${userId} and a.complaint_id is null and a.state = 'stored'
    returning a.id`.execute(tx);
  return rows.length;
}
