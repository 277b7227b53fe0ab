import { sql } from 'kysely';
import type { Rhythm } from '../core/silence.ts';
import type { Db } from './database.ts';

/** How many items each channel had in the last four weeks, and the longest pause between two of them. */
export async function rhythms(db: Db): Promise<(Rhythm & { channelId: string })[]> {
  const { rows } = await sql<Rhythm & { channelId: string }>`
    select channel_id as "channelId", count(*)::int as items,
      coalesce(extract(epoch from max(pause)) * 1000, 0)::float8 as "longestMs"
    from (
      select channel_id, received_at - lag(received_at) over (partition by channel_id order by received_at) as pause
      from source_item where received_at > now() - interval '28 days'
    ) p group by channel_id`.execute(db);
  return rows;
}

export async function saveQuietLimits(db: Db, limits: readonly { channelId: string; ms: number | null }[]) {
  const ids = limits.map(({ channelId }) => channelId);
  await sql`update channel_state c set quiet_ms = l.ms
    from unnest(${ids}::text[], ${limits.map(({ ms }) => ms)}::float8[]) l(id, ms)
    where c.channel_id = l.id`.execute(db);
}

/** A channel that works but is unusually quiet. Since its last item, so that a second look finds the same. */
export async function setSilent(db: Db, channelId: string, since: Date, reason: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('channel_state')
    .set({ health: 'silent', health_since: since, health_reason: reason })
    .where('channel_id', '=', channelId)
    .where('health', '=', 'ok')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function endSilence(db: Db, channelId: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('channel_state')
    .set({ health: 'ok', health_since: at, health_reason: null })
    .where('channel_id', '=', channelId)
    .where('health', '=', 'silent')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
