import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Takes or keeps a lease for `ms`. True when it is ours now. */
export async function takeLease(db: Db, name: string, owner: string, ms: number): Promise<boolean> {
  const { rows } = await sql`
    insert into lease (name, owner, until) values (${name}, ${owner}, now() + ${ms} * interval '1 millisecond')
    on conflict (name) do update set owner = excluded.owner, until = excluded.until
      where lease.owner = excluded.owner or lease.until < now()
    returning name`.execute(db);
  return rows.length > 0;
}
