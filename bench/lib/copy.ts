import type pg from 'pg';

/** Rows of one table as text, ready to be inserted elsewhere. */
export interface Rows {
  table: string;
  columns: string[];
  rows: (string | null)[][];
}

/** Reads the rows of a table in the order of their keys. */
export async function readRows(client: pg.Client, table: string, order: string): Promise<Rows> {
  const { rows: found } = await client.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'public' and table_name = $1
      and is_identity = 'NO' order by ordinal_position`,
    [table],
  );
  const columns = found.map((column) => column.name);
  const text = columns.map((name) => `${name}::text`).join(', ');
  const { rows } = await client.query({ text: `select ${text} from ${table} order by ${order}`, rowMode: 'array' });
  return { table, columns, rows };
}

/** Inserts a slice with one prepared multi-row statement. */
export async function insertSlice(client: pg.Client, { table, columns, rows }: Rows, from: number, to: number) {
  const slice = rows.slice(from, to);
  if (slice.length === 0) return;
  const tuple = (_row: unknown, row: number) =>
    `(${columns.map((_column, column) => `$${row * columns.length + column + 1}`).join(',')})`;
  const text = `insert into ${table} (${columns.join(',')}) values ${slice.map(tuple).join(',')}`;
  await client.query({ name: `${table}-${slice.length}`, text, values: slice.flat() });
}
