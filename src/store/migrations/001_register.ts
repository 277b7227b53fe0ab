import { type Kysely, sql } from 'kysely';

/** The register: what came in, what it became, what goes out, who did what. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

// Platform ids can be longer than an index row may be (about 2.7 kB), so uniqueness stands on their SHA-256.
const STATEMENTS = [
  'create extension if not exists btree_gin',

  // ---- in ----------------------------------------------------------------------------------------------------
  `create table envelope (
    id uuid primary key,
    endpoint text not null,
    adapter text not null,
    dedupe bytea not null unique,
    sealed bytea not null,
    received_at timestamptz not null default now(),
    deliveries integer not null default 1,
    outcome text not null default 'waiting' check (outcome in ('waiting','done','quarantined')),
    tries integer not null default 0,
    reason text,
    items integer
  )`,
  `alter table envelope alter column sealed set storage external`,
  `create index envelope_waiting on envelope (endpoint, id) where outcome = 'waiting'`,
  `create index envelope_quarantined on envelope (id) where outcome = 'quarantined'`,

  `create table source_item (
    id uuid primary key,
    channel_id text not null,
    key_hash bytea not null,
    key text not null,
    envelope_id uuid,
    sealed bytea not null,
    received_at timestamptz not null,
    outcome text not null default 'waiting'
      check (outcome in ('waiting','applied','ignored','pending','quarantined')),
    tries integer not null default 0,
    reason text,
    object_hash bytea,
    thread_hash bytea,
    complaint_id uuid,
    unique (channel_id, key_hash)
  )`,
  `alter table source_item alter column sealed set storage external`,
  `create index source_item_waiting on source_item (channel_id, id) where outcome = 'waiting'`,
  `create index source_item_pending_object on source_item (channel_id, object_hash) where outcome = 'pending'`,
  `create index source_item_pending_thread on source_item (channel_id, thread_hash) where outcome = 'pending'`,
  `create index source_item_quarantined on source_item (id) where outcome = 'quarantined'`,

  // ---- the register ------------------------------------------------------------------------------------------
  `create table reporter (
    id uuid primary key,
    contact bytea,
    created_at timestamptz not null default now()
  )`,
  `create table reporter_identity (
    channel_id text not null,
    blind bytea not null,
    reporter_id uuid not null references reporter,
    primary key (channel_id, blind)
  )`,

  `create table complaint (
    id uuid primary key,
    ticket_no text unique,
    state text not null,
    channel_id text not null,
    adapter text not null,
    surface text not null,
    public boolean not null,
    thread_id text not null,
    thread_hash bytea not null,
    title text,
    body text not null,
    kind text,
    oversight boolean,
    category text,
    agency_id text,
    unit_id text,
    assignee_id uuid,
    anonymous boolean not null default false,
    secret boolean not null default false,
    sensitive boolean not null default false,
    sensitive_by uuid,
    reaction_pending boolean not null default false,
    rating integer,
    location jsonb,
    permalink text,
    context jsonb,
    source_status jsonb,
    merged_into uuid references complaint,
    opening_message_id uuid,
    reporter_id uuid references reporter,
    messages integer not null default 1,
    occurred_at timestamptz,
    received_at timestamptz not null,
    recorded_at timestamptz not null default now(),
    last_activity_at timestamptz not null,
    triaged_at timestamptz,
    answered_at timestamptz,
    closed_at timestamptz,
    event_seq integer not null default 0,
    event_head bytea,
    search tsvector
  )`,
  `create index complaint_thread on complaint (channel_id, thread_hash, id desc)`,
  `create index complaint_activity on complaint (last_activity_at desc, id desc)`,
  `create index complaint_agency on complaint (agency_id, last_activity_at desc, id desc)`,
  `create index complaint_state on complaint (state, last_activity_at desc, id desc)`,
  `create index complaint_channel on complaint (channel_id, last_activity_at desc, id desc)`,
  `create index complaint_assignee on complaint (assignee_id, last_activity_at desc, id desc) where assignee_id is not null`,
  `create index complaint_reaction on complaint (last_activity_at desc, id desc) where reaction_pending`,
  `create index complaint_search on complaint using gin (agency_id, search)`,

  `create table message (
    id uuid primary key,
    complaint_id uuid not null references complaint,
    channel_id text not null,
    object_id text not null,
    object_hash bytea not null,
    thread_id text not null,
    parent_id text,
    direction text not null check (direction in ('in','out')),
    surface text not null,
    title text,
    text text not null,
    author_sealed bytea,
    reporter_id uuid references reporter,
    automated boolean not null default false,
    outside_hub boolean not null default false,
    publication_id uuid,
    ref jsonb,
    permalink text,
    at timestamptz not null,
    version_at timestamptz not null,
    created_seen boolean not null default true,
    edited boolean not null default false,
    deleted_at timestamptz,
    received_at timestamptz not null,
    unique (channel_id, object_hash)
  )`,
  `create index message_complaint on message (complaint_id, at, id)`,

  `create table message_version (
    message_id uuid not null references message,
    at timestamptz not null,
    hash bytea not null,
    title text,
    text text not null,
    recorded_at timestamptz not null default now(),
    primary key (message_id, at, hash)
  )`,

  `create table attachment (
    id uuid primary key,
    message_id uuid references message,
    complaint_id uuid references complaint,
    channel_id text,
    position integer not null,
    name text not null,
    mime text,
    size integer,
    sha256 text,
    state text not null default 'waiting' check (state in ('waiting','stored','failed','refused')),
    reason text,
    source_sealed bytea,
    tries integer not null default 0,
    next_at timestamptz not null default now(),
    uploaded_by uuid,
    created_at timestamptz not null default now()
  )`,
  `create index attachment_message on attachment (message_id, position)`,
  `create index attachment_complaint on attachment (complaint_id)`,
  `create index attachment_waiting on attachment (channel_id, next_at) where state = 'waiting'`,

  `create table note (
    id uuid primary key,
    complaint_id uuid not null references complaint,
    user_id uuid not null,
    text text not null,
    created_at timestamptz not null default now()
  )`,
  `create index note_complaint on note (complaint_id, id)`,

  // ---- out ---------------------------------------------------------------------------------------------------
  `create table draft (
    id uuid primary key,
    complaint_id uuid not null references complaint,
    number integer not null,
    text text not null,
    attachment_ids jsonb not null default '[]',
    targets jsonb not null,
    content_hash bytea not null,
    state text not null check (state in ('awaiting_approval','approved','returned','superseded')),
    author_id uuid not null,
    created_at timestamptz not null default now(),
    unique (complaint_id, number)
  )`,
  `create table approval (
    draft_id uuid primary key references draft,
    content_hash bytea not null,
    approved_by uuid not null,
    approved_at timestamptz not null default now()
  )`,

  `create table publication (
    id uuid primary key,
    position bigint generated always as identity,
    complaint_id uuid not null references complaint,
    channel_id text not null,
    draft_id uuid references draft,
    kind text not null check (kind in ('answer','receipt','status','forward')),
    target_hash bytea not null,
    target jsonb not null,
    text text not null,
    detail jsonb,
    attachment_ids jsonb not null default '[]',
    state text not null default 'queued'
      check (state in ('queued','sending','published','refused','uncertain','assist','cancelled')),
    attempt integer not null default 0,
    owner text,
    lease_until timestamptz,
    next_at timestamptz not null default now(),
    first_attempt_at timestamptz,
    uncertain_at timestamptz,
    checks integer not null default 0,
    needs_person boolean not null default false,
    reason text,
    explanation text,
    published_id text,
    published_hash bytea,
    permalink text,
    published_at timestamptz,
    receipt jsonb,
    confirmed_by uuid,
    created_at timestamptz not null default now()
  )`,
  `create unique index publication_once on publication (draft_id, target_hash) where draft_id is not null`,
  `create unique index publication_receipt_once on publication (complaint_id) where kind = 'receipt'`,
  `create index publication_due on publication (channel_id, next_at, position) where state in ('queued','uncertain') and not needs_person`,
  `create index publication_sending on publication (lease_until) where state = 'sending'`,
  `create index publication_open on publication (complaint_id, position) where state in ('queued','sending','uncertain')`,
  `create index publication_complaint on publication (complaint_id, position)`,
  `create index publication_published on publication (channel_id, published_hash) where published_hash is not null`,
  `create index publication_person on publication (id desc) where needs_person or state in ('refused','uncertain','assist')`,

  `create table publication_attempt (
    publication_id uuid not null references publication,
    attempt integer not null,
    owner text not null,
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    outcome text,
    explanation text,
    primary key (publication_id, attempt)
  )`,
  `create index publication_attempt_recent on publication_attempt (started_at)`,

  // ---- the trail ---------------------------------------------------------------------------------------------
  `create table event (
    id uuid primary key,
    complaint_id uuid,
    seq integer not null,
    at timestamptz not null default now(),
    actor text not null,
    type text not null,
    data jsonb not null,
    prev bytea,
    hash bytea not null
  )`,
  `create unique index event_chain on event (complaint_id, seq) nulls not distinct`,
  `create index event_time on event (id desc) where complaint_id is null`,
  `create table event_reason (
    event_id uuid primary key references event,
    text text not null
  )`,
  `create table outbox (
    id uuid primary key,
    complaint_id uuid not null references complaint,
    type text not null,
    at timestamptz not null default now(),
    due_at timestamptz not null default now(),
    state text,
    queued_at timestamptz,
    done_at timestamptz
  )`,
  `create index outbox_unqueued on outbox (id) where queued_at is null and done_at is null`,
  `create index outbox_waiting on outbox (due_at, id) where done_at is null`,
  `create index outbox_complaint on outbox (complaint_id) where done_at is null`,
  `create table access_log (
    id uuid primary key,
    at timestamptz not null default now(),
    user_id uuid not null,
    complaint_id uuid not null,
    what text not null
  )`,
  `create index access_log_complaint on access_log (complaint_id, id)`,

  // ---- running -----------------------------------------------------------------------------------------------
  `create table channel_state (
    channel_id text primary key,
    cursor jsonb,
    poll_owner text,
    poll_lease_until timestamptz,
    polled_at timestamptz,
    poll_error text,
    health text not null default 'ok',
    health_since timestamptz not null default now(),
    health_reason text,
    paused_at timestamptz,
    paused_by uuid,
    publish_not_before timestamptz,
    credentials_expire_at timestamptz,
    last_item_at timestamptz
  )`,
  `create table lease (
    name text primary key,
    owner text not null,
    until timestamptz not null
  )`,
  `create table channel_value (
    channel_id text not null,
    key text not null,
    sealed bytea,
    primary key (channel_id, key)
  )`,
  `create table secret (
    name text primary key,
    sealed bytea not null,
    updated_at timestamptz not null default now()
  )`,
  `create table config_load (
    id uuid primary key,
    at timestamptz not null default now(),
    hash text not null,
    snapshot jsonb not null
  )`,

  // ---- people ------------------------------------------------------------------------------------------------
  `create table app_user (
    id uuid primary key,
    login text not null unique,
    name text not null,
    disabled_at timestamptz,
    created_at timestamptz not null default now()
  )`,
  // Who acts when an administrator works at the command line.
  `insert into app_user (id, login, name) values ('00000000-0000-0000-0000-000000000000', 'kanal', 'Baris perintah')`,
  `create table role_grant (
    user_id uuid not null references app_user,
    role text not null,
    agency_id text,
    unit_id text,
    unique nulls not distinct (user_id, role, agency_id, unit_id)
  )`,
  `create table api_key (
    id uuid primary key,
    user_id uuid not null references app_user,
    label text not null,
    hash bytea not null unique,
    agency_id text,
    unit_id text,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at timestamptz
  )`,
];
