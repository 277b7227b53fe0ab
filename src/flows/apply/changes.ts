import { sql } from 'kysely';
import type { DeletionItem, MessageItem, ReceiptItem, StatusItem } from '#contract';
import { titleOf } from '../../core/text.ts';
import { isNewer } from '../../core/thread.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { jsonb, type Tx } from '../../store/database.ts';
import { refreshSearch } from '../../store/register.ts';
import type { Message } from '../../store/schema.ts';
import { attachmentRows, textHash } from './rows.ts';
import type { Workset } from './workset.ts';

/** Changes to what stands in the register already. Each writes at once; the caller has flushed what they refer to. */

/** Another version of a message: an edit, or the original that comes after its edit. Returns false when it says nothing new. */
export async function applyVersion(
  set: Workset,
  keyring: Keyring,
  item: MessageItem,
  messageId: string,
  actor: string,
): Promise<boolean> {
  const { tx } = set;
  const message = await lockMessage(tx, messageId);
  const isOriginal = !item.edited;
  const candidate = { at: new Date(item.at), hash: textHash(item.title, item.text) };
  const standing = { at: message.version_at, hash: textHash(message.title, message.text) };
  if (isOriginal && message.created_seen && candidate.hash.equals(standing.hash)) return false;
  if (await versionKnown(tx, messageId, candidate, standing, isOriginal && !message.created_seen)) return false;

  await keepVersions(tx, messageId, [
    { ...standing, title: message.title, text: message.text },
    { ...candidate, title: item.title ?? null, text: item.text },
  ]);
  const newer = isNewer(candidate, standing);
  await tx
    .updateTable('message')
    .set({
      ...(newer ? { title: item.title ?? null, text: item.text, version_at: candidate.at } : {}),
      ...(isOriginal ? { created_seen: true, at: candidate.at } : { edited: true }),
      ...(message.author_sealed === null && item.author
        ? { author_sealed: keyring.encryptJson(item.author as Record<string, string>, 'author') }
        : {}),
    })
    .where('id', '=', messageId)
    .execute();
  await addMissingAttachments(set, keyring, item, message);
  await carryToComplaint(set, item, message, newer, candidate.at);
  set.addEvent({
    complaintId: message.complaint_id,
    actor,
    type: isOriginal ? 'message.original' : 'message.edited',
    data: { messageId, sha256: candidate.hash.toString('hex'), stands: newer },
  });
  set.addOutbox(message.complaint_id, 'edited', set.now);
  return true;
}

function lockMessage(tx: Tx, id: string): Promise<Message> {
  return tx.selectFrom('message').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow();
}

async function versionKnown(
  tx: Tx,
  messageId: string,
  candidate: { at: Date; hash: Buffer },
  standing: { at: Date; hash: Buffer },
  firstOriginal: boolean,
): Promise<boolean> {
  if (firstOriginal) return false;
  if (candidate.at.getTime() === standing.at.getTime() && candidate.hash.equals(standing.hash)) return true;
  const row = await tx
    .selectFrom('message_version')
    .select('at')
    .where('message_id', '=', messageId)
    .where('at', '=', candidate.at)
    .where('hash', '=', candidate.hash)
    .executeTakeFirst();
  return row !== undefined;
}

async function keepVersions(
  tx: Tx,
  messageId: string,
  versions: readonly { at: Date; hash: Buffer; title: string | null; text: string }[],
): Promise<void> {
  const rows = versions.map((version) => ({ message_id: messageId, ...version }));
  await tx
    .insertInto('message_version')
    .values(rows)
    .onConflict((on) => on.doNothing())
    .execute();
}

async function addMissingAttachments(
  set: Workset,
  keyring: Keyring,
  item: MessageItem,
  message: Message,
): Promise<void> {
  if (!item.attachments?.length) return;
  const { count } = await set.tx
    .selectFrom('attachment')
    .select((row) => row.fn.countAll<string>().as('count'))
    .where('message_id', '=', message.id)
    .executeTakeFirstOrThrow();
  const ids = { messageId: message.id, complaintId: message.complaint_id };
  const rows = attachmentRows(keyring, set.channel, item, ids, Number(count));
  if (rows.length > 0) await set.tx.insertInto('attachment').values(rows).execute();
}

/** What the opening message says, the complaint says; an original that comes late also fills what its edit left out. */
async function carryToComplaint(
  set: Workset,
  item: MessageItem,
  message: Message,
  newer: boolean,
  at: Date,
): Promise<void> {
  const { tx } = set;
  const body = newer ? item.text : message.text;
  const title = await newestTitle(tx, message.id);
  const opening = tx
    .updateTable('complaint')
    .set((row) => ({
      body,
      title: (title ?? titleOf(body)) || null,
      kind: row.fn.coalesce('kind', sql<typeof item.kind & string>`${item.kind ?? null}`),
      category: row.fn.coalesce('category', sql<string>`${item.category ?? null}`),
      permalink: row.fn.coalesce('permalink', sql<string>`${item.permalink ?? null}`),
      rating: item.rating ?? row.ref('rating'),
      occurred_at: row.fn.coalesce('occurred_at', sql<Date>`${item.occurredAt ?? null}::timestamptz`),
      ...(item.location ? { location: jsonb(item.location as never) } : {}),
    }))
    .where('id', '=', message.complaint_id)
    .where('opening_message_id', '=', message.id);
  if (!item.fromUs) await opening.execute();
  if (!item.fromUs) {
    await tx
      .updateTable('complaint')
      .set({ last_activity_at: sql<Date>`greatest(last_activity_at, ${at}::timestamptz)` })
      .where('id', '=', message.complaint_id)
      .execute();
  }
  await refreshSearch(tx, [message.complaint_id]);
}

/** An edit often leaves the title out; the newest one that was given stands. */
async function newestTitle(tx: Tx, messageId: string): Promise<string | null> {
  const row = await tx
    .selectFrom('message_version')
    .select('title')
    .where('message_id', '=', messageId)
    .where('title', 'is not', null)
    .orderBy('at', 'desc')
    .orderBy('hash', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.title ?? null;
}

/** A tombstone: not shown any more, kept for its retention class. Final. */
export async function applyDeletion(
  set: Workset,
  item: DeletionItem,
  target: { messageId: string; complaintId: string },
  actor: string,
): Promise<void> {
  await set.tx
    .updateTable('message')
    .set({ deleted_at: sql<Date>`least(coalesce(deleted_at, ${item.at}::timestamptz), ${item.at}::timestamptz)` })
    .where('id', '=', target.messageId)
    .execute();
  const { complaintId, messageId } = target;
  set.addEvent({ complaintId, actor, type: 'message.deleted', data: { messageId } });
  set.addOutbox(complaintId, 'deleted', set.now);
}

/** The source's own status; the newer event time wins, equal times are settled by the code. */
export async function applyStatus(set: Workset, item: StatusItem, complaintId: string, actor: string): Promise<void> {
  const status = { code: item.code, label: item.label ?? null, at: new Date(item.at).toISOString() };
  await set.tx
    .updateTable('complaint')
    .set({ source_status: jsonb(status) as never })
    .where('id', '=', complaintId)
    .where((on) =>
      on.or([
        sql<boolean>`coalesce(source_status, 'null') = 'null'`,
        sql<boolean>`((source_status->>'at')::timestamptz, source_status->>'code') < (${status.at}::timestamptz, ${status.code})`,
      ]),
    )
    .execute();
  set.addEvent({ complaintId, actor, type: 'source.status', data: { code: item.code } });
  set.addOutbox(complaintId, 'status', set.now);
}

const BAD_RECEIPTS: ReadonlySet<ReceiptItem['state']> = new Set(['rejected', 'removed', 'failed']);

/** What became of something we published. Bad news goes to a person. */
export async function applyReceipt(
  set: Workset,
  item: ReceiptItem,
  publicationId: string,
  actor: string,
): Promise<string> {
  const receipt = {
    state: item.state,
    at: new Date(item.at).toISOString(),
    ...(item.reason ? { reason: item.reason } : {}),
  };
  const bad = BAD_RECEIPTS.has(item.state);
  const explanation = `Platform melaporkan jawaban ini "${item.state}"${item.reason ? `: ${item.reason}` : ''}. Periksa di platform, lalu tulis jawaban baru bila perlu.`;
  const row = await set.tx
    .updateTable('publication')
    .set({ receipt: jsonb(receipt) as never, ...(bad ? { needs_person: true, explanation } : {}) })
    .where('id', '=', publicationId)
    .where((on) =>
      on.or([
        sql<boolean>`coalesce(receipt, 'null') = 'null'`,
        sql<boolean>`(receipt->>'at')::timestamptz <= ${receipt.at}::timestamptz`,
      ]),
    )
    .returning('complaint_id')
    .executeTakeFirst();
  if (row)
    set.addEvent({
      complaintId: row.complaint_id,
      actor,
      type: 'publication.receipt',
      data: { publicationId, state: item.state },
    });
  return row?.complaint_id ?? publicationId;
}
