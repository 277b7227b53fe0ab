import { sql } from 'kysely';
import type { Tx } from './database.ts';

export interface Addressee {
  channelId: string;
  /** Blind index of the address. */
  blind: Buffer;
}

/**
 * Takes the turn of each address to get something automatic, where the last was at least `everyMs` ago; gives back
 * those that may, as many as were asked and in their order. Two workers never both get the same turn.
 */
export async function takeTurns(tx: Tx, addressees: readonly Addressee[], everyMs: number): Promise<boolean[]> {
  if (addressees.length === 0) return [];
  const first = new Map(addressees.map((one, at) => [nameOf(one.channelId, one.blind), at] as const).toReversed());
  const asked = [...first.values()].map((at) => addressees[at]!);
  // In the order of their keys, so that two batches with the same addresses wait for each other and do not jam.
  const { rows } = await sql<{ channel_id: string; blind: Buffer }>`
    insert into automatic_mail (channel_id, blind)
    select id, b from unnest(${asked.map((one) => one.channelId)}::text[], ${asked.map((one) => one.blind)}::bytea[])
      as a(id, b) order by id, b
    on conflict (channel_id, blind) do update set last_at = now()
      where automatic_mail.last_at < now() - ${everyMs} * interval '1 millisecond'
    returning channel_id, blind`.execute(tx);
  const taken = new Set(rows.map((row) => nameOf(row.channel_id, row.blind)));
  return addressees.map(({ channelId, blind }, at) => {
    const name = nameOf(channelId, blind);
    return taken.has(name) && first.get(name) === at;
  });
}

const nameOf = (channelId: string, blind: Buffer): string => `${channelId} ${blind.toString('hex')}`;
