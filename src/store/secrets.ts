import type { Database } from './database.ts';

export async function readSecret(db: Database, name: string): Promise<Buffer | undefined> {
  const row = await db.selectFrom('secret').select('sealed').where('name', '=', name).executeTakeFirst();
  return row?.sealed;
}

export async function writeSecret(db: Database, name: string, sealed: Buffer): Promise<void> {
  await db
    .insertInto('secret')
    .values({ name, sealed })
    .onConflict((on) => on.column('name').doUpdateSet({ sealed, updated_at: new Date() }))
    .execute();
}
