import { onceAnswered } from '../core/workflow.ts';
import { addToOutbox } from '../store/complaints.ts';
import type { Tx } from '../store/database.ts';
import type { NewEvent } from '../store/events.ts';

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
  const ids = [...new Set(complaintIds)];
  const rows = await tx
    .selectFrom('complaint')
    .select(['id', 'state'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute();
  const moved = rows.filter((row) => onceAnswered(row.state) !== row.state);
  const kept = rows.filter((row) => !moved.includes(row));
  const answered = { answered_at: at, reaction_pending: false } as const;
  for (const [group, change] of [
    [moved, { ...answered, state: 'answered' }],
    [kept, answered],
  ] as const) {
    const those = group.map((row) => row.id);
    if (those.length > 0) await tx.updateTable('complaint').set(change).where('id', 'in', those).execute();
  }
  if (moved.length > 0)
    await addToOutbox(
      tx,
      moved.map((row) => row.id),
      'status',
      at,
    );
  return moved.map(({ id, state }) => ({
    complaintId: id,
    actor,
    type: 'complaint.answered',
    data: { from: state, to: onceAnswered(state) },
  }));
}
