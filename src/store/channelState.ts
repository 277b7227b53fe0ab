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

/**
 * Sets a channel's health; `health_since` moves only when the state changes. Gives the state before, when it changed.
 * While credentials are dead, lesser troubles say nothing: only a success ends that.
 */
export async function setHealth(
  db: Db,
  channelId: string,
  health: HealthState,
  reason: string | null,
  unreachable = false,
): Promise<HealthState | null> {
  const { rows } = await sql<{ before: HealthState }>`
    update channel_state c set health = ${health}, health_reason = ${reason}, unreachable = ${unreachable},
      health_since = case when c.health = ${health} then c.health_since else now() end
    from (select channel_id, health from channel_state where channel_id = ${channelId} for update) old
    where c.channel_id = old.channel_id and (c.health <> ${health} or c.health_reason is distinct from ${reason} or c.unreachable <> ${unreachable})
      and not (old.health = 'authNeeded' and ${health} in ('degraded','throttled','quotaSpent'))
    returning old.health as before`.execute(db);
  const before = rows[0]?.before;
  return before && before !== health ? before : null;
}

/** Until when a quota of the platform is spent: that of reading, or of sending. */
export async function setQuota(db: Db, channelId: string, until: Date, reading: boolean): Promise<void> {
  const spent = { quota_until: until, quota_reading: reading };
  await db.updateTable('channel_state').set(spent).where('channel_id', '=', channelId).execute();
}

/** What waited for new credentials may go out at once. */
export async function clearHold(db: Db, channelId: string): Promise<void> {
  await db.updateTable('channel_state').set({ publish_not_before: null }).where('channel_id', '=', channelId).execute();
  await db
    .updateTable('publication')
    .set({ next_at: sql<Date>`now()` })
    .where('channel_id', '=', channelId)
    .where('state', '=', 'queued')
    .where('reason', '=', 'auth')
    .execute();
}

/** What shows that a channel works: something was sent, or read, or its credentials were looked at. */
export type Proof = 'sent' | 'read' | 'checked';

/** How a channel is while nothing fails. */
export interface Wellness {
  health: 'ok' | 'awaitingAccess';
  reason: string | null;
}

/**
 * The channel is well; not, though, while its quota is spent: that ends with time, or when that works again for which it was
 * spent. For what was merely read not while its publishing is held. Gives the state before, when that is news.
 */
export async function setWell(
  db: Db,
  channelId: string,
  after: Proof,
  { health, reason }: Wellness,
): Promise<HealthState | null> {
  const reading = after === 'read';
  const met = after === 'checked' ? null : reading;
  const { rows } = await sql<{ before: HealthState }>`
    update channel_state c set health = ${health}, health_reason = ${reason}, unreachable = false, health_since = now(), quota_until = null,
      quota_reading = null
    from (select channel_id, health from channel_state where channel_id = ${channelId} for update) old
    where c.channel_id = old.channel_id and old.health not in (${health}, 'silent')
      and (old.health <> 'quotaSpent' or c.quota_reading = ${met}::boolean or c.quota_until <= now())
      and (not ${reading}::boolean or c.publish_not_before is null or c.publish_not_before <= now())
    returning old.health as before`.execute(db);
  return rows[0]?.before ?? null;
}

/** The day's sends are possible again, of which no quota of the platform's own speaks. Returns whether that is news. */
export async function endQuota(db: Db, channelId: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('channel_state')
    .set({ health: 'ok', health_reason: null, health_since: sql<Date>`now()` })
    .where('channel_id', '=', channelId)
    .where('health', '=', 'quotaSpent')
    .where('quota_until', 'is', null)
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
