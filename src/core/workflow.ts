import type { State } from '#contract';
import { Refusal } from './refusal.ts';

/** The states of a complaint that somebody still has to answer. */
export const WORKING = [
  'received',
  'incomplete',
  'verified',
  'dispatched',
  'in_progress',
  'awaiting_approval',
] as const satisfies readonly State[];

interface Move {
  from: readonly State[];
  to: State;
  /** The event it writes. */
  event: string;
  /** From which states it needs a reason in words; `true`: from all. */
  reason?: true | readonly State[];
}

/** The built-in workflow *received, answered, closed*, with the hub actions that every channel needs. */
export const MOVES = {
  accept: { from: ['new', 'not_complaint'], to: 'received', event: 'complaint.accepted' },
  // Never deleted, and may be accepted later.
  dismiss: { from: ['new', 'received'], to: 'not_complaint', event: 'complaint.dismissed' },
  start: {
    from: ['received', 'incomplete', 'verified', 'dispatched', 'awaiting_approval'],
    to: 'in_progress',
    event: 'complaint.started',
  },
  // Without an answer, somebody has to say why.
  close: { from: [...WORKING, 'answered'], to: 'closed', event: 'complaint.closed', reason: WORKING },
  withdraw: { from: WORKING, to: 'withdrawn', event: 'complaint.withdrawn', reason: true },
  return: {
    from: ['received', 'verified', 'dispatched', 'in_progress', 'awaiting_approval'],
    to: 'incomplete',
    event: 'complaint.returned',
    reason: true,
  },
  reject: { from: WORKING, to: 'rejected', event: 'complaint.rejected', reason: true },
  // *Bukan kewenangan*: somebody else's business. The source is told, and why.
  disclaim: { from: WORKING, to: 'out_of_scope', event: 'complaint.disclaimed', reason: true },
  reopen: {
    from: ['answered', 'closed', 'rejected', 'out_of_scope'],
    to: 'in_progress',
    event: 'complaint.reopened',
    reason: true,
  },
  merge: { from: ['new', ...WORKING, 'answered'], to: 'duplicate', event: 'complaint.merged', reason: true },
} as const satisfies Record<string, Move>;

export type Action = keyof typeof MOVES;
export const ACTIONS = Object.keys(MOVES) as Action[];

/** Where nobody works on a complaint any more. */
export const ENDED: readonly State[] = ['closed', 'rejected', 'out_of_scope', 'withdrawn', 'duplicate'];

/**
 * Where an answer may be drafted. `new` must be judged first; what is answered, rejected or incomplete may still be
 * told something, and what is no complaint is still answerable.
 */
const DRAFTABLE: readonly State[] = [...WORKING, 'not_complaint', 'answered', 'rejected', 'out_of_scope'];

/** Complaints that can take in another one, or messages. */
export const CAN_TAKE: readonly State[] = [...WORKING, 'answered'];

const movesFrom = (action: Action): readonly State[] => MOVES[action].from;

/** The state that follows. Throws a Refusal when the move is not legal, or lacks its reason. */
export function nextState(action: Action, state: State, reason: string | undefined): State {
  if (!movesFrom(action).includes(state)) {
    throw new Refusal(
      'illegal_state',
      `"${action}" is not possible for a complaint that is "${state}"; possible now: ${possible(state)}`,
    );
  }
  if (needsReason(action, state) && !reason?.trim())
    throw new Refusal('reason_required', `"${action}" needs a reason in words when a complaint is "${state}"`);
  return MOVES[action].to;
}

function needsReason(action: Action, state: State): boolean {
  const { reason } = MOVES[action] as Move;
  return reason === true || (reason?.includes(state) ?? false);
}

/** What can be done with a complaint in this state. */
export const legalActions = (state: State): Action[] => ACTIONS.filter((action) => movesFrom(action).includes(state));

const possible = (state: State): string => legalActions(state).join(', ') || 'nothing';

/** Throws a Refusal where no answer may be drafted. */
export function mustBeDraftable(state: State): void {
  if (DRAFTABLE.includes(state)) return;
  const advice = state === 'new' ? 'accept it, or dismiss it, first' : `possible now: ${possible(state)}`;
  throw new Refusal('illegal_state', `a complaint that is "${state}" cannot be answered; ${advice}`);
}

/** The state while a draft waits for its approval. Only a complaint in work moves; the others keep what they are. */
export const whileAwaiting = (state: State): State => (isWorking(state) ? 'awaiting_approval' : state);

/** The state once no draft waits any more. */
export const afterAwaiting = (state: State): State => (state === 'awaiting_approval' ? 'in_progress' : state);

/** The state once an answer stands. A request to complete a report (`incomplete`) does not answer it. */
export const onceAnswered = (state: State): State => (isWorking(state) && state !== 'incomplete' ? 'answered' : state);

const isWorking = (state: State): boolean => (WORKING as readonly State[]).includes(state);

/** May it still be reopened? Counted from when it was answered or closed, whichever came last. */
export function mayReopen(endedAt: Date | null, withinMs: number, now: Date): boolean {
  return endedAt === null || now.getTime() - endedAt.getTime() <= withinMs;
}
