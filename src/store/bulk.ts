import { createHash } from 'node:crypto';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from './database.ts';
import type { Tables } from './schema.ts';

/** A row by its columns' names. */
export type Row = Readonly<Record<string, unknown>>;

interface InsertOptions {
  computed?: Readonly<Record<string, RawBuilder<unknown>>>;
  unlessThere?: readonly string[];
}

/**
 * Inserts many rows with one short statement and one parameter: they travel as one JSON array, and PostgreSQL takes the
 * columns' types from the table itself. A statement with a placeholder per value (4,000 for a hundred complaints) takes
 * longer to build, send, parse and plan than its rows take to insert.
 *
 * Every row must have the same members as the first. `computed` adds columns by expressions over the record `r`;
 * `unlessThere` names the columns by which a row counts as there already, and is left as it is.
 */
export async function insertRecords(
  db: Db,
  table: keyof Tables,
  rows: readonly Row[],
  { computed = {}, unlessThere }: InsertOptions = {},
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const filled = [...columns, ...Object.keys(computed)];
  const names = filled.map((name) => sql.ref(name));
  const values = [...columns.map((name) => sql.ref(`r.${name}`)), ...Object.values(computed)];
  const records = JSON.stringify(rows.map((row) => recordOf(row, columns)));
  const shape = createHash('sha1')
    .update([...filled, 'unless', ...(unlessThere ?? [])].join())
    .digest('hex');
  await sql`/* ${sql.raw(`insert ${table} ${shape.slice(0, 12)}`)} */ insert into ${sql.table(table)} (${sql.join(names)}) select ${sql.join(values)}
    from json_populate_recordset(null::${sql.table(table)}, ${records}) r${unlessThere ? doNothing(unlessThere) : sql``}`.execute(
    db,
  );
}

const doNothing = (columns: readonly string[]) =>
  sql` on conflict (${sql.join(columns.map((name) => sql.ref(name)))}) do nothing`;

/** bytea is written as hex; everything else is what JSON makes of it (dates become ISO 8601). */
function recordOf(row: Row, columns: readonly string[]): Row {
  const record: Record<string, unknown> = {};
  for (const name of columns) {
    const value = row[name];
    record[name] = Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value;
  }
  return record;
}
