import { type Options, parse } from 'csv-parse/sync';
import type { Table, TableRow } from './table.ts';

const DELIMITERS = [';', ',', '\t', '|'];
/** So many quotes without an end are looked for; in what comes after them, a quote is a letter like any other. */
const MAX_BROKEN = 200;

/** Every row of a CSV file. A row whose quotes are broken is marked and costs none of the others. Never throws. */
export function readCsv(text: string): Table {
  const said = /^sep=(.)\r?\n/i.exec(text);
  const body = said ? text.slice(said[0].length) : text;
  const delimiter = said?.[1] ?? delimiterOf(body);
  // Newlines of old Macs stand alone.
  const all = Buffer.from(body.includes('\n') ? body : body.replaceAll('\r', '\n'));
  const rows: TableRow[] = [];
  let at = 0;
  let broken = 0;
  while (at < all.length) {
    const { records, end, whole, unclosed } = parseFrom(all.subarray(at), {
      delimiter,
      quote: broken < MAX_BROKEN ? '"' : null,
    });
    for (const cells of records) rows.push({ number: rows.length + 1 + (said ? 1 : 0), cells });
    at += end;
    if (whole) break;
    if (unclosed) broken += 1;
    const line = lineAt(all, at);
    const cells = relaxed(line.text, delimiter);
    const usual = Math.max(...rows.slice(0, 20).map((row) => row.cells.length), 0);
    const sound = cells.length === usual;
    const number = rows.length + 1 + (said ? 1 : 0);
    rows.push({ number, cells, ...(!sound && { fault: 'tanda kutip (") tidak berpasangan' }) });
    at = line.end;
  }
  return { format: 'csv', rows };
}

interface Parsed {
  records: string[][];
  /** Where the last sound record ends. */
  end: number;
  whole: boolean;
  /** A quote has no end, which is known only at the end of the file. */
  unclosed?: boolean;
}

function parseFrom(bytes: Buffer, { delimiter, quote }: { delimiter: string; quote: '"' | null }): Parsed {
  const records: string[][] = [];
  let end = 0;
  const options: Options = {
    ...{ delimiter, quote, escape: '"', relax_column_count: true, record_delimiter: ['\r\n', '\n'] },
    on_record: (record: unknown, { bytes: read }: { bytes: number }) => {
      records.push(record as string[]);
      end = read;
      return null;
    },
  };
  try {
    parse(bytes, options);
    return { records, end: bytes.length, whole: true };
  } catch (error) {
    return { records, end, whole: false, unclosed: (error as { code?: string }).code === 'CSV_QUOTE_NOT_CLOSED' };
  }
}

function lineAt(bytes: Buffer, at: number): { text: string; end: number } {
  const newline = bytes.indexOf('\n', at);
  const end = newline < 0 ? bytes.length : newline + 1;
  return { text: bytes.toString('utf8', at, end).replace(/\r?\n$/, ''), end };
}

/** A line alone, where quotes inside of a field may be letters. */
function relaxed(line: string, delimiter: string): string[] {
  try {
    const options = { delimiter, relax_quotes: true, relax_column_count: true };
    return (parse(line, options) as string[][])[0] ?? [''];
  } catch {
    return line.split(delimiter);
  }
}

/** The one that divides most rows of the beginning into the same number of columns. */
function delimiterOf(text: string): string {
  const head = text.slice(0, 50_000);
  const scores = DELIMITERS.map((delimiter) => {
    const { records } = parseFrom(Buffer.from(head), { delimiter, quote: '"' });
    const widths = (records.length > 0 ? records : head.split('\n').map((line) => line.split(delimiter)))
      .slice(0, 30)
      .map((cells) => cells.length);
    return Math.max(...widths.map((width) => (width - 1) * widths.filter((one) => one === width).length), 0);
  });
  return DELIMITERS[scores.indexOf(Math.max(...scores))]!;
}
