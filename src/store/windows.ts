import { sql } from 'kysely';
import type { Surface } from '#contract';
import type { Actor } from '../core/access.ts';
import type { Database, Db, Tx } from './database.ts';
import { visibleTo } from './scope.ts';

/** One target of an answer that waits for approval. */
export interface WaitingTarget {
  draft_id: string;
  complaint_id: string;
  message_id: string;
  channel_id: string;
  adapter: string;
  surface: Surface;
  privately: boolean;
  /** When the citizen wrote this message, and when they last wrote in its thread. */
  at: Date;
  last_at: Date;
}

/** Targets of all answers that wait for approval and have raised no alarm yet. */
export async function waitingTargets(db: Database): Promise<WaitingTarget[]> {
  const { rows } = await sql<WaitingTarget>`
    select d.id as draft_id, d.complaint_id, m.id as message_id, m.channel_id, c.adapter, m.surface,
      coalesce(t.privately, false) as privately, m.at,
      (select max(x.at) from message x where x.complaint_id = m.complaint_id and x.channel_id = m.channel_id
        and x.thread_id = m.thread_id and x.direction = 'in') as last_at
    from draft d
    cross join lateral jsonb_to_recordset(d.targets) as t("messageId" uuid, privately boolean)
    join message m on m.id = t."messageId"
    join complaint c on c.id = m.complaint_id
    where d.state = 'awaiting_approval' and d.window_alarm_at is null and m.direction = 'in'`.execute(db);
  return rows;
}

/** Marks that the alarm was raised. False: somebody else did, or the draft does not wait any more. */
export async function markAlarm(tx: Tx, draftId: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('draft')
    .set({ window_alarm_at: at })
    .where('id', '=', draftId)
    .where('state', '=', 'awaiting_approval')
    .where('window_alarm_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The newest message of a citizen in one thread. */
export interface Candidate {
  id: string;
  complaint_id: string;
  channel_id: string;
  adapter: string;
  surface: Surface;
  at: Date;
}

/**
 * Where the same person can be reached: the threads of these complaints, and those of the same reporter elsewhere. An open
 * report never leads to an anonymous one, nor that to an open one.
 */
export async function reachable(db: Db, actor: Actor, complaintIds: readonly string[]): Promise<Candidate[]> {
  const { rows } = await sql<Candidate>`
    select distinct on (m.channel_id, m.thread_id) m.id, m.complaint_id, m.channel_id, c.adapter, m.surface, m.at
    from message m join complaint c on c.id = m.complaint_id
    where m.direction = 'in' and m.deleted_at is null and ${visibleTo(actor, 'c')}
      and (m.complaint_id = any(${complaintIds}::uuid[]) or not c.anonymous and m.reporter_id in (
        select o.reporter_id from message o join complaint own on own.id = o.complaint_id
        where o.complaint_id = any(${complaintIds}::uuid[]) and not own.anonymous and not exists (
          select 1 from complaint linked where linked.merged_into = own.id and linked.anonymous
            and linked.channel_id = o.channel_id and linked.thread_id = o.thread_id)))
    order by m.channel_id, m.thread_id, m.at desc, m.id desc limit 50`.execute(db);
  return rows;
}
