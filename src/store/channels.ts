import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import type { ChannelState } from './schema.ts';

export function channelStates(db: Db): Promise<ChannelState[]> {
  return db.selectFrom('channel_state').selectAll().execute();
}

export function channelState(db: Db, channelId: string): Promise<ChannelState | undefined> {
  return db.selectFrom('channel_state').selectAll().where('channel_id', '=', channelId).executeTakeFirst();
}

/** Nothing is fetched and nothing goes out until somebody resumes it. */
export async function pauseChannel(tx: Tx, channelId: string, userId: string, at: Date): Promise<void> {
  const paused = { paused_at: at, paused_by: userId, health: 'paused' as const, health_since: at, health_reason: null };
  await tx
    .insertInto('channel_state')
    .values({ channel_id: channelId, ...paused, cursor: null })
    .onConflict((on) => on.column('channel_id').doUpdateSet(paused))
    .execute();
}

/** Also ends a wait for new credentials or for a pace: the next try will tell. */
export async function resumeChannel(tx: Tx, channelId: string, at: Date): Promise<void> {
  await tx
    .updateTable('channel_state')
    .set({
      ...{ paused_at: null, paused_by: null, publish_not_before: null },
      ...{ health: 'ok', health_since: at, health_reason: null },
    })
    .where('channel_id', '=', channelId)
    .execute();
}

/** Counts of what waits on each channel, bounded by the partial indexes of waiting rows. */
export async function waitingCounts(db: Db): Promise<Map<string, { queued: number; quarantined: number }>> {
  const { rows } = await sql<{ channel_id: string; queued: number; quarantined: number }>`
    select channel_id, sum(queued)::int as queued, sum(quarantined)::int as quarantined from (
      select channel_id, count(*) as queued, 0 as quarantined from publication
        where state in ('queued','sending','uncertain') group by channel_id
      union all
      select channel_id, 0, count(*) from source_item where outcome = 'quarantined' group by channel_id
    ) counted group by channel_id`.execute(db);
  return new Map(rows.map(({ channel_id, queued, quarantined }) => [channel_id, { queued, quarantined }]));
}
