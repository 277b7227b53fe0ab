import { sql } from 'kysely';
import { type Db, jsonb, type Tx } from './database.ts';

/** Takes the right to look after a channel now. Undefined: it is not due, or it is paused. Times in milliseconds. */
export async function claimCare(
  db: Db,
  channelId: string,
  { every, whenDead }: { every: number; whenDead: number },
): Promise<{ wasDead: boolean } | undefined> {
  const { rows } = await sql<{ wasDead: boolean }>`
    update channel_state set cared_at = now()
    where channel_id = ${channelId} and paused_at is null and (cared_at is null or cared_at <= now()
      - (case when health = 'authNeeded' then ${whenDead}::float8 else ${every}::float8 end) * interval '1 millisecond')
    returning health = 'authNeeded' as "wasDead"`.execute(db);
  return rows[0];
}

/** Keeps what was found, and gives the warnings that stood before. */
export async function saveCare(
  tx: Tx,
  channelId: string,
  found: { expiresAt: Date | null; certificateExpiresAt: Date | null; warnings: string[] },
): Promise<string[]> {
  const mine = tx.selectFrom('channel_state').where('channel_id', '=', channelId);
  const row = await mine.select('warnings').forUpdate().executeTakeFirst();
  await tx
    .updateTable('channel_state')
    .set({
      credentials_expire_at: found.expiresAt,
      certificate_expires_at: found.certificateExpiresAt,
      warnings: jsonb(found.warnings),
    })
    .where('channel_id', '=', channelId)
    .execute();
  return row?.warnings ?? [];
}
