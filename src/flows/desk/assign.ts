import { type Actor, areas, can } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { addToOutbox, type ComplaintRow, changeComplaint } from '../../store/complaints.ts';
import { findUserById } from '../../store/users.ts';
import type { DeskDeps } from '../deps.ts';
import { atDesk, type Desk, mustBeAble, placeOf, record } from './desk.ts';

/** Who has a complaint: an agency, one of its units, and a person; each may be nobody. */
export interface Assignment {
  agency: string | null;
  unit: string | null;
  assignee: string | null;
}

/**
 * Hands a complaint over. `from` is what the caller saw: when somebody else assigned it meanwhile, nothing changes
 * (`conflict`). Agency roles hand over within their own agency, or give it back (`agency: null`, with a reason).
 */
export function assign(
  deps: DeskDeps,
  actor: Actor,
  id: string,
  order: { from: Assignment; to: Assignment; reason?: string | undefined },
): Promise<void> {
  return atDesk(deps, actor, 'assign', id, async (desk, complaint) => {
    const { from, to, reason } = order;
    mustBeAsSeen(complaint, from);
    mustExist(deps, to.agency, to.unit);
    mustReach(actor, complaint, to, reason);
    await mustBeHandler(desk, complaint, to);
    const change = { agency_id: to.agency, unit_id: to.unit, assignee_id: to.assignee };
    await changeComplaint(desk.tx, id, change);
    await record(desk, id, 'complaint.assigned', { from: { ...from }, to: { ...to } }, reason);
    await addToOutbox(desk.tx, id, 'status', desk.at);
  });
}

function mustBeAsSeen(complaint: ComplaintRow, from: Assignment): void {
  const { agency_id, unit_id, assignee_id } = complaint;
  if (agency_id === from.agency && unit_id === from.unit && assignee_id === from.assignee) return;
  throw new Refusal(
    'conflict',
    'the complaint was assigned by somebody else meanwhile; read it again and decide whether your change still holds',
  );
}

/** Refuses an agency that hub.yaml does not name, and a unit that the agency does not have. */
export function mustExist(deps: DeskDeps, agencyId: string | null, unitId: string | null): void {
  const { agencies } = deps.config.hub;
  const agency = agencies.find((one) => one.id === agencyId);
  if (agencyId !== null && !agency) {
    const known = agencies.map((one) => one.id).join(', ');
    throw new Refusal('unknown_agency', `there is no agency "${agencyId}"; hub.yaml names: ${known}`);
  }
  if (unitId !== null && !agency?.units.some((unit) => unit.id === unitId)) {
    const known = agency?.units.map((unit) => unit.id).join(', ') || 'none; name the agency first';
    throw new Refusal('unknown_unit', `the agency has no unit "${unitId}"; it has: ${known}`);
  }
}

function mustReach(actor: Actor, complaint: ComplaintRow, to: Assignment, reason: string | undefined): void {
  const place = { ...placeOf(complaint), agencyId: to.agency, unitId: to.unit };
  if (complaint.sensitive && !can(actor, 'assign', place))
    throw new Refusal('stays_on_hold', 'a complaint on the sensitive hold must stay where its marker can see it');
  const back = to.agency === null && to.assignee === null;
  if (back && !reason?.trim() && !can(actor, 'assign', place))
    throw new Refusal('reason_required', 'giving a complaint back needs a reason in words');
  if (!back && !withinAgency(actor, to)) mustBeAble(actor, 'assign', place);
}

/** Somebody of one unit may hand over to another unit of the same agency. */
const withinAgency = (actor: Actor, to: Assignment): boolean =>
  actor.keyScope.unitId === null && areas(actor, 'assign').some((area) => area.agencyId === to.agency);

async function mustBeHandler({ tx }: Desk, complaint: ComplaintRow, to: Assignment): Promise<void> {
  if (to.assignee === null) return;
  const user = await findUserById(tx, to.assignee);
  const place = { ...placeOf(complaint), agencyId: to.agency, unitId: to.unit };
  const handler = user && { ...user, userId: user.id, keyScope: { agencyId: null, unitId: null } };
  if (!handler || user.disabled || !can(handler, 'draft', place))
    throw new Refusal('unknown_user', `no active user ${to.assignee} works on complaints of that agency and unit`);
}
