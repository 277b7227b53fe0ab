import { type Kysely, sql } from 'kysely';

/** Events that only name their object, and what regular care for an account found. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS = [
  'alter table source_item drop constraint source_item_outcome_check',
  `alter table source_item add constraint source_item_outcome_check
    check (outcome in ('incomplete','waiting','applied','ignored','pending','quarantined'))`,
  `create index source_item_incomplete on source_item (channel_id, id) where outcome = 'incomplete'`,
  'alter table draft add column window_alarm_at timestamptz',
  `alter table channel_state add column cared_at timestamptz, add column warnings jsonb not null default '[]'`,
];
