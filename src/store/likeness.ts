import { sql } from 'kysely';
import type { Repeated } from '../core/routing.ts';
import type { Tx } from './database.ts';

const WEEK_SECONDS = 604_800;

/** So much of the beginning is compared: later comes what everybody writes, and long texts make slow look-ups. */
const COMPARED_CHARACTERS = 200;

/** Keeps what these complaints are compared by as they stand now; of one whose words were taken back, none. */
export async function refreshLikeness(tx: Tx, complaintIds: readonly string[]): Promise<void> {
  if (complaintIds.length === 0) return;
  await sql`/* refresh likeness */ insert into likeness (complaint_id, at, week, said, words, reporter_id, lat, lon)
    select id, received_at, floor(extract(epoch from received_at) / ${WEEK_SECONDS}), sha256(convert_to(lower(btrim(regexp_replace(body, '\\s+', ' ', 'g'))), 'UTF8')),
      case when body = '' then '' else lower(left(coalesce(title || ' ', '') || body, ${COMPARED_CHARACTERS})) end,
      reporter_id,
      (location->>'lat')::double precision, (location->>'lon')::double precision
    from complaint where id = any(${complaintIds}::uuid[]) order by id
    on conflict (complaint_id) do update set
      said = excluded.said, words = excluded.words, reporter_id = excluded.reporter_id, lat = excluded.lat, lon = excluded.lon
      where (likeness.said, likeness.words, likeness.reporter_id, likeness.lat, likeness.lon)
        is distinct from (excluded.said, excluded.words, excluded.reporter_id, excluded.lat, excluded.lon)`.execute(tx);
}

/** How often each of these was said within the span that ends with it, itself included; at most `times` are counted. */
export async function countRepeats(
  tx: Tx,
  complaintIds: readonly string[],
  { times, within, by }: Repeated,
): Promise<Map<string, number>> {
  const same = by === 'author' ? sql`and o.reporter_id = c.reporter_id and o.channel_id = c.channel_id` : sql``;
  const { rows } = await sql<{ id: string; count: number }>`
    select c.id, (select count(*)::int from (
      select 1 from likeness l join complaint o on o.id = l.complaint_id
      where l.said = mine.said and l.at <= mine.at and l.at > mine.at - ${within} * interval '1 millisecond' ${same}
      limit ${times}) found) as count
    from complaint c join likeness mine on mine.complaint_id = c.id
    where c.id = any(${complaintIds}::uuid[]) and c.body <> ''`.execute(tx);
  return new Map(rows.map(({ id, count }) => [id, count]));
}
