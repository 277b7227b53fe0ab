import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';

/** Everything a person wrote on these channels that still stands; their complaints' rows are locked. */
export async function messagesOfPerson(
  tx: Tx,
  channelIds: readonly string[],
  blind: Buffer,
): Promise<{ id: string; complaint_id: string }[]> {
  const { rows } = await sql<{ id: string; complaint_id: string }>`
    with theirs as (
      select m.id, m.complaint_id from message m join reporter_identity r on r.reporter_id = m.reporter_id
      where r.channel_id = any(${channelIds}::text[]) and r.blind = ${blind} and m.direction = 'in' and m.deleted_at is null
    ), locked as (
      select id from complaint where id in (select complaint_id from theirs) order by id for update
    )
    select theirs.id, theirs.complaint_id from theirs join locked on locked.id = theirs.complaint_id
    order by theirs.complaint_id, theirs.id`.execute(tx);
  return rows;
}

/** When a request for deletion came, by the code that its sender was given. */
export async function erasureByCode(db: Db, code: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('event')
    .select('at')
    .where('complaint_id', 'is', null)
    .where('type', '=', 'erasure.requested')
    .where(sql<boolean>`data->>'code' = ${code}`)
    .executeTakeFirst();
  return row?.at;
}
