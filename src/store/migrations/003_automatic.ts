import { type Kysely, sql } from 'kysely';

/** When something last went out by itself to an address, by its blind index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table automatic_mail (
    channel_id text not null,
    blind bytea not null,
    last_at timestamptz not null default now(),
    primary key (channel_id, blind)
  )`.execute(db);
}
