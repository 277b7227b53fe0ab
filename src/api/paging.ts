import { z } from 'zod';
import { ApiError } from './problems.ts';

/** A cursor is opaque to clients: base64url of the columns that the list is ordered by. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

const pairs = z.tuple([
  z
    .string()
    .max(64)
    .regex(/^[0-9: +.-]+$/),
  z.uuid(),
]);
const single = z.tuple([z.uuid()]);

export function decodePair(cursor: string | undefined): { at: string; id: string } | undefined {
  if (cursor === undefined) return undefined;
  const [at, id] = read(cursor, pairs);
  if (Number.isNaN(Date.parse(at.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')))) throw refused();
  return { at, id };
}

export const decodeId = (cursor: string | undefined): string | undefined =>
  cursor === undefined ? undefined : read(cursor, single)[0];

function read<T>(cursor: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw refused();
  }
}

const refused = (): ApiError =>
  new ApiError('invalid_cursor', 'give the nextCursor of the page before, unchanged, or none for the first page');

/** Cuts the one row too many, and names where the next page begins. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => readonly string[]) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(cursorOf(last)) : null };
}
