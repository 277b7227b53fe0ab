import type { Json } from '#contract';
import { fillTemplate, localTime } from '../core/receipt.ts';
import { matchingRules } from '../core/routing.ts';
import { sha256 } from '../core/sealed.ts';
import { newTicketNo } from '../core/ticket.ts';
import { saveRouting } from '../store/complaints.ts';
import { newId, type Tx } from '../store/database.ts';
import { appendEvents, type NewEvent } from '../store/events.ts';
import { claimDue, finishOutbox } from '../store/outbox.ts';
import { insertPublications } from '../store/publications.ts';
import type { Complaint, Message, NewPublication } from '../store/schema.ts';
import { type FlowDeps, findChannel } from './deps.ts';
import { targetOf } from './publish/row.ts';

const BATCH = 100;

/**
 * Takes complaint events that are due: routing rules, start of the workflow, receipt. The queue's job only says when to
 * look; what was done stands in the rows, so a job that comes twice, late or never changes nothing.
 */
export async function drainTriage(deps: FlowDeps): Promise<void> {
  while (!deps.signal.aborted) {
    const done = await deps.db.transaction().execute((tx) => triageBatch(deps, tx));
    if (done === null) return;
    for (const channelId of done) void deps.wake('publish', channelId);
  }
}

async function triageBatch(deps: FlowDeps, tx: Tx): Promise<Set<string> | null> {
  const entries = await claimDue(tx, BATCH);
  if (entries.length === 0) return null;
  const opened = entries.filter((entry) => entry.type === 'created').map((entry) => entry.complaint_id);
  const complaints = await untriaged(tx, opened);
  const receipts: NewPublication[] = [];
  const events: NewEvent[] = [];
  const routed = complaints.map((complaint) => {
    const { changes, events: happened } = route(deps, complaint);
    events.push(...happened);
    return { ...complaint, ...changes };
  });
  await saveRouting(tx, routed, deps.clock.now());
  for (const complaint of routed) {
    const receipt = await receiptFor(deps, tx, complaint);
    if (receipt) receipts.push(receipt);
  }
  const added = new Set(await insertPublications(tx, receipts));
  const queued = receipts.filter((row) => added.has(row.id));
  events.push(...queued.map(queuedEvent));
  await appendEvents(tx, events, deps.clock.now());
  await finishOutbox(
    tx,
    entries.map((entry) => entry.id),
  );
  return new Set(queued.map((row) => row.channel_id));
}

function untriaged(tx: Tx, ids: readonly string[]): Promise<Complaint[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return tx
    .selectFrom('complaint')
    .selectAll()
    .where('id', 'in', ids)
    .where('triaged_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute();
}

type Changes = Partial<
  Pick<Complaint, 'agency_id' | 'unit_id' | 'kind' | 'category' | 'state' | 'ticket_no' | 'sensitive'>
>;

/** What the rules make of a complaint: the first rule that names a thing decides it. */
function route(deps: FlowDeps, complaint: Complaint): { changes: Changes; events: NewEvent[] } {
  const rules = matchingRules(deps.config.hub.routing, {
    channel: complaint.channel_id,
    adapter: complaint.adapter,
    surface: complaint.surface,
    kind: complaint.kind,
    category: complaint.category,
    text: `${complaint.title ?? ''} ${complaint.body}`,
  });
  const changes: Changes = {};
  for (const { then } of rules) {
    if (then.agency && changes.agency_id === undefined) {
      changes.agency_id = then.agency;
      changes.unit_id = then.unit ?? null;
    }
    if (then.kind) changes.kind ??= then.kind;
    if (then.category) changes.category ??= then.category;
    if (then.sensitive) changes.sensitive = true;
    if (complaint.state === 'new' && changes.state === undefined) {
      if (then.accept) Object.assign(changes, { state: 'received', ticket_no: newTicketNo() } as const);
      else if (then.dismiss) changes.state = 'not_complaint';
    }
  }
  if (Object.keys(changes).length === 0) return { changes, events: [] };
  const data = Object.fromEntries(Object.entries(changes).filter(([key]) => key !== 'ticket_no')) as Record<
    string,
    Json
  >;
  return { changes, events: [{ complaintId: complaint.id, actor: 'hub', type: 'complaint.routed', data }] };
}

/** A receipt goes out only where it is private, to a person, once, and never for a sensitive complaint. */
async function receiptFor(deps: FlowDeps, tx: Tx, complaint: Complaint): Promise<NewPublication | null> {
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
  return {
    id: newId(),
    complaint_id: complaint.id,
    channel_id: complaint.channel_id,
    kind: 'receipt',
    target_hash: sha256(message.id),
    target: targetOf(message),
    text,
    detail: null,
  };
}

function openingMessage(tx: Tx, complaint: Complaint): Promise<Message | undefined> {
  return tx
    .selectFrom('message')
    .selectAll()
    .where('id', '=', complaint.opening_message_id ?? '')
    .executeTakeFirst();
}

const queuedEvent = (row: { id: string; complaint_id: string }): NewEvent => ({
  complaintId: row.complaint_id,
  actor: 'hub',
  type: 'publication.queued',
  data: { publicationId: row.id, kind: 'receipt' },
});
