import type { ChannelStore } from '#contract';
import type { Keyring } from '../platform/keyring.ts';
import { createTurns, type Turns } from '../platform/turns.ts';
import type { Database } from './database.ts';

/** Together with what each needs meanwhile, well below the connections of a process. */
const MOST_AT_ONCE = 4;

const turnsOf = new WeakMap<Database, Turns>();

function turns(db: Database): Turns {
  const known = turnsOf.get(db) ?? createTurns(MOST_AT_ONCE);
  turnsOf.set(db, known);
  return known;
}

/** Small encrypted values of one channel (rotating tokens), changed under a row lock. */
export function channelStore(db: Database, keyring: Keyring, channelId: string): ChannelStore {
  const open = (sealed: Buffer | null | undefined) =>
    sealed ? keyring.decryptJson(sealed, 'channel-value') : undefined;
  return {
    get: async (key) => {
      const row = await db
        .selectFrom('channel_value')
        .select('sealed')
        .where('channel_id', '=', channelId)
        .where('key', '=', key)
        .executeTakeFirst();
      return open(row?.sealed);
    },
    update: (key, change) =>
      turns(db).run(`${channelId} ${key}`, () =>
        db.transaction().execute(async (tx) => {
          const empty = { channel_id: channelId, key, sealed: null };
          await tx
            .insertInto('channel_value')
            .values(empty)
            .onConflict((on) => on.doNothing())
            .execute();
          const mine = tx.selectFrom('channel_value').where('channel_id', '=', channelId).where('key', '=', key);
          const { sealed } = await mine.select('sealed').forUpdate().executeTakeFirstOrThrow();
          const next = await change(open(sealed));
          await tx
            .updateTable('channel_value')
            .set({ sealed: keyring.encryptJson(next, 'channel-value') })
            .where('channel_id', '=', channelId)
            .where('key', '=', key)
            .execute();
          return next;
        }),
      ),
  };
}
