import { TableFault } from './fault.ts';
import { readTable } from './read.ts';
import type { Table, TableOrder, TableRow } from './table.ts';

export interface Asked {
  bytes: Uint8Array;
  order: TableOrder;
}

/** The rows come in pieces, then how it ended. */
export type Answered = { rows: TableRow[] } | { done: Omit<Table, 'rows'> } | { fault: string };

const PIECE = 500;
const send = (answer: Answered): Promise<void> => new Promise((resolve) => process.send?.(answer, () => resolve()));

process.once('message', async ({ bytes, order }: Asked) => {
  try {
    const { rows, ...about } = await readTable(Buffer.from(bytes), order);
    for (let at = 0; at < rows.length; at += PIECE) await send({ rows: rows.slice(at, at + PIECE) });
    await send({ done: about });
  } catch (error) {
    await send({ fault: error instanceof TableFault ? error.message : 'isi berkas tidak terbaca' });
  }
  process.disconnect();
});
// The hub is gone: nobody waits any more.
process.on('disconnect', () => process.exit());
