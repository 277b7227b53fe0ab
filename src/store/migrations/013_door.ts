import { type Kysely, sql } from 'kysely';

/** The citizen's own door: guesses at access codes, and photos of forms that were not sent off yet. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Not logged: after a crash the counting begins anew, and photos are asked for again.
  await sql`create unlogged table door_guess (
    subject bytea primary key,
    since timestamptz(3) not null,
    tries int not null
  )`.execute(db);
  await sql`create unlogged table door_photo (
    form text not null,
    position int not null,
    name text not null,
    mime text not null,
    size int not null,
    sealed bytea not null,
    expires_at timestamptz(3) not null,
    primary key (form, position)
  )`.execute(db);
  await sql`create index publication_message on publication ((target->>'messageId')) where kind = 'answer'`.execute(db);
  await sql`create index door_photo_expires on door_photo (expires_at)`.execute(db);
}
