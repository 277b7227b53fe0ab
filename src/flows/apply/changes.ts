import type { Author, DeletionItem, MessageItem, ReceiptItem, State, StatusItem } from '#contract';
import { supersedes } from '../../core/receiptOrder.ts';
import { stateBySource } from '../../core/sourceStatus.ts';
import { titleOf } from '../../core/text.ts';
import { isNewer } from '../../core/thread.ts';
import { ENDED } from '../../core/workflow.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { changeComplaint } from '../../store/complaints.ts';
import { supersedeDrafts } from '../../store/drafts.ts';
import { complaintById, refreshSearch } from '../../store/register.ts';
import type { Message } from '../../store/schema.ts';
import {
  carryOpening,
  countAttachments,
  hasVersion,
  keepVersions,
  lockMessage,
  lockReceipt,
  moveActivity,
  newestTitle,
  reconsider,
  SEALED,
  type StoredVersion,
  setReceipt,
  setSourceStatus,
  setTombstone,
} from '../../store/versions.ts';
import { attachmentRows, textHash } from './rows.ts';
import type { Workset } from './workset.ts';

/** Changes to what stands in the register already. Each writes at once; the caller has flushed what they refer to. */

/** Another version of a message: an edit, or the original that comes after its edit. Returns false when it says nothing new. */
export async function applyVersion(
  set: Workset,
  keyring: Keyring,
  item: MessageItem,
  { messageId, sourceItemId }: { messageId: string; sourceItemId: string },
  actor: string,
): Promise<boolean> {
  const message = await lockMessage(set.tx, messageId);
  const candidate = versionOf(new Date(item.at), item.title ?? null, item.text);
  const standing = versionOf(message.version_at, message.title, message.text);
  if (await isKnown(set, item, message, candidate, standing)) return false;

  await keepVersions(set.tx, messageId, [standing, candidate]);
  const newer = isNewer(candidate, standing);
  await changeMessage(set, keyring, item, message, newer ? candidate : null);
  await addMissingAttachments(set, keyring, item, { messageId, complaintId: message.complaint_id, sourceItemId });
  if (!item.fromUs) await carryToComplaint(set, item, message, newer);
  if (newer && (await reconsider(set.tx, message))) {
    set.addEvent({ complaintId: message.complaint_id, actor, type: 'complaint.reconsidered', data: { messageId } });
  }
  set.addEvent({
    complaintId: message.complaint_id,
    actor,
    type: item.edited ? 'message.edited' : 'message.original',
    data: { messageId, sha256: candidate.hash.toString('hex'), stands: newer },
  });
  set.addOutbox(message.complaint_id, 'edited', set.now);
  return true;
}

const versionOf = (at: Date, title: string | null, text: string): StoredVersion => ({
  at,
  hash: textHash(title, text),
  title,
  text,
});

/** The original after its edit always is news: only it knows when the message was written. */
async function isKnown(
  set: Workset,
  item: MessageItem,
  message: Message,
  candidate: StoredVersion,
  standing: StoredVersion,
): Promise<boolean> {
  if (!item.edited && !message.created_seen) return false;
  const sameText = candidate.hash.equals(standing.hash);
  if (sameText && (!item.edited || candidate.at.getTime() === standing.at.getTime())) return true;
  return hasVersion(set.tx, message.id, candidate);
}

async function changeMessage(
  set: Workset,
  keyring: Keyring,
  item: MessageItem,
  message: Message,
  now: StoredVersion | null,
): Promise<void> {
  const author = message.author_sealed === null ? item.author : undefined;
  await set.tx
    .updateTable('message')
    .set({
      ...(now ? { title: now.title, text: now.text, version_at: now.at } : {}),
      ...(item.edited ? { edited: true } : { created_seen: true, at: new Date(item.at) }),
      ...(author ? { author_sealed: keyring.encryptJson(author as Author & Record<string, string>, 'author') } : {}),
    })
    .where('id', '=', message.id)
    .execute();
}

async function addMissingAttachments(
  set: Workset,
  keyring: Keyring,
  item: MessageItem,
  ids: { messageId: string; complaintId: string; sourceItemId: string },
): Promise<void> {
  if (!item.attachments?.length) return;
  const rows = attachmentRows(keyring, set.channel, item, ids, await countAttachments(set.tx, ids.messageId));
  if (rows.length > 0) await set.tx.insertInto('attachment').values(rows).execute();
}

async function carryToComplaint(set: Workset, item: MessageItem, message: Message, newer: boolean): Promise<void> {
  const { tx } = set;
  const body = newer ? item.text : message.text;
  const title = ((await newestTitle(tx, message.id)) ?? titleOf(body)) || null;
  // What was taken back is shown no more, whatever comes after it.
  await carryOpening(tx, message, item, message.deleted_at ? SEALED : { body, title });
  await moveActivity(tx, message.complaint_id, new Date(item.at));
  await refreshSearch(tx, [message.complaint_id]);
}

/** A tombstone: not shown any more, kept for its retention class. Final. */
export async function applyDeletion(
  set: Workset,
  item: DeletionItem,
  target: { messageId: string; complaintId: string },
  actor: string,
): Promise<void> {
  const { complaintId, messageId } = target;
  await setTombstone(set.tx, messageId, item.at);
  await refreshSearch(set.tx, [complaintId]);
  set.addEvent({ complaintId, actor, type: 'message.deleted', data: { messageId } });
  set.addOutbox(complaintId, 'deleted', set.now);
}

/** The source's own status, kept verbatim beside ours. */
export async function applyStatus(set: Workset, item: StatusItem, complaintId: string, actor: string): Promise<void> {
  const status = { code: item.code, label: item.label ?? null, at: new Date(item.at).toISOString() };
  const newest = await setSourceStatus(set.tx, complaintId, status);
  set.addEvent({ complaintId, actor, type: 'source.status', data: { code: item.code } });
  if (item.unknown) set.addEvent({ complaintId, actor, type: 'source.status_unknown', data: { code: item.code } });
  if (newest && item.state) await moveBySource(set, complaintId, item.state, actor);
  set.addOutbox(complaintId, 'status', set.now);
}

/** What the source says is not told back to it: the outbox entry names no state. */
async function moveBySource(set: Workset, complaintId: string, meant: State, actor: string): Promise<void> {
  const from = (await complaintById(set.tx, complaintId))?.state;
  const to = from && stateBySource(from, meant);
  if (!to) return;
  const ended = ENDED.includes(to);
  await changeComplaint(set.tx, complaintId, { state: to, ...(ended && { closed_at: set.now }) });
  if (ended || from === 'awaiting_approval') await supersedeDrafts(set.tx, complaintId);
  set.addEvent({ complaintId, actor, type: 'source.moved', data: { from, to } });
}

const BAD_RECEIPTS: ReadonlySet<ReceiptItem['state']> = new Set(['rejected', 'removed', 'failed']);

/** What became of something we published. Bad news goes to a person. */
export async function applyReceipt(
  set: Workset,
  item: ReceiptItem,
  publicationId: string,
  actor: string,
): Promise<string | null> {
  const { state, reason } = item;
  const receipt = { state, at: new Date(item.at).toISOString(), ...(reason ? { reason } : {}) };
  const words = `Platform melaporkan jawaban ini "${state}"${reason ? `: ${reason}` : ''}.`;
  const person = { explanation: `${words} Periksa di platform, lalu tulis jawaban baru bila perlu.` };
  if (!supersedes(receipt, await lockReceipt(set.tx, publicationId))) return null;
  const complaintId = await setReceipt(set.tx, publicationId, receipt, BAD_RECEIPTS.has(state) ? person : undefined);
  if (!complaintId) return null;
  set.addEvent({ complaintId, actor, type: 'publication.receipt', data: { publicationId, state } });
  return complaintId;
}
