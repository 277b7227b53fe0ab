import { readCsv } from './csv.ts';
import { decodeText } from './decode.ts';
import { TableFault } from './fault.ts';
import { TABLE_LIMITS, type Table, type TableOrder } from './table.ts';
import { readXlsx } from './xlsx.ts';
import { isZip } from './zip.ts';

/** Old Excel, and Excel with a password: both are such containers. */
const isOle = (bytes: Uint8Array): boolean => Buffer.from(bytes.subarray(0, 4)).toString('hex') === 'd0cf11e0';

/** A table of whatever kind, told by its bytes. Throws a `TableFault` for what is none. */
export async function readTable(bytes: Buffer, order: TableOrder = {}): Promise<Table> {
  if (bytes.length === 0) throw new TableFault('berkasnya kosong');
  if (isOle(bytes))
    throw new TableFault('berkas .xls lama atau berkata sandi tidak dapat dibaca; simpan sebagai .xlsx atau .csv');
  const table = isZip(bytes) ? await readXlsx(bytes, order) : readCsv(plain(bytes));
  if (table.rows.length > TABLE_LIMITS.rows)
    throw new TableFault(
      `berkas berisi ${table.rows.length} baris; paling banyak ${TABLE_LIMITS.rows}. Bagi berkasnya`,
    );
  return table;
}

function plain(bytes: Buffer): string {
  const text = decodeText(bytes);
  if (text.slice(0, 10_000).includes('\0'))
    throw new TableFault('ini bukan berkas teks atau Excel; impor menerima .csv dan .xlsx');
  return text;
}
