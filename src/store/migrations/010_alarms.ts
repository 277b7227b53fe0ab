import { type Kysely, sql } from 'kysely';

/** What is wrong with channels and who was told; the rhythm of each channel; ends of certificates. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table channel_state
    add column unreachable boolean not null default false,
    add column certificate_expires_at timestamptz(3),
    add column quiet_ms double precision`.execute(db);
  await sql`create table alarm (
    id uuid primary key,
    key text not null unique,
    channel_id text,
    kind text not null,
    since timestamptz(3) not null,
    evidence text not null,
    advice text not null,
    raised_at timestamptz(3) not null default now(),
    ended_at timestamptz(3)
  )`.execute(db);
  await sql`create index alarm_open on alarm (channel_id) where ended_at is null`.execute(db);
  await sql`create table alarm_message (
    alarm_id uuid not null references alarm on delete cascade,
    recipient text not null,
    news text not null,
    key uuid not null,
    tries int not null default 0,
    next_at timestamptz(3) not null default now(),
    told_at timestamptz(3),
    reason text,
    primary key (alarm_id, recipient, news)
  )`.execute(db);
  await sql`create index alarm_message_due on alarm_message (next_at) where told_at is null`.execute(db);
}
