import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATES, type State } from '#contract';
import { Refusal } from '../../src/core/refusal.ts';
import {
  ACTIONS,
  afterAwaiting,
  CAN_TAKE,
  legalActions,
  mayReopen,
  mustBeDraftable,
  nextState,
  onceAnswered,
  whileAwaiting,
} from '../../src/core/workflow.ts';

const code = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

it('has exactly these moves', () => {
  const table = Object.fromEntries(STATES.map((state) => [state, legalActions(state).join(' ')]));
  expect(table).toEqual({
    new: 'accept dismiss merge',
    not_complaint: 'accept',
    received: 'dismiss start close withdraw return reject disclaim merge',
    incomplete: 'start close withdraw reject disclaim merge',
    verified: 'start close withdraw return reject disclaim merge',
    dispatched: 'start close withdraw return reject disclaim merge',
    in_progress: 'close withdraw return reject disclaim merge',
    awaiting_approval: 'start close withdraw return reject disclaim merge',
    answered: 'close reopen merge',
    closed: 'reopen',
    rejected: 'reopen',
    out_of_scope: 'reopen',
    withdrawn: '',
    duplicate: '',
  });
});

it('moves or refuses, and says what is possible instead', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ACTIONS), fc.constantFrom(...STATES), (action, state) => {
      const legal = legalActions(state).includes(action);
      if (legal) expect(STATES).toContain(nextState(action, state, 'sebab'));
      else expect(code(() => nextState(action, state, 'sebab'))).toBe('illegal_state');
    }),
  );
  expect(() => nextState('close', 'new', 'x')).toThrow(/possible now: accept, dismiss, merge/);
});

it.each(['reject', 'return', 'merge', 'withdraw'] as const)('%s needs a reason', (action) => {
  expect(code(() => nextState(action, 'received', undefined))).toBe('reason_required');
  expect(code(() => nextState(action, 'received', '  '))).toBe('reason_required');
  expect(code(() => nextState(action, 'received', 'sebab'))).toBeNull();
});

it('closes what is answered, and only with a reason what is not', () => {
  expect(nextState('close', 'answered', undefined)).toBe('closed');
  expect(code(() => nextState('close', 'received', undefined))).toBe('reason_required');
});

describe('answers', () => {
  it('are drafted once somebody has judged, and until the end', () => {
    const draftable = STATES.filter((state) => code(() => mustBeDraftable(state)) === null);
    expect(draftable).toEqual([
      ...['not_complaint', 'received', 'incomplete', 'verified', 'dispatched', 'in_progress', 'awaiting_approval'],
      ...['answered', 'rejected', 'out_of_scope'],
    ]);
    expect(() => mustBeDraftable('new')).toThrow(/accept it, or dismiss it, first/);
  });

  it('move only complaints that are in work', () => {
    const moved = (map: (state: State) => State) => STATES.filter((state) => map(state) !== state);
    expect(moved(onceAnswered)).toEqual(['received', 'verified', 'dispatched', 'in_progress', 'awaiting_approval']);
    expect(moved(whileAwaiting)).toEqual(['received', 'incomplete', 'verified', 'dispatched', 'in_progress']);
    expect(moved(afterAwaiting)).toEqual(['awaiting_approval']);
  });
});

it('reopens until the time is over', () => {
  const now = new Date('2026-11-24T00:00:00Z');
  const ago = (ms: number) => new Date(now.getTime() - ms);
  expect(mayReopen(ago(1_000), 1_000, now)).toBe(true);
  expect(mayReopen(ago(1_001), 1_000, now)).toBe(false);
  expect(mayReopen(null, 1_000, now)).toBe(true);
});

it('takes others in only where somebody works or has answered', () => {
  for (const state of ['new', 'closed', 'rejected', 'duplicate', 'withdrawn'] as const)
    expect(CAN_TAKE).not.toContain(state);
});
