import type { Json, MessageItem } from '#contract';
import type { Channel } from '../config/channel.ts';
import { storableDeep } from '../core/text.ts';
import { insertStoredFiles, type StoredFile } from '../store/attachments.ts';
import { inTransaction, type Tx } from '../store/database.ts';
import { enteredBefore, finishItems, insertItems, releasePending } from '../store/items.ts';
import { lockChannel, messagesByObject } from '../store/register.ts';
import { applyItems } from './apply/index.ts';
import type { DeskDeps } from './deps.ts';
import { rawItemRow } from './itemRow.ts';

export type { StoredFile } from '../store/attachments.ts';

/** Something that a person enters at the hub instead of a platform that sends it. */
export interface NewEntry {
  channel: Channel;
  /** Names the event on this channel: what is entered twice under one key stands there once. */
  key: string;
  item: MessageItem;
  /** Files that the store holds already. */
  files: readonly StoredFile[];
  /** When it reached the office, which may be days before it is entered. */
  receivedAt: Date;
  /** `user:<id>`, or `channel:<id>` for a citizen who enters it. */
  by: string;
  /** A person has judged it: a complaint at once, also where it stands in public. */
  judged?: boolean;
}

export interface Entered {
  /** `known`: its key was here before, and nothing was added. `waiting`, `ignored`: see `reason`. */
  outcome: 'entered' | 'known' | 'waiting' | 'ignored';
  /** The complaint that it opened or joined. */
  complaintId: string | null;
  messageId: string | null;
  reason: string | null;
}

/** Enters one item; see `enterInto`. Afterwards triage takes the complaint as any other. */
export async function enter(deps: DeskDeps, entry: NewEntry): Promise<Entered> {
  const entered = await inTransaction(deps.db, (tx) => enterInto(deps, tx, entry));
  if (entered.outcome === 'entered') await deps.wake('normalise', entry.channel.id);
  return entered;
}

/**
 * The way of an item that needs no reading: it is kept as every raw item is, so that it can be read again, and applied at
 * once, in the caller's transaction, by the same rules as what platforms send.
 */
export async function enterInto(deps: DeskDeps, tx: Tx, entry: NewEntry): Promise<Entered> {
  const { channel, key, receivedAt } = entry;
  const item = storableDeep(entry.item as Json & MessageItem);
  const row = rawItemRow(deps, channel.id, { key, raw: JSON.stringify(item) }, receivedAt, null);
  if ((await insertItems(tx, [{ ...row, entered: true }])) === 0) {
    const complaintId = await enteredBefore(tx, channel.id, row.keyHash);
    return { outcome: 'known', complaintId, messageId: null, reason: null };
  }
  await lockChannel(tx, channel.id);
  const { outcomes, arrived } = await applyItems(contextOf(deps, tx, entry), [{ id: row.id, item, receivedAt }]);
  await finishItems(tx, outcomes);
  if (arrived.length > 0) await releasePending(tx, channel.id, { objects: arrived });
  const now = deps.clock.now();
  await tx.updateTable('channel_state').set({ last_item_at: now }).where('channel_id', '=', channel.id).execute();
  const { outcome, complaintId, reason, objectHash } = outcomes[0]!;
  if (outcome !== 'applied' || !complaintId || !objectHash)
    return { outcome: outcome === 'pending' ? 'waiting' : 'ignored', complaintId: null, messageId: null, reason };
  const [message] = await messagesByObject(tx, channel.id, [objectHash]);
  const messageId = message?.id ?? null;
  if (messageId) await insertStoredFiles(tx, entry.files, { messageId, complaintId, channelId: channel.id });
  return { outcome: 'entered', complaintId, messageId, reason };
}

function contextOf({ keyring, config, clock }: DeskDeps, tx: Tx, { channel, by, judged = false }: NewEntry) {
  const { routing, ownAccounts, policies } = config.hub;
  const settleMs = channel.settle ?? policies.settle;
  return { tx, channel, keyring, routing, ownAccounts, now: clock.now(), settleMs, by, judged };
}
