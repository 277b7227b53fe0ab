import { setImmediate as immediate } from 'node:timers/promises';
import type { PublishedComplaint } from '#contract';
import { mask, type OwnContacts } from '../core/leaks/index.ts';
import { maskedPieces } from '../core/leaks/pieces.ts';
import { type OutboxEntry, publishedComplaints, takeForQueue } from '../store/outbox.ts';
import { ownContactsOf } from './contacts.ts';
import type { FlowDeps } from './deps.ts';

type Deps = Pick<FlowDeps, 'db' | 'clock' | 'log' | 'queues' | 'config'>;

/**
 * Puts complaint events on the queue `complaints`, one job each, in the published format. With `staleMs`: those again
 * that have waited so long after they were due (the queue's server may have been wiped). Never throws for a queue that
 * is away: the rows are the record, and triage takes them from there too.
 */
export async function announceDue(deps: Deps, staleMs?: number): Promise<void> {
  for (;;) {
    const entries = await takeForQueue(deps.db, staleMs);
    if (entries.length === 0) return;
    const complaints = await publishedComplaints(
      deps.db,
      entries.map((entry) => entry.complaint_id),
    );
    const own = ownContactsOf(deps.config.hub);
    const now = deps.clock.now().getTime();
    const jobs: { id: string; data: PublishedComplaint; delayMs: number }[] = [];
    for (const entry of entries) {
      const complaint = complaints.get(entry.complaint_id);
      const delayMs = Math.max(0, entry.due_at.getTime() - now);
      if (complaint) jobs.push({ id: entry.id, data: await publish(entry, complaint, own), delayMs });
    }
    try {
      await deps.queues.announce(jobs);
    } catch (error) {
      deps.log.warn({ jobs: jobs.length, error: (error as Error).message }, 'outbox: the queue is not reachable');
      return;
    }
    // With a limit of age each row is taken once per pass; without one, the next 500 may be waiting already.
    if (staleMs !== undefined) return;
  }
}

/** Readers of the queue are beyond the handlers' view: what the citizen wrote by mistake is masked. */
async function publish(
  entry: OutboxEntry,
  complaint: PublishedComplaint['complaint'],
  own: OwnContacts,
): Promise<PublishedComplaint> {
  return {
    schema: 'kanal-aduan/complaint@1',
    event: { id: entry.id, type: entry.type, at: entry.at.toISOString() },
    complaint: {
      ...complaint,
      title: complaint.title && mask(complaint.title, own),
      text: await maskInTurns(complaint.text, own),
    },
  };
}

/** A mail may be as long as a book: others have their turn between its pieces. */
async function maskInTurns(text: string, own: OwnContacts): Promise<string> {
  let masked = '';
  for (const piece of maskedPieces(text, own)) {
    if (masked) await immediate();
    masked += piece;
  }
  return masked;
}
