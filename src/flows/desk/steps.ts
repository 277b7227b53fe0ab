import type { Actor } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { mayReopen } from '../../core/workflow.ts';
import { changeComplaint } from '../../store/complaints.ts';
import { recallHeld } from '../../store/publications.ts';
import type { DeskDeps } from '../deps.ts';
import { atDesk, move, record } from './desk.ts';

export const STEPS = ['start', 'close', 'withdraw', 'disclaim', 'reaction', 'hold', 'lift'] as const;
export type Step = (typeof STEPS)[number];

/**
 * One step of the built-in workflow. `reaction`: what the citizen wrote after the answer changes nothing. `hold`: marks
 * the complaint as sensitive, so that only the marker and auditors see it and nothing of it is
 * published; `lift` ends that.
 */
export function step(deps: DeskDeps, actor: Actor, id: string, name: Step, reason?: string): Promise<void> {
  switch (name) {
    case 'start':
    case 'close':
    case 'withdraw':
    case 'disclaim':
      return atDesk(deps, actor, 'step', id, (desk, complaint) =>
        move(desk, complaint, name, { reason, ...(name === 'close' && { change: { reaction_pending: false } }) }),
      );
    case 'reaction':
      return settleReaction(deps, actor, id, reason);
    case 'hold':
    case 'lift':
      return setHold(deps, actor, id, name === 'hold', reason);
  }
}

function settleReaction(deps: DeskDeps, actor: Actor, id: string, reason?: string): Promise<void> {
  return atDesk(deps, actor, 'step', id, async (desk, complaint) => {
    if (!complaint.reaction_pending)
      throw new Refusal('illegal_state', 'there is no message after the answer that waits for a decision');
    await changeComplaint(desk.tx, id, { reaction_pending: false });
    await record(desk, id, 'reaction.settled', {}, reason);
  });
}

function setHold(deps: DeskDeps, actor: Actor, id: string, sensitive: boolean, reason?: string): Promise<void> {
  return atDesk(deps, actor, 'hold', id, async (desk, complaint) => {
    if (complaint.sensitive === sensitive)
      throw new Refusal('illegal_state', `the complaint is ${sensitive ? 'already' : 'not'} on the sensitive hold`);
    await changeComplaint(desk.tx, id, { sensitive, sensitive_by: sensitive ? actor.userId : null });
    if (sensitive) await recallHeld(desk.tx);
    await record(desk, id, sensitive ? 'hold.set' : 'hold.lifted', {}, reason);
  });
}

/** Back to the reporter, who has to complete it. */
export function returnToReporter(deps: DeskDeps, actor: Actor, id: string, reason: string): Promise<void> {
  return atDesk(deps, actor, 'step', id, (desk, complaint) => move(desk, complaint, 'return', { reason }));
}

/** *Ditolak*: with its reason, and never silently. */
export function reject(deps: DeskDeps, actor: Actor, id: string, reason: string): Promise<void> {
  return atDesk(deps, actor, 'step', id, (desk, complaint) => move(desk, complaint, 'reject', { reason }));
}

/** Work starts again, within the time of `policies.reopenWithin`. */
export function reopen(deps: DeskDeps, actor: Actor, id: string, reason: string): Promise<void> {
  return atDesk(deps, actor, 'step', id, (desk, complaint) => {
    const within = deps.config.hub.policies.reopenWithin;
    if (!mayReopen(complaint.closed_at ?? complaint.answered_at, within, desk.at))
      throw new Refusal('reopen_too_late', `the time to reopen (policies.reopenWithin, ${days(within)} days) is over`);
    const change = { answered_at: null, closed_at: null, reaction_pending: false };
    return move(desk, complaint, 'reopen', { reason, change });
  });
}

const days = (ms: number): number => Math.floor(ms / 86_400_000);
