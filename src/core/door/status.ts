import type { State } from '#contract';
import { publicState } from '../labels.ts';
import { isOpen } from '../thread.ts';
import { WORKING } from '../workflow.ts';

export interface Step {
  at: Date;
  to: State;
}

/** What the register knows of a complaint, as far as its status page needs it. */
export interface StatusFacts {
  state: State;
  /** On the sensitive hold. */
  sensitive: boolean;
  /** Its content is not published. */
  secret: boolean;
  receivedAt: Date;
  agency: string | null;
  steps: readonly Step[];
  /** The complaint that it was merged into. */
  parent?: Pick<StatusFacts, 'state' | 'sensitive' | 'steps'> | undefined;
}

export interface PublicStatus {
  state: State;
  label: string;
  /** What that means, for the reporter. */
  meaning: string;
  agency: string | null;
  timeline: { at: Date; label: string }[];
  /** The agency has said its last word: the next instance is named. */
  decided: boolean;
}

const RECEIVED = { state: 'received', label: 'Diterima' } as const;

const MEANINGS: Partial<Record<State, string>> = {
  received: 'Aduan sudah kami terima dan sedang diperiksa.',
  incomplete: 'Masih ada keterangan yang kami perlukan dari Anda.',
  verified: 'Aduan sudah diperiksa dan akan diteruskan kepada instansi yang bertanggung jawab.',
  in_progress: 'Aduan sedang ditindaklanjuti.',
  answered: 'Aduan sudah dijawab.',
  closed: 'Penanganan aduan ini sudah selesai.',
  rejected: 'Aduan ini tidak dapat diproses.',
  out_of_scope: 'Aduan ini bukan kewenangan kami dan sudah kami teruskan atau kami tunjukkan jalannya.',
  withdrawn: 'Aduan ini sudah dicabut.',
};

/**
 * What everybody may know who has the ticket number. A complaint on the hold looks like any other that has just come; of
 * a secret one not even the agency is told; a duplicate follows the complaint that it went into. Pure.
 */
export function publicStatus(facts: StatusFacts): PublicStatus {
  const held = facts.sensitive || (facts.parent?.sensitive ?? false);
  const steps = held ? [] : [...facts.steps, ...(facts.parent ? since(facts) : [])];
  const { state, label } = (held ? null : publicState(facts.parent?.state ?? facts.state)) ?? RECEIVED;
  return {
    ...{ state, label, meaning: MEANINGS[state] ?? '' },
    agency: held || facts.secret ? null : facts.agency,
    timeline: timelineOf(facts.receivedAt, steps),
    decided: ['answered', 'closed', 'rejected', 'out_of_scope'].includes(state),
  };
}

/** What happened to the parent after the merge. */
function since({ steps, parent }: StatusFacts): Step[] {
  const merged = steps.findLast((step) => step.to === 'duplicate');
  return merged ? (parent?.steps ?? []).filter((step) => step.at >= merged.at) : [];
}

/** Steps that look the same from outside are one; a merge is none. */
function timelineOf(receivedAt: Date, steps: readonly Step[]): PublicStatus['timeline'] {
  const timeline = [{ at: receivedAt, label: RECEIVED.label as string }];
  for (const { at, to } of steps) {
    const shown = to === 'duplicate' ? null : publicState(to);
    if (shown && shown.label !== timeline.at(-1)?.label) timeline.push({ at, label: shown.label });
  }
  return timeline;
}

/** Would what the reporter writes now still join this complaint? */
export function takesMessages({ state, parent }: Pick<StatusFacts, 'state' | 'parent'>): boolean {
  const now = parent?.state ?? state;
  return isOpen(now) || now === 'answered';
}

/** May the reporter withdraw it? Not while it is held: whoever holds it decides. */
export const mayWithdraw = ({ state, sensitive }: Pick<StatusFacts, 'state' | 'sensitive'>): boolean =>
  !sensitive && (WORKING as readonly State[]).includes(state);
