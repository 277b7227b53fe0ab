import { sql } from 'kysely';
import type { Json } from '#contract';
import { type Db, jsonb } from './database.ts';
import type { ChannelState, HealthState } from './schema.ts';

/** Makes sure that every configured channel has its row. */
export async function ensureChannels(db: Db, channelIds: readonly string[]): Promise<void> {
  if (channelIds.length === 0) return;
  const rows = channelIds.map((channel_id) => ({ channel_id, cursor: null }) as const);
  await db
    .insertInto('channel_state')
    .values(rows as never)
    .onConflict((on) => on.doNothing())
    .execute();
}

/** Takes the right to poll a channel for `ms`; undefined when somebody else has it, or the channel is paused. */
export async function leasePoll(
  db: Db,
  channelId: string,
  owner: string,
  ms: number,
): Promise<ChannelState | undefined> {
  return db
    .updateTable('channel_state')
    .set({ poll_owner: owner, poll_lease_until: sql<Date>`now() + ${ms} * interval '1 millisecond'` })
    .where('channel_id', '=', channelId)
    .where('paused_at', 'is', null)
    .where((on) => on.or([on('poll_lease_until', 'is', null), on('poll_lease_until', '<', sql<Date>`now()`)]))
    .returningAll()
    .executeTakeFirst();
}

/** Moves the cursor, if the lease is still ours. */
export async function saveCursor(tx: Db, channelId: string, owner: string, cursor: Json, ms: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('channel_state')
    .set({ cursor: jsonb(cursor), poll_lease_until: sql<Date>`now() + ${ms} * interval '1 millisecond'` })
    .where('channel_id', '=', channelId)
    .where('poll_owner', '=', owner)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export async function endPoll(db: Db, channelId: string, owner: string, error: string | null): Promise<void> {
  await db
    .updateTable('channel_state')
    .set({ poll_owner: null, poll_lease_until: null, polled_at: sql<Date>`now()`, poll_error: error })
    .where('channel_id', '=', channelId)
    .where('poll_owner', '=', owner)
    .execute();
}

/** Sets a channel's health; `health_since` moves only when the state changes. Returns whether it changed. */
export async function setHealth(
  db: Db,
  channelId: string,
  health: HealthState,
  reason: string | null,
): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean }>`
    update channel_state c set health = ${health}, health_reason = ${reason},
      health_since = case when c.health = ${health} then c.health_since else now() end
    from (select channel_id, health from channel_state where channel_id = ${channelId} for update) old
    where c.channel_id = old.channel_id and (c.health <> ${health} or c.health_reason is distinct from ${reason})
    returning old.health <> ${health} as changed`.execute(db);
  return rows[0]?.changed ?? false;
}

/**
 * The channel is well; not, though, while its quota of sends is spent, which only time ends, and for what was merely read
 * (`reading`) not while its publishing is held. Returns whether that is news.
 */
export async function setWell(db: Db, channelId: string, reading: boolean): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('channel_state')
    .set({ health: 'ok', health_reason: null, health_since: sql<Date>`now()` })
    .where('channel_id', '=', channelId)
    .where('health', 'not in', ['ok', 'quotaSpent'])
    .$if(reading, (query) =>
      query.where((on) =>
        on.or([on('publish_not_before', 'is', null), on('publish_not_before', '<=', sql<Date>`now()`)]),
      ),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The day's sends are possible again. Returns whether that is news. */
export async function endQuota(db: Db, channelId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('channel_state')
    .set({ health: 'ok', health_reason: null, health_since: sql<Date>`now()` })
    .where('channel_id', '=', channelId)
    .where('health', '=', 'quotaSpent')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Nothing goes out on this channel before then. */
export async function holdPublishing(db: Db, channelId: string, ms: number): Promise<void> {
  await db
    .updateTable('channel_state')
    .set({ publish_not_before: sql<Date>`now() + ${ms} * interval '1 millisecond'` })
    .where('channel_id', '=', channelId)
    .execute();
}

/** Channels that nobody has polled for more than twice their rhythm (at least 10 s). */
export async function overduePolls(db: Db, rhythms: readonly { id: string; every: number }[]): Promise<string[]> {
  if (rhythms.length === 0) return [];
  const { rows } = await sql<{ channel_id: string }>`
    select s.channel_id from channel_state s
    join unnest(${rhythms.map((one) => one.id)}::text[], ${rhythms.map((one) => one.every)}::float8[]) r(id, every)
      on r.id = s.channel_id
    where s.paused_at is null and (s.poll_lease_until is null or s.poll_lease_until < now())
      and coalesce(s.polled_at, 'epoch') < now() - greatest(2 * r.every, 10000) * interval '1 millisecond'`.execute(db);
  return rows.map((row) => row.channel_id);
}
