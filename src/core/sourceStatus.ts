import type { State } from '#contract';
import { WORKING } from './workflow.ts';

/** How far the work is; a source may take a complaint forward along it. */
const STEPS: readonly State[] = ['received', 'verified', 'dispatched', 'in_progress'];
/** Where the source itself ends a report. */
const ENDS: readonly State[] = ['closed', 'rejected', 'out_of_scope', 'withdrawn'];

/**
 * The state of a complaint once its source says that it is `meant` there; `null`: it stays. The source takes it a step on
 * or ends it, and never back: what stands here was decided by somebody, and may not have been told yet. Pure.
 */
export function stateBySource(state: State, meant: State): State | null {
  const working = (WORKING as readonly State[]).includes(state);
  if (ENDS.includes(meant)) return working || state === 'answered' ? meant : null;
  if (meant === 'incomplete') return working && state !== 'incomplete' && state !== 'awaiting_approval' ? meant : null;
  // What the reporter had to complete is complete once the source works on it.
  const [from, to] = [Math.max(STEPS.indexOf(state), state === 'incomplete' ? 0 : -1), STEPS.indexOf(meant)];
  return from >= 0 && to > from ? meant : null;
}
