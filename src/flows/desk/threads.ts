import type { Actor } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { titleOf } from '../../core/text.ts';
import { newTicketNo } from '../../core/ticket.ts';
import { CAN_TAKE } from '../../core/workflow.ts';
import { addToOutbox, type ComplaintRow, copyComplaint } from '../../store/complaints.ts';
import { countCitizenMessages, messagesById } from '../../store/messages.ts';
import type { Message } from '../../store/schema.ts';
import type { DeskDeps } from '../deps.ts';
import { atDesk, atDeskWith, type Desk, handOver, record } from './desk.ts';
import { mustTake } from './merge.ts';

/** Makes a new complaint of some messages; at least one message of the citizen must stay. Returns the new id. */
export function split(
  deps: DeskDeps,
  actor: Actor,
  id: string,
  messageIds: readonly string[],
  reason?: string,
): Promise<string> {
  return atDesk(deps, actor, 'thread', id, async (desk, complaint) => {
    mustBeInWork(complaint);
    const messages = await mustBelong(desk, id, messageIds);
    const opening = messages.find((message) => message.direction === 'in');
    if (!opening) throw new Refusal('unknown_message', 'a new complaint needs at least one message of the citizen');
    const newId = await copyComplaint(desk.tx, complaint, splitOff(complaint, opening, desk.at));
    await handOver(desk, id, newId, messageIds);
    await record(desk, id, 'complaint.split', { messages: [...messageIds], into: newId }, reason);
    await record(desk, newId, 'complaint.opened', { outOf: id }, reason);
    await addToOutbox(desk.tx, newId, 'created', desk.at);
    return newId;
  });
}

/** A new complaint keeps who may see it, but nobody's work on the old one. */
function splitOff(complaint: ComplaintRow, opening: Message, at: Date) {
  const judged = complaint.state !== 'new';
  return {
    ticket_no: judged ? newTicketNo() : null,
    state: judged ? ('received' as const) : ('new' as const),
    title: opening.title ?? titleOf(opening.text),
    body: opening.text,
    opening_message_id: opening.id,
    reporter_id: opening.reporter_id ?? complaint.reporter_id,
    permalink: opening.permalink,
    ...{ assignee_id: null, merged_into: null, reaction_pending: false, rating: null },
    ...{ triaged_at: null, answered_at: null, closed_at: null, recorded_at: at, received_at: opening.received_at },
    last_activity_at: opening.at,
  };
}

/** Messages that came to the wrong complaint go to the right one. */
export function moveTo(
  deps: DeskDeps,
  actor: Actor,
  id: string,
  order: { messages: readonly string[]; to: string; reason?: string | undefined },
): Promise<void> {
  if (id === order.to) throw new Refusal('illegal_state', 'the messages are in this complaint already');
  return atDeskWith(deps, actor, 'thread', [id, order.to], async (desk, [source, target]) => {
    mustBeInWork(source!);
    mustTake(target!);
    await mustBelong(desk, id, order.messages);
    await handOver(desk, id, order.to, order.messages);
    await record(desk, id, 'messages.moved', { messages: [...order.messages], to: order.to }, order.reason);
    await record(desk, order.to, 'messages.taken', { messages: [...order.messages], from: id }, order.reason);
    for (const complaintId of [id, order.to]) await addToOutbox(desk.tx, complaintId, 'message', desk.at);
  });
}

/** A complaint that has ended is not taken apart any more. */
function mustBeInWork({ state }: ComplaintRow): void {
  if (state === 'new' || CAN_TAKE.includes(state)) return;
  throw new Refusal('illegal_state', `messages of a complaint that is "${state}" stay where they are; reopen it first`);
}

async function mustBelong({ tx }: Desk, complaintId: string, ids: readonly string[]): Promise<Message[]> {
  const messages = (await messagesById(tx, ids)).filter((message) => message.complaint_id === complaintId);
  const missing = ids.filter((id) => !messages.some((message) => message.id === id));
  if (missing.length > 0)
    throw new Refusal('unknown_message', `these messages are not in the complaint: ${missing.join(', ')}`);
  if ((await countCitizenMessages(tx, complaintId, ids)) === 0)
    throw new Refusal('last_message', 'at least one message of the citizen must stay; merge the complaint instead');
  return messages.sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
}
