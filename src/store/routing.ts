import { sql } from 'kysely';
import type { Tx } from './database.ts';
import type { Complaint } from './schema.ts';

/** What the rules made of locked complaints, in one statement. From now on they are triaged. */
export async function saveRouting(tx: Tx, rows: readonly Complaint[], at: Date): Promise<void> {
  if (rows.length === 0) return;
  const column = <K extends keyof Complaint>(key: K) => rows.map((row) => row[key]);
  await sql`update complaint c set agency_id = r.agency_id, unit_id = r.unit_id, kind = r.kind, category = r.category,
      state = r.state, ticket_no = r.ticket_no, sensitive = r.sensitive, dismissed_as = r.dismissed_as,
      dismissed_rule = r.dismissed_rule, triaged_at = ${at}
    from unnest(${column('id')}::uuid[], ${column('agency_id')}::text[], ${column('unit_id')}::text[],
      ${column('kind')}::text[], ${column('category')}::text[], ${column('state')}::text[],
      ${column('ticket_no')}::text[], ${column('sensitive')}::boolean[], ${column('dismissed_as')}::text[],
      ${column('dismissed_rule')}::text[])
      as r(id, agency_id, unit_id, kind, category, state, ticket_no, sensitive, dismissed_as, dismissed_rule)
    where c.id = r.id`.execute(tx);
}

/** Those that came last, the newest first. */
export const newestComplaints = (tx: Tx, last: number): Promise<Complaint[]> =>
  tx.selectFrom('complaint').selectAll().orderBy('id', 'desc').limit(last).execute();

/** Complaints of these with something attached to what a citizen wrote. */
export async function withFiles(tx: Tx, complaintIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .selectFrom('attachment')
    .select('complaint_id')
    .distinct()
    .where(sql<boolean>`complaint_id = any(${complaintIds}::uuid[])`)
    .where('uploaded_by', 'is', null)
    .execute();
  return new Set(rows.flatMap((row) => row.complaint_id ?? []));
}

/** Who opened these complaints, encrypted. */
export async function openingAuthors(tx: Tx, complaintIds: readonly string[]): Promise<Map<string, Buffer>> {
  const rows = await tx
    .selectFrom('complaint')
    .innerJoin('message', 'message.id', 'complaint.opening_message_id')
    .select(['complaint.id', 'message.author_sealed'])
    .where(sql<boolean>`complaint.id = any(${complaintIds}::uuid[])`)
    .execute();
  return new Map(rows.flatMap((row) => (row.author_sealed ? [[row.id, row.author_sealed] as const] : [])));
}

/** Complaints of these that a person entered, or about which one decided whether they are complaints. */
export async function judgedByPeople(tx: Tx, complaintIds: readonly string[]): Promise<Set<string>> {
  if (complaintIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom('event')
    .select('complaint_id')
    .distinct()
    .where(sql<boolean>`complaint_id = any(${complaintIds}::uuid[])`)
    .where((on) =>
      on.or([
        on('type', 'in', ['complaint.accepted', 'complaint.dismissed']),
        on('type', '=', 'complaint.opened').and('actor', 'like', 'user:%'),
      ]),
    )
    .execute();
  return new Set(rows.flatMap((row) => row.complaint_id ?? []));
}
