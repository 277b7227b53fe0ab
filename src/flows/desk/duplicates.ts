import { type Actor, can, canHub, type Place } from '../../core/access.ts';
import { metresBetween, type Scored, samePlaceName, scoreOf, WORTH_SHOWING } from '../../core/likeness.ts';
import { Refusal } from '../../core/refusal.ts';
import { type ComplaintRow, findComplaint } from '../../store/complaints.ts';
import { type AlikeRow, alikeTo, saveNotDuplicate } from '../../store/duplicates.ts';
import type { DeskDeps } from '../deps.ts';
import { atDeskWith, notFound, placeOf, record } from './desk.ts';

const SHOWN = 20;

export type Suggestion = Scored & { row: AlikeRow };

/** Complaints that may be the same as this one, the likeliest first. None for a complaint on the sensitive hold. */
export async function suggestDuplicates(deps: DeskDeps, actor: Actor, id: string): Promise<Suggestion[]> {
  const complaint = (await findComplaint(deps.db, actor, id)) ?? notFound('complaint', id);
  if (complaint.sensitive) return [];
  const knows = mayKnowReporter(actor, complaint, placeOf(complaint));
  const persons = !knows ? 'nobody' : canHub(actor, 'anonymous') ? 'everybody' : 'named';
  const rows = await alikeTo(deps.db, actor, id, persons);
  const own = pointOf(complaint.location);
  return rows
    .map((row) => ({ row, ...scoreOf(likenessOf(complaint, row, { own, knows, actor })) }))
    .filter(({ score }) => score >= WORTH_SHOWING)
    .sort((a, b) => b.score - a.score || (a.row.id < b.row.id ? 1 : -1))
    .slice(0, SHOWN);
}

/**
 * That two reports come from one person is known to whoever may read the reporter of both: otherwise the open one would
 * tell who wrote the anonymous one. It then counts for nothing, not even for the score.
 */
function mayKnowReporter(actor: Actor, { anonymous }: Pick<ComplaintRow, 'anonymous'>, place: Place): boolean {
  return can(actor, 'contact', place) && (!anonymous || canHub(actor, 'anonymous'));
}

interface About {
  own: { lat: number; lon: number } | null;
  knows: boolean;
  actor: Actor;
}

function likenessOf(complaint: ComplaintRow, row: AlikeRow, { own, knows, actor }: About) {
  const place = {
    ...{ agencyId: row.agency_id, unitId: row.unit_id },
    ...{ sensitive: row.sensitive, sensitiveBy: row.sensitive_by },
  };
  const theirs = row.lat !== null && row.lon !== null ? { lat: row.lat, lon: row.lon } : null;
  return {
    text: row.similarity,
    reporter: row.same_reporter && knows && mayKnowReporter(actor, row, place),
    metres: own && theirs && metresBetween(own, theirs),
    placeName: samePlaceName(complaint.location?.text, row.location?.text),
    apartMs: Math.abs(complaint.received_at.getTime() - row.received_at.getTime()),
  };
}

const pointOf = (location: ComplaintRow['location']) =>
  location?.lat !== undefined && location.lon !== undefined ? { lat: location.lat, lon: location.lon } : null;

/** Both were looked at and are different: neither is suggested for the other again. */
export function denyDuplicate(
  deps: DeskDeps,
  actor: Actor,
  id: string,
  order: { of: string; reason?: string | undefined },
): Promise<void> {
  if (id === order.of) throw new Refusal('illegal_state', 'a complaint cannot be compared with itself');
  return atDeskWith(deps, actor, 'thread', [id, order.of], async (desk) => {
    if (!(await saveNotDuplicate(desk.tx, [id, order.of], actor.userId, desk.at))) return;
    await record(desk, id, 'duplicate.denied', { complaintId: order.of }, order.reason);
    await record(desk, order.of, 'duplicate.denied', { complaintId: id }, order.reason);
  });
}
