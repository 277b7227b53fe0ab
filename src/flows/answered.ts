import type { State } from '#contract';
import { onceAnswered } from '../core/workflow.ts';
import { addToOutbox, changeComplaint, lockComplaint } from '../store/complaints.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents, type NewEvent } from '../store/events.ts';

/**
 * Answers of these complaints stand where the citizens wrote: a working complaint becomes `answered`, also from
 * `awaiting_approval`; others keep their state (`incomplete`: it was a request to complete the report). What the citizen
 * wrote meanwhile counts as dealt with. `actor` is `hub`, or `user:<id>` for what a person confirmed.
 */
export async function markAnswered(tx: Tx, complaintIds: readonly string[], at: Date, actor: string): Promise<void> {
  const events: NewEvent[] = [];
  for (const id of [...new Set(complaintIds)].sort()) events.push(...(await answered(tx, id, at, actor)));
  await appendEvents(tx, events, at);
}

async function answered(tx: Tx, complaintId: string, at: Date, actor: string): Promise<NewEvent[]> {
  const complaint = await lockComplaint(tx, complaintId);
  if (!complaint) return [];
  const from: State = complaint.state;
  const to = onceAnswered(from);
  await changeComplaint(tx, complaintId, { state: to, answered_at: at, reaction_pending: false });
  if (to === from) return [];
  await addToOutbox(tx, complaintId, 'status', at);
  return [{ complaintId, actor, type: 'complaint.answered', data: { from, to } }];
}
