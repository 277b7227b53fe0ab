import type { Json } from '#contract';
import { type Ability, type Actor, can, type Place } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { type Action, ENDED, MOVES, nextState } from '../../core/workflow.ts';
import {
  addToOutbox,
  type ComplaintChange,
  type ComplaintRow,
  changeComplaint,
  lockComplaints,
  refreshFromMessages,
} from '../../store/complaints.ts';
import type { Tx } from '../../store/database.ts';
import { supersedeDrafts } from '../../store/drafts.ts';
import { appendEvents } from '../../store/events.ts';
import { messagesById, moveMessages } from '../../store/messages.ts';
import { refreshSearch } from '../../store/register.ts';
import type { Message } from '../../store/schema.ts';
import type { DeskDeps } from '../deps.ts';

/** A transaction in which a person works on a complaint whose row is locked. */
export interface Desk {
  deps: DeskDeps;
  tx: Tx;
  actor: Actor;
  at: Date;
}

export const placeOf = (
  complaint: Pick<ComplaintRow, 'agency_id' | 'unit_id' | 'sensitive' | 'sensitive_by'>,
): Place => ({
  agencyId: complaint.agency_id,
  unitId: complaint.unit_id,
  sensitive: complaint.sensitive,
  sensitiveBy: complaint.sensitive_by,
});

/** Works on one complaint. Refuses `not_found` for one that the actor may not see, `forbidden` for what they may not do. */
export function atDesk<T>(
  deps: DeskDeps,
  actor: Actor,
  ability: Ability,
  id: string,
  work: (desk: Desk, complaint: ComplaintRow) => Promise<T>,
): Promise<T> {
  return atDeskWith(deps, actor, ability, [id], (desk, [complaint]) => work(desk, complaint!));
}

/** The same with several; they come in the order asked for. */
export function atDeskWith<T>(
  deps: DeskDeps,
  actor: Actor,
  ability: Ability,
  ids: readonly string[],
  work: (desk: Desk, complaints: ComplaintRow[]) => Promise<T>,
): Promise<T> {
  return deps.db.transaction().execute(async (tx) => {
    const rows = await lockComplaints(tx, actor, ids);
    const complaints = ids.map((id) => rows.find((row) => row.id === id) ?? notFound('complaint', id));
    for (const complaint of complaints) mustBeAble(actor, ability, placeOf(complaint));
    return work({ deps, tx, actor, at: deps.clock.now() }, complaints);
  });
}

/** The same at a message. Who may not see its complaint is told that there is no such message, and no more. */
export function atMessage<T>(
  deps: DeskDeps,
  actor: Actor,
  { ability, messageId }: { ability: Ability; messageId: string },
  work: (desk: Desk, message: Message) => Promise<T>,
): Promise<T> {
  return deps.db.transaction().execute(async (tx) => {
    const [message] = await messagesById(tx, [messageId]);
    const [complaint] = message ? await lockComplaints(tx, actor, [message.complaint_id]) : [];
    if (!message || !complaint) return notFound('message', messageId);
    mustBeAble(actor, ability, placeOf(complaint));
    return work({ deps, tx, actor, at: deps.clock.now() }, message);
  });
}

export function notFound(what: string, id: string): never {
  throw new Refusal('not_found', `there is no ${what} ${id} that you may see`);
}

export function mustBeAble(actor: Actor, ability: Ability, place: Place): void {
  if (!can(actor, ability, place))
    throw new Refusal('forbidden', `your roles do not allow "${ability}" on this complaint; ask an administrator`);
}

export const actorName = (actor: Actor): string => `user:${actor.userId}`;

/** One line of the trail, in the actor's name. `data` holds ids and codes only. */
export async function record(
  { tx, actor, at }: Desk,
  complaintId: string | null,
  type: string,
  data: { [key: string]: Json } = {},
  reason?: string,
): Promise<void> {
  const words = reason?.trim();
  await appendEvents(
    tx,
    [{ complaintId, actor: actorName(actor), type, data, ...(words ? { reason: words } : {}) }],
    at,
  );
}

/** Messages go to another complaint; both then say what they hold. */
export async function handOver({ tx }: Desk, from: string, to: string, messageIds: readonly string[]): Promise<void> {
  await moveMessages(tx, messageIds, to);
  for (const id of [from, to]) await refreshFromMessages(tx, id);
  await refreshSearch(tx, [from, to]);
}

export interface Moved {
  reason?: string | undefined;
  data?: { [key: string]: Json };
  change?: ComplaintChange;
}

/** Moves a complaint to its next state, with everything that must go along. */
export async function move(desk: Desk, complaint: ComplaintRow, action: Action, how: Moved = {}): Promise<void> {
  const { tx, at } = desk;
  const from = complaint.state;
  const to = nextState(action, from, how.reason);
  const ended = ENDED.includes(to);
  await changeComplaint(tx, complaint.id, { state: to, closed_at: ended ? at : null, ...how.change });
  // What nobody works on any more cannot be approved any more.
  if (ended || from === 'awaiting_approval') await supersedeDrafts(tx, complaint.id);
  await record(desk, complaint.id, MOVES[action].event, { from, to, ...how.data }, how.reason);
  await addToOutbox(tx, complaint.id, action === 'accept' ? 'promoted' : 'status', at);
}
