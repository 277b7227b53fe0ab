import { TableFault } from './fault.ts';
import { TABLE_LIMITS, type Table, type TableOrder } from './table.ts';
import { openZip, packZip } from './zip.ts';

/** The sheet that is meant, of a file of Excel. Throws a `TableFault`. */
export async function readXlsx(bytes: Buffer, { sheet }: TableOrder = {}): Promise<Table> {
  const files = vetted(bytes);
  const workbook = files.find(({ name }) => name === 'xl/workbook.xml');
  if (!workbook) throw new TableFault('ini bukan berkas Excel (.xlsx); simpan sebagai .xlsx atau .csv');
  const { default: readExcel } = await import('read-excel-file/node');
  const sheets = await readExcel(packZip(files)).catch(() => {
    throw new TableFault(
      'isi berkas Excel ini tidak terbaca; buka di Excel, lalu simpan ulang sebagai .xlsx atau .csv',
    );
  });
  const hidden = hiddenSheets(workbook.content.toString('utf8'));
  const seen = sheets.filter((one) => !hidden.has(one.sheet));
  const found = sheet ? sheets.find((one) => one.sheet === sheet) : seen.find(({ data }) => data.length > 0);
  if (!found) throw new TableFault(noSheet(sheet, seen));
  const rows = found.data.map((cells, at) => ({ number: at + 1, cells: cells.map(written) }));
  return { format: 'xlsx', sheet: found.sheet, rows };
}

function noSheet(wanted: string | undefined, seen: readonly { sheet: string }[]): string {
  const names = seen.map((one) => one.sheet).join(', ') || 'tidak ada';
  return wanted ? `tidak ada lembar "${wanted}"; yang ada: ${names}` : 'semua lembar yang terlihat kosong';
}

/** Only what holds the table, and only where it stays in bounds: what is declared, referred to or counted is not believed. */
function vetted(bytes: Buffer): { name: string; content: Buffer }[] {
  return openZip(bytes, TABLE_LIMITS.zip)
    .filter(({ name }) => /\.(xml|rels)$/i.test(name))
    .map(({ name, read }) => ({ name, content: checked(name, read()) }));
}

function checked(name: string, content: Buffer): Buffer {
  const text = content.toString('latin1');
  if (/<!(doctype|entity)/i.test(text))
    throw new TableFault('berkas Excel ini berisi perintah yang tidak wajar (DOCTYPE); simpan ulang dari Excel');
  if (!/^xl\/worksheets\/[^/]+\.xml$/.test(name)) return content;
  for (const [, column, row] of text.matchAll(/<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,4})(\d{1,9})"/g))
    mustBeInBounds(columnNumber(column!), Number(row));
  for (const [, row] of text.matchAll(/<(?:\w+:)?row\s[^>]*?\br="(\d{1,9})"/g)) mustBeInBounds(1, Number(row));
  // A sheet may claim to be as large as sheets can be; how large it is, its cells say.
  return Buffer.from(text.replace(/<(?:\w+:)?dimension\b[^>]*>/g, ''), 'latin1');
}

function mustBeInBounds(column: number, row: number): void {
  if (row > TABLE_LIMITS.rows)
    throw new TableFault(`ada isian di baris ${row}; paling banyak ${TABLE_LIMITS.rows} baris. Bagi berkasnya`);
  if (column > TABLE_LIMITS.columns)
    throw new TableFault(`ada isian di kolom ke-${column}; paling banyak ${TABLE_LIMITS.columns} kolom`);
}

const columnNumber = (letters: string): number =>
  [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);

/** Sheets that whoever made the file did not mean to show. */
function hiddenSheets(workbook: string): Set<string> {
  const sheets = workbook.match(/<(?:\w+:)?sheet\s[^>]*>/g) ?? [];
  const hidden = sheets.filter((tag) => /\bstate="(hidden|veryHidden)"/.test(tag));
  return new Set(hidden.map((tag) => unescaped(/\bname="([^"]*)"/.exec(tag)?.[1] ?? '')));
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescaped = (text: string): string =>
  text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[String(name).toLowerCase()]!;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

/** Excel's times are no instants: what stands in the cell, without a zone. Its fractions of a day are not exact. */
function written(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (!(cell instanceof Date)) return String(cell);
  if (Number.isNaN(cell.getTime())) return '';
  return new Date(Math.round(cell.getTime() / 1_000) * 1_000).toISOString().slice(0, 19);
}
