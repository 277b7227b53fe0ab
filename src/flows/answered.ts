import { onceAnswered } from '../core/workflow.ts';
import { addToOutbox } from '../store/complaints.ts';
import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/events.ts';

/**
 * Answers of these complaints stand where the citizens wrote: a working complaint becomes `answered`, also from
 * `awaiting_approval`; others keep their state (`incomplete`: it was a request to complete the report). What the citizen
 * wrote meanwhile counts as dealt with. `actor` is `hub`, or `user:<id>` for what a person confirmed.
 */
export async function markAnswered(tx: Tx, complaintIds: readonly string[], at: Date, actor: string): Promise<void> {
  if (complaintIds.length === 0) return;
  const ids = [...new Set(complaintIds)];
  const rows = await tx
    .selectFrom('complaint')
    .select(['id', 'state'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute();
  await tx.updateTable('complaint').set({ answered_at: at, reaction_pending: false }).where('id', 'in', ids).execute();
  const moved = rows.filter((row) => onceAnswered(row.state) !== row.state);
  if (moved.length === 0) return;
  const movedIds = moved.map((row) => row.id);
  await tx.updateTable('complaint').set({ state: 'answered' }).where('id', 'in', movedIds).execute();
  await addToOutbox(tx, movedIds, 'status', at);
  const events = moved.map(({ id, state }) => {
    return { complaintId: id, actor, type: 'complaint.answered', data: { from: state, to: onceAnswered(state) } };
  });
  await appendEvents(tx, events, at);
}
