import { publicState } from '../core/labels.ts';
import { fillTemplate, localTime } from '../core/receipt.ts';
import { sha256 } from '../core/sealed.ts';
import { newId, type Tx } from '../store/database.ts';
import type { OutboxEntry } from '../store/outbox.ts';
import { lastStatuses } from '../store/outgoing.ts';
import type { Complaint, Message, NewPublication } from '../store/schema.ts';
import { type FlowDeps, findChannel } from './deps.ts';
import { targetOf } from './publish/row.ts';

/** What the hub publishes by itself: receipts and statuses. Never on a public surface, never of a sensitive complaint. */

/** A receipt goes to a person, once. */
export async function receiptFor(deps: FlowDeps, tx: Tx, complaint: Complaint): Promise<NewPublication | null> {
  const channel = findChannel(deps.config, complaint.channel_id);
  const publish = channel && deps.adapters[channel.adapter]?.publish;
  const { receipt } = deps.config.hub.policies;
  const wanted = receipt.enabled && channel?.publish.receipts && complaint.ticket_no && !complaint.sensitive;
  if (!wanted || !publish || complaint.public || !publish.surfaces.includes(complaint.surface)) return null;
  const message = await openingMessage(tx, complaint);
  if (!message || message.automated || message.direction === 'out') return null;
  const text = fillTemplate(receipt.text, {
    ticketNo: complaint.ticket_no ?? '',
    time: localTime(complaint.received_at, deps.config.hub.site.timezone),
    channel: channel.label,
    site: deps.config.hub.site.name,
  }).trim();
  return { ...about(message), kind: 'receipt', text, detail: null };
}

/**
 * A change of state is told to a source that takes statuses. Each is a fact of its own, in its order; two states that
 * look the same from outside are told once.
 */
export async function statusesFor(deps: FlowDeps, tx: Tx, entries: readonly OutboxEntry[]): Promise<NewPublication[]> {
  const changes = entries.filter((entry) => entry.state !== null);
  if (changes.length === 0) return [];
  const ids = [...new Set(changes.map((entry) => entry.complaint_id))];
  const complaints = new Map(
    (await tx.selectFrom('complaint').selectAll().where('id', 'in', ids).execute()).map((row) => [row.id, row]),
  );
  const told = await lastStatuses(tx, ids);
  const publications: NewPublication[] = [];
  for (const entry of changes.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const complaint = complaints.get(entry.complaint_id);
    const outside = entry.state && publicState(entry.state);
    if (!complaint || !outside || told.get(complaint.id) === outside.label || !takesStatus(deps, complaint)) continue;
    const message = await openingMessage(tx, complaint);
    if (!message) continue;
    told.set(complaint.id, outside.label);
    publications.push({ ...about(message), kind: 'status', text: '', detail: outside });
  }
  return publications;
}

function takesStatus(deps: FlowDeps, complaint: Complaint): boolean {
  const channel = findChannel(deps.config, complaint.channel_id);
  if (!channel?.publish.statuses || complaint.public || complaint.sensitive) return false;
  return deps.adapters[channel.adapter]?.pushStatus !== undefined;
}

function openingMessage(tx: Tx, complaint: Complaint): Promise<Message | undefined> {
  return tx
    .selectFrom('message')
    .selectAll()
    .where('id', '=', complaint.opening_message_id ?? '')
    .executeTakeFirst();
}

function about(message: Message) {
  return {
    id: newId(),
    complaint_id: message.complaint_id,
    channel_id: message.channel_id,
    target_hash: sha256(message.id),
    target: targetOf(message),
  };
}
