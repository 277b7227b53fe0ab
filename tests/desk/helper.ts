import { expect } from 'vitest';
import type { RefusalCode } from '../../src/core/refusal.ts';
import { Refusal } from '../../src/core/refusal.ts';
import type { Database } from '../../src/store/database.ts';

/** The work is refused with this code. */
export async function refused(work: Promise<unknown>, code: RefusalCode): Promise<Refusal> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refusal);
  expect((error as Refusal).code).toBe(code);
  return error as Refusal;
}

export const complaintRow = (db: Database, id: string) =>
  db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

/** The types of a complaint's events, in order. */
export async function trailOf(db: Database, id: string): Promise<string[]> {
  const rows = await db.selectFrom('event').select('type').where('complaint_id', '=', id).orderBy('seq').execute();
  return rows.map((row) => row.type);
}

export async function outboxOf(db: Database, id: string): Promise<string[]> {
  const rows = await db.selectFrom('outbox').select('type').where('complaint_id', '=', id).orderBy('id').execute();
  return rows.map((row) => row.type);
}
