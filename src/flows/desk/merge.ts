import { STATES, type State } from '#contract';
import type { Actor } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { afterAwaiting, CAN_TAKE } from '../../core/workflow.ts';
import { addToOutbox, type ComplaintRow, changeComplaint, hasDuplicates } from '../../store/complaints.ts';
import { lateMessages } from '../../store/messages.ts';
import { newestEvent } from '../../store/trail.ts';
import type { DeskDeps } from '../deps.ts';
import { atDesk, atDeskWith, type Desk, handOver, move, record } from './desk.ts';

/** *Duplikat*: the complaint goes into `parentId`. Its messages stay its own; an answer may go to both. */
export function merge(deps: DeskDeps, actor: Actor, id: string, parentId: string, reason: string): Promise<void> {
  if (id === parentId) throw new Refusal('illegal_state', 'a complaint cannot be merged into itself');
  return atDeskWith(deps, actor, 'thread', [id, parentId], async (desk, [child, parent]) => {
    mustTake(parent!);
    mustBeAsClosed(child!, parent!);
    if (await hasDuplicates(desk.tx, id))
      throw new Refusal('illegal_state', 'other complaints were merged into this one; unmerge them first');
    const change = { merged_into: parentId, assignee_id: null };
    await move(desk, child!, 'merge', { reason, change, data: { into: parentId } });
    await record(desk, parentId, 'duplicate.taken', { complaintId: id });
  });
}

/** What its reporter writes later would otherwise be read by people from whom the hold keeps it. */
function mustBeAsClosed(child: ComplaintRow, parent: ComplaintRow): void {
  if (child.sensitive === parent.sensitive) return;
  throw new Refusal(
    'stays_on_hold',
    'one of both is on the sensitive hold and the other is not; set or lift the hold first, or leave them apart',
  );
}

export function mustTake(parent: ComplaintRow): void {
  if (CAN_TAKE.includes(parent.state)) return;
  throw new Refusal('illegal_state', `a complaint that is "${parent.state}" cannot take in others; reopen it first`);
}

/**
 * Takes a duplicate out again; it goes on in the state it had. What its reporter wrote in the meantime, in their own thread,
 * goes with it.
 */
export function unmerge(deps: DeskDeps, actor: Actor, id: string, reason?: string): Promise<void> {
  return atDesk(deps, actor, 'thread', id, async (desk, complaint) => {
    if (complaint.state !== 'duplicate' || !complaint.merged_into)
      throw new Refusal('illegal_state', `only a duplicate can be unmerged; this complaint is "${complaint.state}"`);
    const to = await stateBefore(desk, complaint);
    const parentId = complaint.merged_into;
    const taken = await lateMessages(desk.tx, complaint);
    await changeComplaint(desk.tx, id, { state: to, merged_into: null, closed_at: null });
    if (taken.length > 0) await handOver(desk, parentId, id, taken);
    await record(desk, id, 'complaint.unmerged', { from: 'duplicate', to, outOf: parentId, messages: taken }, reason);
    await record(desk, parentId, 'duplicate.given', { complaintId: id, messages: taken });
    await addToOutbox(desk.tx, id, 'status', desk.at);
  });
}

async function stateBefore({ tx }: Desk, complaint: ComplaintRow): Promise<State> {
  const event = await newestEvent(tx, complaint.id, 'complaint.merged');
  const from = (event?.data as { from?: unknown } | undefined)?.from;
  const known = STATES.find((state) => state === from) ?? 'received';
  // The draft that waited was superseded when the complaint was merged.
  return afterAwaiting(known);
}
