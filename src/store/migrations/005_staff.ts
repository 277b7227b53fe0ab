import { type Kysely, sql } from 'kysely';

/** How staff are told of work: their number, encrypted, and of what they want to hear. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table app_user add column phone bytea`.execute(db);
  await sql`create table notice_choice (
    user_id uuid not null references app_user on delete cascade,
    kind text not null,
    told_at timestamptz(3) not null default now(),
    primary key (user_id, kind)
  )`.execute(db);
}
