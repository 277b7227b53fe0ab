import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answered, Asked } from './child.ts';
import { TableFault } from './fault.ts';
import { TABLE_LIMITS, type Table, type TableOrder, type TableRow } from './table.ts';

export { TableFault } from './fault.ts';
export { TABLE_LIMITS, type Table, type TableRow } from './table.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
const LIMITS = { timeoutMs: 60_000, memoryMb: 512 };

/**
 * Reads a CSV or Excel file in a process of its own: it may die of a hostile file, it is stopped when it takes too long,
 * and its memory is given back at once. Throws a `TableFault` that says what to do.
 */
export function readTableApart(
  bytes: Uint8Array,
  order: TableOrder = {},
  limits: Partial<typeof LIMITS> = {},
): Promise<Table> {
  const { timeoutMs, memoryMb } = { ...LIMITS, ...limits };
  if (bytes.byteLength > TABLE_LIMITS.fileBytes)
    return Promise.reject(
      new TableFault(`berkas lebih besar dari ${TABLE_LIMITS.fileBytes / 1024 ** 2} MB; bagi menjadi beberapa berkas`),
    );
  const mine = last.then(() => readNow(bytes, order, timeoutMs, memoryMb));
  last = mine.catch(() => {});
  return mine;
}

/** One at a time: each may take as much memory as it is allowed. */
let last: Promise<unknown> = Promise.resolve();

function readNow(bytes: Uint8Array, order: TableOrder, timeoutMs: number, memoryMb: number): Promise<Table> {
  const execArgv = [`--max-old-space-size=${memoryMb}`];
  const child = fork(CHILD, { serialization: 'advanced', stdio: 'ignore', execArgv, env: {} });
  return new Promise<Table>((resolve, reject) => {
    const rows: TableRow[] = [];
    const fail = (message: string) => reject(new TableFault(message));
    const timer = setTimeout(() => {
      fail(`berkas tidak selesai dibaca dalam ${timeoutMs / 1_000} detik; bagi menjadi beberapa berkas`);
      child.kill('SIGKILL');
    }, timeoutMs);
    child.on('message', (answer: Answered) => {
      if ('rows' in answer) for (const row of answer.rows) rows.push(row);
      else if ('done' in answer) resolve({ ...answer.done, rows });
      else fail(answer.fault);
    });
    child.once('error', () => fail('pembaca berkas tidak dapat dijalankan'));
    child.once('exit', () => {
      clearTimeout(timer);
      fail('berkas tidak terbaca: isinya terlalu besar atau rusak. Simpan ulang, atau bagi menjadi beberapa berkas');
    });
    child.send({ bytes, order } satisfies Asked, (error) => error && fail('pembaca berkas tidak dapat dijalankan'));
  });
}
