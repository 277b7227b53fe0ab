import type { Tx } from '../store/database.ts';
import { appendEvents } from '../store/events.ts';

/** Before them no answer has been given; an answer published from any of them makes the complaint `answered`. */
const UNANSWERED = ['received', 'incomplete', 'verified', 'dispatched', 'in_progress', 'awaiting_approval'] as const;

/** The answer stands where the citizen wrote: the complaint is answered. One that is already further stays there. */
export async function markAnswered(tx: Tx, complaintIds: readonly string[], at: Date, actor: string): Promise<void> {
  if (complaintIds.length === 0) return;
  const rows = await tx
    .updateTable('complaint')
    .set({ state: 'answered', answered_at: at })
    .where('id', 'in', [...new Set(complaintIds)])
    .where('state', 'in', UNANSWERED)
    .returning('id')
    .execute();
  const events = rows.map(({ id }) => ({ complaintId: id, actor, type: 'complaint.answered' }));
  await appendEvents(tx, events, at);
}
