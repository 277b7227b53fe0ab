import type { Json } from '#contract';
import { matchingRules } from '../core/routing.ts';
import { newTicketNo } from '../core/ticket.ts';
import { saveRouting } from '../store/complaints.ts';
import { inTransaction, type Tx } from '../store/database.ts';
import { appendEvents, type NewEvent } from '../store/events.ts';
import { claimDue, finishOutbox } from '../store/outbox.ts';
import { insertPublications } from '../store/publications.ts';
import type { Complaint, NewPublication } from '../store/schema.ts';
import type { FlowDeps } from './deps.ts';
import { receiptsFor, statusesFor } from './notices.ts';

const BATCH = 100;

/**
 * Takes complaint events that are due: routing rules, start of the workflow, receipt. The queue's job only says when to
 * look; what was done stands in the rows, so a job that comes twice, late or never changes nothing.
 */
export async function drainTriage(deps: FlowDeps): Promise<void> {
  while (!deps.signal.aborted) {
    const done = await inTransaction(deps.db, (tx) => triageBatch(deps, tx));
    if (done === null) return;
    for (const channelId of done) void deps.wake('publish', channelId);
  }
}

async function triageBatch(deps: FlowDeps, tx: Tx): Promise<Set<string> | null> {
  const entries = await claimDue(tx, BATCH);
  if (entries.length === 0) return null;
  const opened = entries.filter((entry) => entry.type === 'created').map((entry) => entry.complaint_id);
  const complaints = await untriaged(tx, opened);
  const publications: NewPublication[] = [];
  const events: NewEvent[] = [];
  const routed = complaints.map((complaint) => {
    const { changes, events: happened } = route(deps, complaint);
    events.push(...happened);
    return { ...complaint, ...changes };
  });
  await saveRouting(tx, routed, deps.clock.now());
  const { receipts, withheld } = await receiptsFor(deps, tx, routed);
  publications.push(...receipts, ...(await statusesFor(deps, tx, entries)));
  events.push(...withheld.map(withheldEvent));
  const added = new Set(await insertPublications(tx, publications));
  const queued = publications.filter((row) => added.has(row.id));
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
export function route(deps: Pick<FlowDeps, 'config'>, complaint: Complaint): { changes: Changes; events: NewEvent[] } {
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

const withheldEvent = (complaint: Complaint): NewEvent => ({
  complaintId: complaint.id,
  actor: 'hub',
  type: 'receipt.withheld',
  data: { reason: 'recent' },
});

const queuedEvent = (row: Pick<NewPublication, 'id' | 'complaint_id' | 'kind'>): NewEvent => ({
  complaintId: row.complaint_id,
  actor: 'hub',
  type: 'publication.queued',
  data: { publicationId: row.id, kind: row.kind },
});
