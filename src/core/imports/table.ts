import type { MessageItem } from '#contract';
import { type Columns, findColumns, headersSeen, OUR_COLUMNS } from './columns.ts';
import { type ImportMapping, plain } from './fields.ts';
import { contentOf, type ReadRow, type RowFault, type RowRules, readRow } from './rows.ts';

export interface SourceRow {
  number: number;
  cells: string[];
  fault?: string;
}

export interface ReadTable {
  columns: Columns;
  good: ReadRow[];
  faults: RowFault[];
  /** Rows that say word for word what a row above them says. */
  repeated: number;
  /** What was read already, by its name. */
  above: Map<string, ReadRow>;
}

/** Finds the columns. A file without a column for the text gives the headers that were seen. Pure. */
export function beginTable(rows: readonly SourceRow[], mapping: ImportMapping): ReadTable | { headers: string[] } {
  const cells = rows.map((row) => row.cells);
  const columns = findColumns(cells, mapping);
  return columns ? { columns, good: [], faults: [], repeated: 0, above: new Map() } : { headers: headersSeen(cells) };
}

/** Reads some more rows, each for itself. Those above the headers are none. */
export function readSome(read: ReadTable, rows: readonly SourceRow[], rules: Omit<RowRules, 'columns'>): void {
  for (const row of rows) {
    if (row.cells.every((cell) => !cell.trim())) continue;
    if (row.fault) read.faults.push({ row: row.number, column: null, reason: row.fault });
    else take(read, readRow(row, { ...rules, columns: read.columns }));
  }
}

function take(read: ReadTable, row: ReadRow | RowFault[]): void {
  if (Array.isArray(row)) {
    read.faults.push(...row);
    return;
  }
  const first = read.above.get(row.item.objectId);
  if (!first) {
    read.above.set(row.item.objectId, row);
    read.good.push(row);
  } else if (contentOf(first.item) === contentOf(row.item)) read.repeated += 1;
  else read.faults.push(clash(read.columns, row, first));
}

function clash({ at, headers }: Columns, { row, id }: ReadRow, first: ReadRow): RowFault {
  const column = headers[at.get('id') ?? -1]?.trim() ?? null;
  return { row, column, reason: `nomor ${id} sudah dipakai di baris ${first.row} untuk isi yang lain` };
}

/** The faulty rows as a file that can be mended and imported again, as Excel in Indonesia opens it. */
export function toMend(rows: readonly SourceRow[], { headers }: Columns, faults: readonly RowFault[]): string | null {
  if (faults.length === 0) return null;
  const reasons = new Map<number, string[]>();
  for (const { row, column, reason } of faults)
    reasons.set(row, [...(reasons.get(row) ?? []), column ? `${column}: ${reason}` : reason]);
  // A file that was mended and is still wrong brings our own columns along.
  const kept = headers.flatMap((header, at) => (OUR_COLUMNS.includes(plain(header)) ? [] : [at]));
  const lines = rows
    .filter(({ number }) => reasons.has(number))
    .map(({ number, cells }) => [
      ...kept.map((at) => cells[at] ?? ''),
      String(number),
      reasons.get(number)!.join('; '),
    ]);
  return `\ufeff${[[...kept.map((at) => headers[at]!), ...OUR_COLUMNS], ...lines].map((line) => line.map(guarded).join(';')).join('\r\n')}\r\n`;
}

/** A cell that a spreadsheet would run as a formula is shown as text instead; reading it again takes that away. */
function guarded(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Names the event of an import: an object with this content. The same again adds nothing. */
export const keyOf = (item: Pick<MessageItem, 'objectId' | 'title' | 'text'>): string =>
  `import ${item.objectId} ${contentOf(item)}`;
export const statusKeyOf = (objectId: string, code: string): string =>
  `import ${objectId} status ${code.toLowerCase()}`;
