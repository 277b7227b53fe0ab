import { STATES } from '#contract';
import { onceAnswered } from '../core/workflow.ts';
import { addToOutbox, answerComplaints } from '../store/complaints.ts';
import type { Tx } from '../store/database.ts';
import type { NewEvent } from '../store/events.ts';

/** The states from which an answer moves a complaint on. */
const MOVING = STATES.filter((state) => onceAnswered(state) !== state);

/**
 * Answers of these complaints stand where the citizens wrote: a working complaint becomes `answered`, also from
 * `awaiting_approval`; others keep their state (`incomplete`: it was a request to complete the report). What the citizen
 * wrote meanwhile counts as dealt with. `actor` is `hub`, or `user:<id>` for what a person confirmed. Gives back the
 * events, which the caller appends together with its own: each append locks and changes the complaints once more.
 */
export async function markAnswered(
  tx: Tx,
  complaintIds: readonly string[],
  at: Date,
  actor: string,
): Promise<NewEvent[]> {
  if (complaintIds.length === 0) return [];
  const rows = await answerComplaints(tx, [...new Set(complaintIds)], MOVING, at);
  const moved = rows.filter((row) => MOVING.includes(row.state));
  const ids = moved.map((row) => row.id);
  if (ids.length > 0) await addToOutbox(tx, ids, 'status', at);
  return moved.map(({ id, state }) => ({
    complaintId: id,
    actor,
    type: 'complaint.answered',
    data: { from: state, to: onceAnswered(state) },
  }));
}
