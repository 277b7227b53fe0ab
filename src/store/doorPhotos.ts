import { sql } from 'kysely';
import type { Db } from './database.ts';
import type { DoorPhotoTable } from './schema.ts';

/** A photo that waits for its form, still encrypted. */
export type WaitingPhoto = Omit<DoorPhotoTable, 'expires_at'>;

/** Keeps a photo for a form that is not sent off yet. False: so much waits already (`most`, in bytes) that this one cannot. */
export async function keepPhoto(
  db: Db,
  photo: WaitingPhoto,
  { at, until, most }: { at: Date; until: Date; most: number },
): Promise<boolean> {
  await dropExpired(db, at);
  const { waiting } = await db
    .selectFrom('door_photo')
    .select(({ fn }) => fn.coalesce(fn.sum<string>('size'), sql<string>`0`).as('waiting'))
    .executeTakeFirstOrThrow();
  if (Number(waiting) + photo.size > most) return false;
  await db
    .insertInto('door_photo')
    .values({ ...photo, expires_at: until })
    .onConflict((conflict) => conflict.columns(['form', 'position']).doNothing())
    .execute();
  return true;
}

export function photosOf(db: Db, form: string, at: Date): Promise<WaitingPhoto[]> {
  return db
    .selectFrom('door_photo')
    .select(['form', 'position', 'name', 'mime', 'size', 'sealed'])
    .where('form', '=', form)
    .where('expires_at', '>=', at)
    .orderBy('position')
    .execute();
}

/** Those of a form, or only some. */
export async function dropPhotos(db: Db, form: string, positions?: readonly number[]): Promise<void> {
  let gone = db.deleteFrom('door_photo').where('form', '=', form);
  if (positions) gone = gone.where('position', 'in', positions.length > 0 ? positions : [-1]);
  await gone.execute();
}

/** The form comes back under another key; its photos go along. */
export async function movePhotos(db: Db, from: string, to: string): Promise<void> {
  await db.updateTable('door_photo').set({ form: to }).where('form', '=', from).execute();
}

/** What was left behind. */
export async function dropExpired(db: Db, at: Date): Promise<void> {
  await db.deleteFrom('door_photo').where('expires_at', '<', at).execute();
}
