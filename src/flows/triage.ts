import { inTransaction, type Tx } from '../store/database.ts';
import { appendEvents, type NewEvent } from '../store/events.ts';
import { refreshLikeness } from '../store/likeness.ts';
import { claimDue, finishOutbox, type OutboxEntry } from '../store/outbox.ts';
import { insertPublications } from '../store/publications.ts';
import { saveRouting } from '../store/routing.ts';
import type { Complaint, NewPublication } from '../store/schema.ts';
import type { FlowDeps } from './deps.ts';
import { receiptsFor, statusesFor } from './notices.ts';
import { routeAll, routedEvents } from './routing.ts';

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
  await refreshLikeness(tx, changedWords(entries));
  const publications: NewPublication[] = [];
  const outcomes = await routeAll({ hub: deps.config.hub, keyring: deps.keyring }, tx, complaints);
  const events: NewEvent[] = outcomes.flatMap(routedEvents);
  const routed = outcomes.map(({ complaint, changes }) => ({ ...complaint, ...changes }));
  await saveRouting(tx, routed, deps.clock.now());
  const { receipts, withheld } = await receiptsFor(deps, tx, [...routed, ...(await promoted(tx, entries))]);
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

const WORDS: ReadonlySet<OutboxEntry['type']> = new Set(['created', 'message', 'edited', 'deleted']);

const changedWords = (entries: readonly OutboxEntry[]): string[] => [
  ...new Set(entries.filter((entry) => WORDS.has(entry.type)).map((entry) => entry.complaint_id)),
];

/** What reached the office alone, and became a complaint by a person's decision: its receipt is due now. */
function promoted(tx: Tx, entries: readonly OutboxEntry[]): Promise<Complaint[]> {
  const ids = entries.filter((entry) => entry.type === 'promoted').map((entry) => entry.complaint_id);
  if (ids.length === 0) return Promise.resolve([]);
  return tx
    .selectFrom('complaint')
    .selectAll()
    .where('id', 'in', ids)
    .where('public', '=', false)
    .where('triaged_at', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('publication')
            .select('publication.id')
            .whereRef('publication.complaint_id', '=', 'complaint.id')
            .where('publication.kind', '=', 'receipt'),
        ),
      ),
    )
    .orderBy('id')
    .execute();
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
