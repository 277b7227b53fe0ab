import { type SqlBool, sql } from 'kysely';
import type { NoticeKind } from '#contract';
import type { Actor } from '../core/access.ts';
import type { Db, Tx } from './database.ts';
import { visibleTo } from './scope.ts';

/** Somebody who wants to be told of something, and since when nothing was said. */
export interface NoticeChoice {
  user_id: string;
  name: string;
  kind: NoticeKind;
  /** Encrypted. */
  phone: Buffer;
  told_at: Date;
}

/** Whoever has not been told for `ms`, and is not disabled. */
export async function dueChoices(db: Db, ms: number): Promise<NoticeChoice[]> {
  const { rows } = await sql<NoticeChoice>`
    select n.user_id, u.name, n.kind, u.phone, n.told_at from notice_choice n join app_user u on u.id = n.user_id
    where u.phone is not null and u.disabled_at is null and n.told_at < now() - ${ms} * interval '1 millisecond'
    order by n.told_at`.execute(db);
  return rows;
}

/** Takes the right to tell it; false: somebody else did. `at` is what will count as told. */
export async function takeChoice(db: Db, { user_id, kind, told_at }: NoticeChoice, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('notice_choice')
    .set({ told_at: at })
    .where('user_id', '=', user_id)
    .where('kind', '=', kind)
    .where('told_at', '=', told_at)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The number and all choices of a user; empty `kinds` end them. */
export async function setChoices(
  tx: Tx,
  userId: string,
  { phone, kinds }: { phone: Buffer | null; kinds: readonly NoticeKind[] },
): Promise<void> {
  await tx.updateTable('app_user').set({ phone }).where('id', '=', userId).execute();
  await tx.deleteFrom('notice_choice').where('user_id', '=', userId).execute();
  const rows = kinds.map((kind) => ({ user_id: userId, kind }));
  if (rows.length > 0) await tx.insertInto('notice_choice').values(rows).execute();
}

/** What there is to tell of one complaint. */
export interface News {
  ticket_no: string;
  agency_id: string | null;
  unit_id: string | null;
  /** Who wrote the answer that waits. */
  author_id: string | null;
}

/** Complaints and answers that are news since then, newest first, as far as this person may see them. At most 1,000. */
export async function newsFor(db: Db, actor: Actor, kind: NoticeKind, since: Date): Promise<News[]> {
  const seen = visibleTo(actor, 'c');
  const { rows } = await sql<News>`${newsQuery(seen, kind, since)} limit 1000`.execute(db);
  return rows;
}

function newsQuery(seen: ReturnType<typeof sql<SqlBool>>, kind: NoticeKind, since: Date) {
  if (kind === 'new') return newComplaints(seen, since);
  return kind === 'assist' ? overdueByHand(seen, since) : waitingAnswers(seen, kind, since);
}

/** What a person was to publish, and was called for since then. */
const overdueByHand = (seen: ReturnType<typeof sql<SqlBool>>, since: Date) => sql`
  select coalesce(c.ticket_no, '-') as ticket_no, c.agency_id, c.unit_id, null::uuid as author_id
  from complaint c where ${seen}
    and exists (select 1 from publication p where p.complaint_id = c.id and p.state = 'assist' and p.needs_person)
    and exists (select 1 from event e where e.complaint_id = c.id and e.type = 'publication.overdue' and e.at > ${since})
  order by c.id desc`;

const newComplaints = (seen: ReturnType<typeof sql<SqlBool>>, since: Date) => sql`
  select c.ticket_no, c.agency_id, c.unit_id, null::uuid as author_id from complaint c
  where ${seen} and c.ticket_no is not null and c.triaged_at > ${since}
    and c.state in ('received','verified','dispatched','in_progress') order by c.triaged_at desc`;

const waitingAnswers = (seen: ReturnType<typeof sql<SqlBool>>, kind: 'approval' | 'deadline', since: Date) => sql`
  select coalesce(c.ticket_no, '-') as ticket_no, c.agency_id, c.unit_id, d.author_id
  from draft d join complaint c on c.id = d.complaint_id
  where ${seen} and d.state = 'awaiting_approval'
    and ${sql.ref(kind === 'approval' ? 'd.created_at' : 'd.window_alarm_at')} > ${since} order by d.created_at desc`;
