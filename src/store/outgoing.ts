import { sql } from 'kysely';
import type { Parts } from '../core/parts.ts';
import type { Database, Db, Tx } from './database.ts';
import type { ChannelState, Complaint, Message, Publication, PublicationState } from './schema.ts';

// Named one by one: a prepared `p.*` fails once a migration has added a column.
const COLUMNS = sql.join(
  (
    [
      'id', 'position', 'complaint_id', 'channel_id', 'draft_id', 'kind', 'target_hash', 'target', 'text', 'detail',
      'attachment_ids', 'state', 'attempt', 'owner', 'lease_until', 'next_at', 'first_attempt_at', 'uncertain_at',
      'checks', 'needs_person', 'reason', 'explanation', 'published_id', 'published_hash', 'permalink', 'published_at',
      'receipt', 'confirmed_by', 'created_at', 'parts',
    ] as const satisfies readonly (keyof Publication)[]
  ).map((name) => sql.ref(`p.${name}`)),
); // biome-ignore format: one glance

export interface Claim {
  channelId: string;
  owner: string;
  leaseMs: number;
  limit: number;
}

/**
 * Takes queued publications and makes them `sending`, in one commit, before any request leaves. Answers of one
 * complaint go in order: one is taken only when every earlier one is settled (only an answer that waits for a
 * person holds back the next). A sensitive complaint publishes nothing, and neither does a channel that is paused or
 * held.
 */
export async function claimQueued(db: Db, claim: Claim): Promise<Publication[]> {
  const { rows } = await sql<Publication>`
    /* claim queued */ with due as (
      select p.id from publication p
      where p.channel_id = ${claim.channelId} and p.state = 'queued' and not p.needs_person and p.next_at <= now()
        and not exists (select 1 from publication e where e.complaint_id = p.complaint_id
          and e.position < p.position and e.state in ('queued','sending','uncertain')
          and not (e.kind <> 'answer' and e.needs_person))
        and not exists (select 1 from complaint c where c.id = p.complaint_id and c.sensitive)
        and not exists (select 1 from channel_state s where s.channel_id = ${claim.channelId}
          and (s.paused_at is not null or s.publish_not_before > now()))
      order by p.next_at, p.position limit ${claim.limit} for update of p skip locked
    ), taken as (
      update publication p set state = 'sending', attempt = p.attempt + 1, owner = ${claim.owner},
        lease_until = now() + ${claim.leaseMs} * interval '1 millisecond',
        first_attempt_at = coalesce(p.first_attempt_at, now()), reason = null, explanation = null
      from due where p.id = due.id returning ${COLUMNS}
    ), noted as (
      insert into publication_attempt (publication_id, attempt, owner) select id, attempt, owner from taken
    )
    select * from taken order by position`.execute(db);
  return rows;
}

/**
 * What is queued on a channel that nobody but a person publishes on is theirs from now on; `withinMs`: how soon it should
 * stand there. They say at once what was to go out in parts, unless some of it stands already. A sensitive complaint publishes nothing, and neither does a channel that is paused.
 */
export async function handToPeople(tx: Tx, channelId: string, withinMs: number): Promise<Publication[]> {
  const { rows } = await sql<Publication>`/* hand to people */ update publication p set state = 'assist',
      next_at = now() + ${withinMs} * interval '1 millisecond', reason = null, explanation = null,
      parts = case when jsonb_array_length(p.parts->'done') > 0 then p.parts end
    where p.channel_id = ${channelId} and p.state = 'queued' and not p.needs_person
      and not exists (select 1 from complaint c where c.id = p.complaint_id and c.sensitive)
      and not exists (select 1 from channel_state s where s.channel_id = ${channelId} and s.paused_at is not null)
    returning ${COLUMNS}`.execute(tx);
  return rows;
}

/** Takes uncertain publications whose next look is due, for `leaseMs`; the attempt stays as it is. */
export async function claimUncertain(db: Database, claim: Claim): Promise<Publication[]> {
  const { rows } = await sql<Publication>`
    with due as (
      select id from publication
      where channel_id = ${claim.channelId} and state = 'uncertain' and not needs_person and next_at <= now()
        and (lease_until is null or lease_until < now())
      order by next_at limit ${claim.limit} for update skip locked
    )
    update publication p set owner = ${claim.owner}, lease_until = now() + ${claim.leaseMs} * interval '1 millisecond',
      checks = p.checks + 1
    from due where p.id = due.id returning p.*`.execute(db);
  return rows;
}

/**
 * What an adapter may need beside the publication: the ticket number of whoever is answered (a merged complaint keeps its
 * own), the agency, and the author of the message it answers.
 */
export async function aboutOutgoing(
  db: Db,
  publicationIds: readonly string[],
): Promise<Map<string, Pick<Complaint, 'ticket_no' | 'agency_id'> & Pick<Message, 'author_sealed'>>> {
  const { rows } = await sql<Pick<Complaint, 'id' | 'ticket_no' | 'agency_id'> & Pick<Message, 'author_sealed'>>`
    /* about outgoing */ select p.id, c.agency_id, m.author_sealed,
      case when linked.id is not null then linked.ticket_no when own.id is not null then own.ticket_no else c.ticket_no end
        as ticket_no
    from publication p join complaint c on c.id = p.complaint_id
      left join message m on m.id = (p.target->>'messageId')::uuid
      left join complaint own on own.id = m.complaint_id
      left join lateral (select d.id, d.ticket_no from complaint d where d.merged_into = own.id
        and d.channel_id = m.channel_id and d.thread_id = m.thread_id
        and (own.channel_id, own.thread_id) is distinct from (d.channel_id, d.thread_id) limit 1) linked on true
    where p.id = any(${publicationIds}::uuid[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}

/** How a publication leaves `sending` or a look-up. */
export interface Settlement {
  id: string;
  attempt: number;
  state: PublicationState;
  afterMs: number;
  needsPerson: boolean;
  reason: string | null;
  explanation: string | null;
  publishedId: string | null;
  publishedHash: Buffer | null;
  permalink: string | null;
  /** Of an answer in parts, where one of them stands now: all that stand, with it. */
  parts: Parts | null;
}

/**
 * Settles publications that are still held by this attempt, and ends the record of each attempt, also where the lease
 * was lost. Returns those it settled; whoever is missing lost the lease. A proof of publication also settles what was
 * declared uncertain meanwhile, or was put back into the queue and has not been sent again: facts are facts. Of an answer in
 * parts it counts for the part that was to be sent, once. What was throttled keeps its place in the queue: its channel waits.
 */
export async function settle(tx: Tx, from: PublicationState, rows: readonly Settlement[]): Promise<SettledRow[]> {
  const column = <T>(get: (row: Settlement) => T) => rows.map(get);
  const { rows: settled } = await sql<SettledRow>`
    /* settle */ with s as (select * from unnest(${column((row) => row.id)}::uuid[], ${column((row) => row.attempt)}::int[],
      ${column((row) => row.state)}::text[], ${column((row) => row.needsPerson)}::boolean[],
      ${column((row) => row.reason)}::text[], ${column((row) => row.explanation)}::text[],
      ${column((row) => row.afterMs)}::float8[], ${column((row) => row.publishedId)}::text[],
      ${column((row) => row.publishedHash)}::bytea[], ${column((row) => row.permalink)}::text[],
      ${column((row) => (row.parts ? JSON.stringify(row.parts) : null))}::jsonb[])
      as s(id, attempt, state, needs_person, reason, explanation, after_ms, published_id, published_hash, permalink, parts)
    ), ended as (
      update publication_attempt a set ended_at = now(), explanation = s.explanation,
        outcome = case when s.parts is not null then 'published' else coalesce(s.reason, s.state) end
      from s where a.publication_id = s.id and a.attempt = s.attempt and a.ended_at is null and ${from} = 'sending'
    )
    update publication p set state = s.state, needs_person = s.needs_person, reason = s.reason,
      explanation = s.explanation, lease_until = null, owner = null, parts = coalesce(s.parts, p.parts),
      next_at = case when s.reason = 'throttled' then p.next_at else now() + s.after_ms * interval '1 millisecond' end,
      first_attempt_at = case when s.parts is not null and s.state = 'queued' then null else p.first_attempt_at end,
      checks = case when s.parts is not null then 0 else p.checks end,
      uncertain_at = case when s.state = 'uncertain' then coalesce(p.uncertain_at, now())
        when s.state = 'queued' then null else p.uncertain_at end,
      published_id = coalesce(s.published_id, p.published_id), published_hash = coalesce(s.published_hash, p.published_hash),
      permalink = coalesce(s.permalink, p.permalink),
      published_at = case when s.state = 'published' then coalesce(p.published_at, now()) else p.published_at end
    from s
    where p.id = s.id and p.attempt = s.attempt
      and (p.state = ${from}
        or ((s.state = 'published' or s.parts is not null) and p.state in ('queued','sending','uncertain')))
      and (s.parts is null or jsonb_array_length(p.parts->'done') = jsonb_array_length(s.parts->'done') - 1)
    returning p.id, p.complaint_id, p.channel_id, p.kind, p.state, p.text, p.target, p.attempt, p.published_id,
      p.permalink, p.detail, p.parts`.execute(tx);
  return settled;
}

/** The numbers by which people at a portal know reports of ours. */
export async function saveReferences(tx: Tx, rows: readonly { id: string; reference: string }[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`update publication p set detail = coalesce(nullif(p.detail, 'null'::jsonb), '{}'::jsonb) || jsonb_build_object('reference', r.reference)
    from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.reference)}::text[]) as r(id, reference)
    where p.id = r.id and p.state = 'published'`.execute(tx);
}

export type SettledRow = Pick<
  Publication,
  | 'id'
  | 'complaint_id'
  | 'channel_id'
  | 'kind'
  | 'state'
  | 'text'
  | 'target'
  | 'attempt'
  | 'published_id'
  | 'permalink'
  | 'detail'
  | 'parts'
>;

/** Keeps how an answer is divided, before any of it leaves; false: this attempt has lost its lease. */
export async function keepParts(db: Db, { id, attempt }: Pick<Publication, 'id' | 'attempt'>, parts: Parts) {
  const { rows } = await sql<{ id: string }>`update publication set parts = ${JSON.stringify(parts)}::jsonb
    where id = ${id} and attempt = ${attempt} and state = 'sending' and parts is null returning id`.execute(db);
  return rows.length > 0;
}

/** `sending` whose lease has passed: the request may or may not have left. Only now is that doubt declared. */
export async function expiredSending(
  tx: Tx,
  limit: number,
): Promise<Pick<Publication, 'id' | 'attempt' | 'channel_id' | 'parts'>[]> {
  const { rows } = await sql<Pick<Publication, 'id' | 'attempt' | 'channel_id' | 'parts'>>`
    select id, attempt, channel_id, parts from publication where state = 'sending' and lease_until < now()
    order by lease_until limit ${limit} for update skip locked`.execute(tx);
  return rows;
}

/** May this channel publish now? Not while paused, nor before the time a throttle or dead credentials set. */
export async function publishingHeld(db: Db, channelId: string): Promise<number | 'paused' | null> {
  const row = await db
    .selectFrom('channel_state')
    .select(['paused_at', 'publish_not_before'])
    .select(sql<string>`extract(epoch from publish_not_before - now()) * 1000`.as('wait'))
    .where('channel_id', '=', channelId)
    .executeTakeFirst();
  if (row?.paused_at) return 'paused';
  const wait = Number(row?.wait ?? 0);
  return wait > 0 ? wait : null;
}

/** Channels with something to publish, or something uncertain to look up, that has been due for `ms`. */
export async function dueChannels(
  db: Db,
  state: 'queued' | 'uncertain',
  ms: number,
): Promise<ChannelState['channel_id'][]> {
  const { rows } = await sql<{ channel_id: string }>`select distinct channel_id from publication
    where state = ${state} and not needs_person and next_at < now() - ${ms} * interval '1 millisecond'`.execute(db);
  return rows.map((row) => row.channel_id);
}

/** How many sends of a channel began within the last `ms`. */
export async function attemptsSince(db: Db, channelId: string, ms: number): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) from publication_attempt a
    join publication p on p.id = a.publication_id
    where p.channel_id = ${channelId} and a.started_at > now() - ${ms} * interval '1 millisecond'`.execute(db);
  return Number(rows[0]?.count ?? 0);
}

const DAY_MS = 86_400_000;

/**
 * Sends of a channel within the last 24 hours that may have reached its server: how many, and in how many milliseconds
 * the first of them is a day old.
 */
export async function sendsOfDay(db: Db, channelId: string): Promise<{ count: number; freeInMs: number }> {
  const { rows } = await sql<{ count: string; age: string | null }>`
    select count(*) as count, extract(epoch from now() - min(a.started_at)) * 1000 as age from publication_attempt a
    join publication p on p.id = a.publication_id
    where p.channel_id = ${channelId} and a.started_at > now() - ${DAY_MS} * interval '1 millisecond'
      and (a.outcome is null or a.outcome not in ('unreachable','auth','throttled'))`.execute(db);
  const { count = '0', age } = rows[0] ?? {};
  return { count: Number(count), freeInMs: Math.max(0, DAY_MS - Number(age ?? 0)) };
}

/** Until the transaction ends, no other worker counts or claims on this channel. */
export async function lockClaims(tx: Tx, channelId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${`publish ${channelId}`}))`.execute(tx);
}

/** What each place of a complaint was last told, and when: by `<complaint> <channel>` the name of the state there. */
export async function lastStatuses(
  db: Db,
  complaintIds: readonly string[],
): Promise<Map<string, { name: string; at: Date }>> {
  const { rows } = await sql<{ complaint_id: string; channel_id: string; name: string; created_at: Date }>`
    select distinct on (complaint_id, channel_id) complaint_id, channel_id,
      coalesce(detail->>'code', detail->>'label') as name, created_at from publication
    where complaint_id = any(${complaintIds}::uuid[]) and kind = 'status' and state not in ('refused','cancelled')
    order by complaint_id, channel_id, position desc`.execute(db);
  return new Map(rows.map((row) => [`${row.complaint_id} ${row.channel_id}`, { name: row.name, at: row.created_at }]));
}
