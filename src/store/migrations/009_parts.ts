import { type Kysely, sql } from 'kysely';

/** An answer that is too long for one message goes out in parts; and until when a channel's quota is spent. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table publication add column parts jsonb`.execute(db);
  await sql`alter table channel_state add column quota_until timestamptz, add column quota_reading boolean`.execute(db);
}
