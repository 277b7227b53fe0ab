import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Actor } from '../core/access.ts';
import { ALIKE, NEAR_METRES, NEAR_MS } from '../core/likeness.ts';
import type { Database, Tx } from './database.ts';
import type { Complaint } from './schema.ts';
import { visibleTo } from './scope.ts';

type Shown =
  | ('id' | 'ticket_no' | 'state' | 'channel_id' | 'surface' | 'title' | 'agency_id' | 'unit_id' | 'assignee_id')
  | ('anonymous' | 'secret' | 'sensitive' | 'sensitive_by' | 'location' | 'permalink' | 'received_at');

/** Another complaint, with what it has in common with the one asked about. */
export interface AlikeRow extends Pick<Complaint, Shown> {
  excerpt: string;
  similarity: number;
  same_reporter: boolean;
  lat: number | null;
  lon: number | null;
}

/** So many are looked at closely, by each sign. */
const EACH = 40;
/** One degree of latitude; of longitude it is less, and nobody here lives near a pole. */
const METRES_PER_DEGREE = 111_000;

/**
 * Complaints that may be the same as this one: alike in words, close by, or of the same person. Only what the actor may
 * see, nothing on the sensitive hold, nothing that is linked or was found to be different, and no more than 45 days apart.
 * `persons`: whose other reports may be looked for; those of anonymous ones are not even found otherwise.
 */
export function alikeTo(
  db: Database,
  actor: Actor,
  id: string,
  persons: 'nobody' | 'named' | 'everybody',
): Promise<AlikeRow[]> {
  return db.transaction().execute(async (tx) => {
    await sql`select set_config('pg_trgm.similarity_threshold', ${String(ALIKE)}, true)`.execute(tx);
    const seen = eligible(actor);
    const found = [...(await byWords(tx, id, seen)), ...(await byPlace(tx, id, seen))];
    if (persons !== 'nobody') found.push(...(await byPerson(tx, id, persons === 'everybody', seen)));
    return describe(tx, id, [...new Set(found)], seen);
  });
}

type Condition = RawBuilder<SqlBool>;

/** Before the closest are chosen: what somebody may not see must not take the place of what they may. */
const eligible = (actor: Actor): Condition =>
  sql`(not c.sensitive and c.state not in ('not_complaint', 'duplicate') and ${visibleTo(actor, 'c')})`;

interface Found {
  complaint_id: string;
}

const idsOf = (rows: readonly Found[]): string[] => rows.map((row) => row.complaint_id);
const near = sql<SqlBool>`l.at between mine.at - ${NEAR_MS} * interval '1 millisecond' and mine.at + ${NEAR_MS} * interval '1 millisecond'`;

/** The words are given with the statement: against a column of another row the index of trigrams is not used. */
async function byWords(tx: Tx, id: string, seen: Condition): Promise<string[]> {
  const mine = await tx.selectFrom('likeness').selectAll().where('complaint_id', '=', id).executeTakeFirst();
  if (!mine?.words.trim()) return [];
  const span = [new Date(mine.at.getTime() - NEAR_MS), new Date(mine.at.getTime() + NEAR_MS)] as const;
  const { rows } = await sql<Found>`select l.complaint_id
    from likeness l join complaint c on c.id = l.complaint_id and ${seen}
    where l.words % ${mine.words} and l.week between ${weekOf(span[0])} and ${weekOf(span[1])} and l.at between ${span[0]} and ${span[1]} and l.complaint_id <> ${id}
    order by similarity(l.words, ${mine.words}) desc, l.at desc limit ${EACH}`.execute(tx);
  return idsOf(rows);
}

const weekOf = (at: Date): number => Math.floor(at.getTime() / 604_800_000);

async function byPlace(tx: Tx, id: string, seen: Condition): Promise<string[]> {
  const degrees = NEAR_METRES / METRES_PER_DEGREE;
  const { rows } = await sql<Found>`select l.complaint_id
    from likeness mine join likeness l on l.lat between mine.lat - ${degrees} and mine.lat + ${degrees}
      and l.lon between mine.lon - ${degrees * 1.1} and mine.lon + ${degrees * 1.1}
      join complaint c on c.id = l.complaint_id and ${seen}
    where mine.complaint_id = ${id} and l.complaint_id <> ${id} and l.lat is not null and ${near}
    order by abs(l.lat - mine.lat) + abs(l.lon - mine.lon), l.at desc limit ${EACH}`.execute(tx);
  return idsOf(rows);
}

/** The same account on a channel, or the same telephone number or e-mail address on another. */
const SAME_PERSON = sql`select mine.reporter_id union
  select other.reporter_id from reporter_contact known join reporter_contact other on other.blind = known.blind
  where known.reporter_id = mine.reporter_id`;

async function byPerson(tx: Tx, id: string, anonymous: boolean, seen: Condition): Promise<string[]> {
  const { rows } = await sql<Found>`select l.complaint_id
    from complaint mine join likeness l on l.reporter_id in (${SAME_PERSON}) join complaint c on c.id = l.complaint_id and ${seen}
    where mine.id = ${id} and c.id <> ${id} and (${anonymous} or not c.anonymous)
      and l.at between mine.received_at - ${NEAR_MS} * interval '1 millisecond'
        and mine.received_at + ${NEAR_MS} * interval '1 millisecond'
    order by l.at desc limit ${EACH}`.execute(tx);
  return idsOf(rows);
}

async function describe(tx: Tx, id: string, ids: readonly string[], seen: Condition): Promise<AlikeRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<AlikeRow>`select c.id, c.ticket_no, c.state, c.channel_id, c.surface, c.title,
      c.agency_id, c.unit_id, c.assignee_id, c.anonymous, c.secret, c.sensitive, c.sensitive_by, c.location, c.permalink,
      c.received_at, left(c.body, 280) as excerpt, similarity(l.words, own.words)::float8 as similarity,
      coalesce(c.reporter_id in (${SAME_PERSON}), false) as same_reporter, l.lat, l.lon
    from complaint mine join likeness own on own.complaint_id = mine.id
      join complaint c on c.id = any(${ids}::uuid[]) join likeness l on l.complaint_id = c.id
    where mine.id = ${id} and ${seen}
      and c.merged_into is distinct from mine.id and c.id is distinct from mine.merged_into
      and not exists (select 1 from not_duplicate n
        where n.a = least(c.id, mine.id) and n.b = greatest(c.id, mine.id))`.execute(tx);
  return rows;
}

/** Somebody looked at both and found them different. False: that was known. */
export async function saveNotDuplicate(
  tx: Tx,
  pair: readonly [string, string],
  userId: string,
  at: Date,
): Promise<boolean> {
  const [a, b] = pair.toSorted() as [string, string];
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('not_duplicate')
    .values({ a, b, user_id: userId, at })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst();
  return (numInsertedOrUpdatedRows ?? 0n) > 0n;
}
