import { type Kysely, sql } from 'kysely';

/** Why something is no complaint, and what looks like the same report: its words, its place, its reporter elsewhere. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await trigrams(db);
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const NEEDED = 'create extension if not exists pg_trgm';

/** Embedded PostgreSQL brings it; an external one may lack the package, or not let this user create it. */
async function trigrams(db: Kysely<unknown>): Promise<void> {
  try {
    await sql.raw(NEEDED).execute(db);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const advice =
      'install the contrib package of its version (Debian: postgresql-contrib), then run "' +
      `${NEEDED}" in this database as its administrator, and start the hub again`;
    throw new Error(`PostgreSQL does not give the extension pg_trgm (${why}); ${advice}`, { cause: error });
  }
}

const STATEMENTS = [
  `alter table complaint
    add column dismissed_as text check (dismissed_as in ('praise','spam','test','own')),
    add column dismissed_rule text`,

  // Apart from the complaint, whose row changes often: each change would write all trigrams again.
  `create table likeness (
    complaint_id uuid primary key references complaint on delete cascade,
    at timestamptz not null,
    week integer not null,
    said bytea not null,
    words text not null,
    reporter_id uuid,
    lat double precision,
    lon double precision
  )`,
  // With the week first, only what came at about the same time is compared word by word.
  `create index likeness_words on likeness using gin (week, words gin_trgm_ops)`,
  `create index likeness_reporter on likeness (reporter_id, at) where reporter_id is not null`,
  `create index likeness_said on likeness (said, at)`,
  `create index likeness_place on likeness (lat, lon) where lat is not null`,

  `insert into likeness (complaint_id, at, week, said, words, reporter_id, lat, lon)
    select id, received_at, floor(extract(epoch from received_at) / 604800), sha256(convert_to(lower(btrim(regexp_replace(body, '\\s+', ' ', 'g'))), 'UTF8')),
      case when body = '' then '' else lower(left(coalesce(title || ' ', '') || body, 200)) end, reporter_id,
      (location->>'lat')::double precision, (location->>'lon')::double precision
    from complaint`,

  // The blind index of a phone number or e-mail address: finds the same one elsewhere, and tells nothing else.
  `create table reporter_contact (
    blind bytea not null,
    reporter_id uuid not null references reporter,
    primary key (blind, reporter_id)
  )`,
  `create index reporter_contact_of on reporter_contact (reporter_id)`,

  `create table not_duplicate (
    a uuid not null references complaint,
    b uuid not null references complaint,
    user_id uuid not null,
    at timestamptz not null,
    primary key (a, b),
    check (a < b)
  )`,
];
