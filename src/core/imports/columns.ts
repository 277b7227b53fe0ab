import { IMPORT_FIELDS, type ImportField, type ImportMapping, plain, USUAL_COLUMNS } from './fields.ts';

export interface Columns {
  /** Where the rows begin, counted from 0 in the list of rows. */
  from: number;
  headers: string[];
  at: ReadonlyMap<ImportField, number>;
  /** Headers of columns that nothing is taken from. */
  unused: string[];
}

/** So many rows may stand above the headers: titles, logos, the date of the export. */
const ABOVE = 25;
/** What we add to rows that are to be mended. */
export const OUR_COLUMNS = ['baris asal', 'kesalahan'];

/**
 * Finds the row of headers: the one of the first rows that names most. `null`: none has a column with the text. What was
 * said of a field counts alone; what was not said is looked for by its usual names.
 */
export function findColumns(rows: readonly (readonly string[])[], mapping: ImportMapping = {}): Columns | null {
  let best: Columns | null = null;
  for (const [number, headers] of rows.slice(0, ABOVE).entries()) {
    const at = columnsOf(headers, mapping);
    if (at.has('text') && at.size > (best?.at.size ?? 0))
      best = { from: number + 1, headers: [...headers], at, unused: [] };
  }
  const whole = best && withSecondRow(best, rows[best.from] ?? [], mapping);
  return whole && { ...whole, unused: unusedOf(whole) };
}

/** Headers in two rows, where a merged cell such as *Pelapor* stands over *Nama* and *Telepon*. */
function withSecondRow(columns: Columns, below: readonly string[], mapping: ImportMapping): Columns {
  if (below[columns.at.get('text')!]?.trim()) return columns;
  const headers = columns.headers.map((header, at) => below[at]?.trim() || header);
  const at = columnsOf(headers, mapping);
  return at.size > columns.at.size ? { ...columns, from: columns.from + 1, headers, at } : columns;
}

function columnsOf(headers: readonly string[], { columns = {} }: ImportMapping): Map<ImportField, number> {
  const found = new Map<ImportField, number>();
  const names = headers.map(plain);
  const taken = new Set<number>();
  // What was said goes before what is guessed, so that no guess takes its column away.
  const inOrder = [...IMPORT_FIELDS].sort(
    (a, b) => Number(columns[b] !== undefined) - Number(columns[a] !== undefined),
  );
  for (const field of inOrder) {
    const wanted = (columns[field] ?? USUAL_COLUMNS[field]).map(plain);
    const at = wanted
      .map((name) => names.findIndex((one, index) => one === name && !taken.has(index)))
      .find((index) => index >= 0);
    if (at === undefined) continue;
    found.set(field, at);
    taken.add(at);
  }
  return found;
}

function unusedOf({ headers, at }: Columns): string[] {
  const used = new Set(at.values());
  return headers.filter((header, index) => header.trim() && !used.has(index) && !OUR_COLUMNS.includes(plain(header)));
}

/** Every header that the first rows show, for whoever has to say which is which. */
export function headersSeen(rows: readonly (readonly string[])[]): string[] {
  const fullest = rows
    .slice(0, ABOVE)
    .reduce((best, row) => (filled(row) > filled(best) ? row : best), [] as readonly string[]);
  return fullest.filter((cell) => cell.trim()).map((cell) => cell.trim().slice(0, 60));
}

const filled = (row: readonly string[]): number => row.filter((cell) => cell.trim()).length;
