import { sql } from 'kysely';
import type { Database } from './database.ts';
import type { SourceItem } from './schema.ts';

/** Due at once, then 5, 15, 35, ... seconds after it came: each try doubles the wait. */
const DUE = sql<boolean>`outcome = 'incomplete'
  and received_at + (5 * (power(2, least(tries, 20)) - 1)) * interval '1 second' <= now()`;

/** Takes items that have to be read at the platform first. A try counts when it begins, so a crash only delays it. */
export async function claimIncomplete(db: Database, channelId: string, limit: number): Promise<SourceItem[]> {
  const { rows } = await sql<SourceItem>`
    with due as (
      select id from source_item where channel_id = ${channelId} and ${DUE} order by id limit ${limit}
      for update skip locked
    )
    update source_item s set tries = s.tries + 1 from due where s.id = due.id returning s.*`.execute(db);
  return rows;
}

/** Lets it be read: with what was fetched, or as it came. */
export async function letWait(db: Database, id: string, sealed?: Buffer): Promise<void> {
  await db
    .updateTable('source_item')
    .set({ outcome: 'waiting', tries: 0, ...(sealed && { sealed }) })
    .where('id', '=', id)
    .where('outcome', '=', 'incomplete')
    .execute();
}

/** Channels with items that are due to be completed. */
export async function incompleteChannels(db: Database): Promise<string[]> {
  const { rows } = await sql<{ channel_id: string }>`select distinct channel_id from source_item where ${DUE}`.execute(
    db,
  );
  return rows.map((row) => row.channel_id);
}
