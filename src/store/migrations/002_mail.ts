import { type Kysely, sql } from 'kysely';

/** What mail knows of a message: whether its author is proven, whether they belong here, and what was quoted. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table message
    add column stranger boolean not null default false,
    add column verified boolean,
    add column full_body jsonb`.execute(db);
  await sql`create index complaint_merged on complaint (merged_into) where merged_into is not null`.execute(db);
}
