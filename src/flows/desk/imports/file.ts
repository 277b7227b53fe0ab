import { createHash } from 'node:crypto';
import type { Actor } from '../../../core/access.ts';
import { Refusal } from '../../../core/refusal.ts';
import { TableFault } from '../../../platform/tables/fault.ts';
import { inTransaction } from '../../../store/database.ts';
import { appendEvents } from '../../../store/events.ts';
import type { DeskDeps } from '../../deps.ts';
import { actorName } from '../desk.ts';

/** A file that cannot be read as a whole is refused, with what to do. */
export function unreadable(reason: string): Refusal {
  return new Refusal('unreadable_file', reason, [{ code: 'unreadable_file', message: reason }]);
}

export async function readable<T>(read: Promise<T>): Promise<T> {
  return read.catch((error: unknown) => {
    throw error instanceof TableFault ? unreadable(error.message) : error;
  });
}

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Who brought in which file, and what came of it. The file itself is not kept: what was taken of it is, row by row. */
export async function recordImport(
  deps: DeskDeps,
  actor: Actor,
  data: { channel: string; format: string; sha256: string; counts: Record<string, number> },
): Promise<void> {
  const event = { complaintId: null, actor: actorName(actor), type: 'import.done', data };
  await inTransaction(deps.db, (tx) => appendEvents(tx, [event], deps.clock.now()));
}
