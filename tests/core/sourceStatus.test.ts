import { expect, it } from 'vitest';
import { STATES, type State } from '#contract';
import { stateBySource } from '../../src/core/sourceStatus.ts';

const from = (state: State): string => STATES.flatMap((meant) => stateBySource(state, meant) ?? []).join(' ');

it('a source takes a complaint forward or ends it, and never back', () => {
  expect(Object.fromEntries(STATES.map((state) => [state, from(state)]))).toEqual({
    new: '',
    not_complaint: '',
    received: 'incomplete verified dispatched in_progress closed rejected out_of_scope withdrawn',
    incomplete: 'verified dispatched in_progress closed rejected out_of_scope withdrawn',
    verified: 'incomplete dispatched in_progress closed rejected out_of_scope withdrawn',
    dispatched: 'incomplete in_progress closed rejected out_of_scope withdrawn',
    in_progress: 'incomplete closed rejected out_of_scope withdrawn',
    // An answer that waits for its approval is work of ours that no portal takes away, unless it ends the report.
    awaiting_approval: 'closed rejected out_of_scope withdrawn',
    answered: 'closed rejected out_of_scope withdrawn',
    closed: '',
    rejected: '',
    out_of_scope: '',
    withdrawn: '',
    duplicate: '',
  });
});
