import { type Kysely, sql } from 'kysely';

/** What people enter at the hub itself, and what they publish by hand. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table source_item add column entered boolean not null default false`.execute(db);
  await sql`create index message_reached on message (channel_id, thread_id)
    where direction = 'out' and ref ? 'reached'`.execute(db);
  await sql`create index publication_assist on publication (next_at) where state = 'assist'`.execute(db);
}
