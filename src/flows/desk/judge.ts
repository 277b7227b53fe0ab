import type { Actor } from '../../core/access.ts';
import { Refusal, type RefusalCode } from '../../core/refusal.ts';
import type { Dismissal } from '../../core/routing.ts';
import { newTicketNo } from '../../core/ticket.ts';
import type { ComplaintChange } from '../../store/complaints.ts';
import type { DeskDeps } from '../deps.ts';
import { mustExist } from './assign.ts';
import { atDesk, move } from './desk.ts';

export interface Judgement {
  /** What it is instead of a complaint; only with `dismiss`. */
  as?: Dismissal | undefined;
  reason?: string | undefined;
  /** What the judge already knows; only with `accept`. */
  kind?: 'complaint' | 'aspiration' | 'information_request' | undefined;
  category?: string | undefined;
  agency?: string | undefined;
  unit?: string | undefined;
}

/**
 * A public item becomes a complaint, also one that a rule or a person had dismissed; no rule dismisses it again. It gets its
 * ticket number, and triage takes it from the outbox.
 */
export function accept(deps: DeskDeps, actor: Actor, id: string, judgement: Judgement = {}): Promise<void> {
  return atDesk(deps, actor, 'judge', id, async (desk, complaint) => {
    const { agency, unit, kind, category, reason } = judgement;
    mustExist(deps, agency ?? complaint.agency_id, unit ?? null);
    const change: ComplaintChange = {
      ...{ ticket_no: complaint.ticket_no ?? newTicketNo(), dismissed_as: null, dismissed_rule: null },
      ...(kind && { kind }),
      ...(category && { category }),
      ...(agency && { agency_id: agency, unit_id: unit ?? null }),
      ...(!agency && unit && { unit_id: unit }),
    };
    await move(desk, complaint, 'accept', { reason, change, data: agency ? { agency, unit: unit ?? null } : {} });
  });
}

/** *Bukan aduan*: never deleted, still answerable, and may be accepted later. */
export function dismiss(deps: DeskDeps, actor: Actor, id: string, judgement: Judgement = {}): Promise<void> {
  const { reason, as = null } = judgement;
  return atDesk(deps, actor, 'judge', id, (desk, complaint) =>
    move(desk, complaint, 'dismiss', {
      reason,
      change: { dismissed_as: as, dismissed_rule: null },
      data: as ? { as } : {},
    }),
  );
}

export interface BulkResult {
  id: string;
  ok: boolean;
  /** Why not. */
  code?: RefusalCode;
  detail?: string;
}

/** Many at once, each in a transaction of its own: one that cannot be judged keeps nobody else back. */
export async function judgeMany(
  deps: DeskDeps,
  actor: Actor,
  action: 'accept' | 'dismiss',
  ids: readonly string[],
  judgement: Judgement = {},
): Promise<BulkResult[]> {
  const judge = action === 'accept' ? accept : dismiss;
  const results: BulkResult[] = [];
  for (const id of new Set(ids)) {
    try {
      await judge(deps, actor, id, judgement);
      results.push({ id, ok: true });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      results.push({ id, ok: false, code: error.code, detail: error.message });
    }
  }
  return results;
}
