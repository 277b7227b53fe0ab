import { sql } from 'kysely';
import { insertRecords, type Row } from './bulk.ts';
import type { Db, Tx } from './database.ts';
import type { Complaint, Message, NewComplaint, PublicationState } from './schema.ts';

/** The parts of a complaint that decide where a message goes. */
export type ThreadComplaint = Pick<
  Complaint,
  | ('id' | 'state' | 'thread_hash' | 'merged_into' | 'opening_message_id' | 'last_activity_at' | 'source_status')
  | 'sensitive'
>;

const THREAD_COLUMNS = [
  'id',
  'state',
  'thread_hash',
  'merged_into',
  'opening_message_id',
  'last_activity_at',
  'source_status',
  'sensitive',
] as const;

/** The newest complaint of each thread, locked; a merged one is followed to the complaint it went into. */
export async function newestOfThreads(
  tx: Tx,
  channelId: string,
  hashes: readonly Buffer[],
): Promise<Map<string, ThreadComplaint>> {
  if (hashes.length === 0) return new Map();
  const { rows } = await sql<ThreadComplaint>`
    /* newest of threads */ select c.id, c.state, c.thread_hash, c.merged_into, c.opening_message_id, c.last_activity_at, c.source_status, c.sensitive
    from unnest(${hashes}::bytea[]) as t(hash)
    cross join lateral (
      select * from complaint where channel_id = ${channelId} and thread_hash = t.hash order by id desc limit 1
    ) c`.execute(tx);
  const newest = new Map<string, ThreadComplaint>();
  for (const row of rows) newest.set(row.thread_hash.toString('hex'), await followMerge(tx, row));
  return newest;
}

async function followMerge(tx: Tx, complaint: ThreadComplaint): Promise<ThreadComplaint> {
  let current = complaint;
  while (current.state === 'duplicate' && current.merged_into) {
    const parent = await complaintById(tx, current.merged_into);
    // What was put on hold after it was merged stays among those who may see it.
    if (!parent || (current.sensitive && !parent.sensitive)) return current;
    current = parent;
  }
  return current;
}

export function complaintById(tx: Tx, id: string): Promise<ThreadComplaint | undefined> {
  return tx.selectFrom('complaint').select(THREAD_COLUMNS).where('id', '=', id).forUpdate().executeTakeFirst();
}

/** The complaint, or the one that it was merged into. */
export async function standingComplaint(tx: Tx, id: string): Promise<ThreadComplaint | undefined> {
  const complaint = await complaintById(tx, id);
  return complaint && followMerge(tx, complaint);
}

export async function lockInOrder(tx: Tx, complaintIds: readonly string[]): Promise<void> {
  if (complaintIds.length === 0) return;
  await sql`/* lock in order */ select id from complaint where id = any(${complaintIds}::uuid[]) order by id for update`.execute(
    tx,
  );
}

/** Is this message a report that we created at a portal for this complaint? Answers of ours answer something. */
export const isForwarded = ({ direction, publication_id, parent_id }: Message): boolean =>
  direction === 'out' && publication_id !== null && parent_id === null;

/**
 * The words of reports that we create on a channel, and whose fate nobody knows yet. Their rows stay locked: who settles
 * one of them meanwhile finds what waited for it.
 */
export async function forwardsUnderway(tx: Db, channelId: string): Promise<string[]> {
  const { rows } = await sql<{ text: string }>`select text from publication
    where channel_id = ${channelId} and kind = 'forward' and state in ('queued','sending','uncertain') and attempt > 0
    order by id for share`.execute(tx);
  return rows.map((row) => row.text);
}

export function messagesByObject(tx: Db, channelId: string, hashes: readonly Buffer[]): Promise<Message[]> {
  if (hashes.length === 0) return Promise.resolve([]);
  return tx
    .selectFrom('message')
    .selectAll()
    .where('channel_id', '=', channelId)
    .where(sql<boolean>`object_hash = any(${hashes}::bytea[])`)
    .execute();
}

export interface PublicationRef {
  id: string;
  complaint_id: string;
  state: PublicationState;
  published_hash: Buffer | null;
}

/** Publications of a channel by their published id or, for an echo that carries it, by our key. */
export async function publicationsOf(
  tx: Db,
  channelId: string,
  by: { publishedHashes: readonly Buffer[]; keys: readonly string[] },
): Promise<PublicationRef[]> {
  const ids = by.keys.filter((key) => /^[0-9a-f-]{36}$/.test(key));
  return tx
    .selectFrom('publication')
    .select(['id', 'complaint_id', 'state', 'published_hash'])
    .where('channel_id', '=', channelId)
    .where((on) =>
      on.or([
        sql<boolean>`published_hash = any(${by.publishedHashes}::bytea[])`,
        sql<boolean>`id = any(${ids}::uuid[])`,
      ]),
    )
    .execute();
}

/** Complaints of a channel by their ticket numbers. */
export async function ticketsOf(
  tx: Db,
  channelId: string,
  numbers: readonly string[],
): Promise<Map<string, Pick<Complaint, 'id' | 'state'>>> {
  if (numbers.length === 0) return new Map();
  const rows = await tx
    .selectFrom('complaint')
    .select(['id', 'state', 'ticket_no'])
    .where('channel_id', '=', channelId)
    .where('ticket_no', 'in', numbers)
    .execute();
  return new Map(rows.map((row) => [row.ticket_no ?? '', row]));
}

/** Who wrote in these complaints or in what was merged into them, strangers left out: complaint to reporters. */
export async function writersOf(tx: Db, complaintIds: readonly string[]): Promise<Map<string, Set<string>>> {
  if (complaintIds.length === 0) return new Map();
  const { rows } = await sql<{ complaint_id: string; reporter_id: string }>`
    select distinct f.root as complaint_id, m.reporter_id from (
      select id, id as root from complaint where id = any(${complaintIds}::uuid[])
      union all select id, merged_into from complaint where merged_into = any(${complaintIds}::uuid[])
    ) f join message m on m.complaint_id = f.id
    where m.direction = 'in' and m.reporter_id is not null and not m.stranger`.execute(tx);
  const writers = new Map<string, Set<string>>();
  for (const { complaint_id, reporter_id } of rows)
    writers.set(complaint_id, (writers.get(complaint_id) ?? new Set()).add(reporter_id));
  return writers;
}

/**
 * What is on its way on a channel, in doubt, or in somebody's hands stays so until the caller's transaction ends: an echo or a receipt that
 * waits for it would otherwise miss the moment at which it is settled, and wait for ever.
 */
export async function holdUnderway(tx: Tx, channelId: string): Promise<void> {
  await sql`/* hold underway */ select id from publication
    where channel_id = ${channelId} and state in ('sending','uncertain','assist') order by id for share`.execute(tx);
}

/** Complaints of these with a reply in one of these states. It stays so until the caller's transaction ends, as above. */
export async function withReplyIn(
  tx: Tx,
  complaintIds: readonly string[],
  states: readonly PublicationState[],
): Promise<Set<string>> {
  if (complaintIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom('publication')
    .select('complaint_id')
    .where('complaint_id', 'in', complaintIds)
    .where('state', 'in', states)
    .orderBy('id')
    .forShare()
    .execute();
  return new Set(rows.map((row) => row.complaint_id));
}

/** How much of a text goes into the search index: a tsvector may not exceed 1 MB. */
const SEARCHED_CHARACTERS = 50_000;

export async function insertComplaints(tx: Tx, rows: readonly NewComplaint[]): Promise<void> {
  const words = sql`coalesce(r.title, '') || ' ' || r.body`;
  const search = sql`to_tsvector('indonesian', left(${words}, ${sql.lit(SEARCHED_CHARACTERS)}))`;
  await insertRecords(tx, 'complaint', rows as readonly Row[], { computed: { search } });
}

/** Makes the citizens' words of these complaints searchable as they stand now. */
export async function refreshSearch(tx: Db, complaintIds: readonly string[]): Promise<void> {
  if (complaintIds.length === 0) return;
  await sql`update complaint c set search = to_tsvector('indonesian', left(coalesce(m.words, ''), ${SEARCHED_CHARACTERS}))
    from (
      select complaint_id, string_agg(coalesce(title, '') || ' ' || left(text, ${SEARCHED_CHARACTERS}), ' ' order by at)
        filter (where deleted_at is null) as words
      from message where complaint_id = any(${complaintIds}::uuid[]) and direction = 'in' group by complaint_id
    ) m where c.id = m.complaint_id`.execute(tx);
}

/** Who wrote here before: blind index (hex) to reporter. */
export async function reportersOf(tx: Db, channelId: string, blinds: readonly Buffer[]): Promise<Map<string, string>> {
  if (blinds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('reporter_identity')
    .select(['blind', 'reporter_id'])
    .where('channel_id', '=', channelId)
    .where(sql<boolean>`blind = any(${blinds}::bytea[])`)
    .execute();
  return new Map(rows.map((row) => [row.blind.toString('hex'), row.reporter_id]));
}

/** Items of one channel are applied by one transaction at a time, so that a thread never becomes two complaints. */
export async function lockChannel(tx: Tx, channelId: string): Promise<void> {
  await sql`/* lock channel */ select pg_advisory_xact_lock(hashtextextended(${`channel ${channelId}`}, 0))`.execute(
    tx,
  );
}

/** What further messages change about a complaint. */
export interface Joined {
  messages: number;
  lastActivityAt: Date;
  reaction: boolean;
}

export async function addToComplaints(tx: Tx, joined: ReadonlyMap<string, Joined>): Promise<void> {
  const values = [...joined.values()];
  await sql`/* add to complaints */ update complaint c set messages = c.messages + j.messages,
      last_activity_at = greatest(c.last_activity_at, j.at), reaction_pending = c.reaction_pending or j.reaction
    from unnest(${[...joined.keys()]}::uuid[], ${values.map((one) => one.messages)}::int[],
      ${values.map((one) => one.lastActivityAt)}::timestamptz[], ${values.map((one) => one.reaction)}::boolean[])
      as j(id, messages, at, reaction) where c.id = j.id`.execute(tx);
}

/** A burst goes on: its triage waits for another quiet span, but never longer than five. */
export async function settleLater(tx: Tx, complaintIds: readonly string[], settleMs: number): Promise<void> {
  await sql`update outbox set due_at = least(now() + ${settleMs} * interval '1 millisecond',
      at + ${5 * settleMs} * interval '1 millisecond')
    where complaint_id = any(${complaintIds}::uuid[]) and type = 'created' and done_at is null and due_at > now()`.execute(
    tx,
  );
}

/**
 * Threads in which the hub wrote first, and whose newest message, of either side, belongs to which complaint. `knownId`: the
 * complaint that the thread itself began, where it has one.
 */
export async function reachedThreads(
  tx: Tx,
  channelId: string,
  threads: readonly { threadId: string; knownId: string | null }[],
): Promise<{ threadId: string; complaintId: string }[]> {
  if (threads.length === 0) return [];
  const threadIds = threads.map(({ threadId }) => threadId);
  const knownIds = threads.map(({ knownId }) => knownId);
  const { rows } = await sql<{ threadId: string; complaintId: string }>`/* reached */
    with reached as (
      select distinct thread_id, complaint_id from message
      where channel_id = ${channelId} and direction = 'out' and ref ? 'reached' and thread_id = any(${threadIds}::text[])
    ), roots as (
      select thread_id, complaint_id from reached
      union select k.thread_id, k.complaint_id from unnest(${threadIds}::text[], ${knownIds}::uuid[]) as k(thread_id, complaint_id)
        where k.complaint_id is not null and k.thread_id in (select thread_id from reached)
    ), family as (
      select thread_id, complaint_id from roots
      union select r.thread_id, c.merged_into from roots r join complaint c on c.id = r.complaint_id
        where c.merged_into is not null
      union select r.thread_id, c.id from roots r join complaint c on c.merged_into = r.complaint_id
    )
    select distinct on (m.thread_id) m.thread_id as "threadId", m.complaint_id as "complaintId"
    from family f join message m on m.complaint_id = f.complaint_id and m.thread_id = f.thread_id
    where m.channel_id = ${channelId} order by m.thread_id, m.id desc`.execute(tx);
  return rows;
}
