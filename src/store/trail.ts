import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { type Actor, canHub } from '../core/access.ts';
import { type Db, newId } from './database.ts';
import { visibleTo } from './scope.ts';

export interface TrailFilter {
  complaint?: string | undefined;
  type?: readonly string[] | undefined;
  actor?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
  before?: string | undefined;
  limit: number;
}

/**
 * The audit trail, newest first: events of complaints that the actor may see, and of the hub itself. Whoever reads the
 * trail without reading complaints (the privacy officer) gets ids and codes of all that is not on hold, and no reasons.
 */
export function listEvents(db: Db, actor: Actor, filter: TrailFilter) {
  const visible = visibleTo(actor, 'c');
  const { complaint, type, actor: by, from, to, before, limit } = filter;
  return db
    .selectFrom('event')
    .leftJoin('event_reason', 'event_reason.event_id', 'event.id')
    .leftJoin('complaint as c', 'c.id', 'event.complaint_id')
    .select(['event.id', 'event.complaint_id', 'event.seq', 'event.at', 'event.actor', 'event.type', 'event.data'])
    .select('event.hash')
    .select(sql<string | null>`case when c.id is null or ${visible} then event_reason.text end`.as('reason'))
    .where(sql<SqlBool>`(event.complaint_id is null or ${inTrail(actor, visible)})`)
    .$if(complaint !== undefined, (query) => query.where('event.complaint_id', '=', complaint ?? ''))
    .$if(type !== undefined, (query) => query.where('event.type', 'in', type ?? []))
    .$if(by !== undefined, (query) => query.where('event.actor', '=', by ?? ''))
    .$if(from !== undefined, (query) => query.where('event.at', '>=', from ?? new Date(0)))
    .$if(to !== undefined, (query) => query.where('event.at', '<', to ?? new Date(0)))
    .$if(before !== undefined, (query) => query.where('event.id', '<', before ?? ''))
    .orderBy('event.id', 'desc')
    .limit(limit + 1)
    .execute();
}

/** A hub-wide right to the trail reaches every complaint that is not on hold. */
const inTrail = (actor: Actor, visible: RawBuilder<SqlBool>): RawBuilder<SqlBool> =>
  canHub(actor, 'trail') ? sql`(${visible} or not c.sensitive)` : visible;

/** What happened to one complaint, oldest first. The caller has checked that the actor may see it. */
export function eventsOf(db: Db, complaintId: string) {
  return db
    .selectFrom('event')
    .leftJoin('event_reason', 'event_reason.event_id', 'event.id')
    .select(['event.id', 'event.seq', 'event.at', 'event.actor', 'event.type', 'event.data'])
    .select('event_reason.text as reason')
    .where('event.complaint_id', '=', complaintId)
    .orderBy('event.seq')
    .execute();
}

/** The newest event of a type of one complaint. */
export function newestEvent(db: Db, complaintId: string, type: string) {
  return db
    .selectFrom('event')
    .select(['id', 'at', 'actor', 'data'])
    .where('complaint_id', '=', complaintId)
    .where('type', '=', type)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Writes down that somebody read what is protected. */
export async function logAccess(db: Db, userId: string, complaintId: string, what: string, at: Date): Promise<void> {
  await db
    .insertInto('access_log')
    .values({ id: newId(), user_id: userId, complaint_id: complaintId, what, at })
    .execute();
}

/** Who read the contact of a reporter, newest first; of complaints that are not on hold unless the actor sees them. */
export function listAccess(
  db: Db,
  actor: Actor,
  filter: { complaint?: string | undefined; before?: string | undefined; limit: number },
) {
  const { complaint, before, limit } = filter;
  return db
    .selectFrom('access_log')
    .innerJoin('complaint as c', 'c.id', 'access_log.complaint_id')
    .innerJoin('app_user', 'app_user.id', 'access_log.user_id')
    .select(['access_log.id', 'access_log.at', 'access_log.user_id', 'access_log.complaint_id', 'access_log.what'])
    .select('app_user.name')
    .where(inTrail(actor, visibleTo(actor, 'c')))
    .$if(complaint !== undefined, (query) => query.where('access_log.complaint_id', '=', complaint ?? ''))
    .$if(before !== undefined, (query) => query.where('access_log.id', '<', before ?? ''))
    .orderBy('access_log.id', 'desc')
    .limit(limit + 1)
    .execute();
}
