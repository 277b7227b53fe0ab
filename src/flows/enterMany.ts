import type { Item, Json } from '#contract';
import type { Channel } from '../config/channel.ts';
import { sha256 } from '../core/sealed.ts';
import { storableDeep } from '../core/text.ts';
import { insertStoredFiles, type StoredFile } from '../store/attachments.ts';
import { inTransaction, type Tx } from '../store/database.ts';
import { finishItems, type ItemOutcome, insertItems, knownKeys, releasePending } from '../store/items.ts';
import { lockChannel, messagesByObject } from '../store/register.ts';
import { applyItems } from './apply/index.ts';
import type { DeskDeps } from './deps.ts';
import { rawItemRow } from './itemRow.ts';

/** One of many things that come together, such as a row of a file. */
export interface ManyEntry {
  /** As in `NewEntry`: the same key again adds nothing. */
  key: string;
  item: Item;
  receivedAt: Date;
  files?: readonly StoredFile[];
}

/** `failed`: it alone could not be stored; the others were. */
export type Became = 'entered' | 'known' | 'waiting' | 'ignored' | 'failed';

export interface ManyOrder {
  channel: Channel;
  /** `user:<id>`. */
  by: string;
}

/** So many at a time: a transaction holds the channel, and others want to use it, too. */
export const CHUNK = 200;

/**
 * Enters many items in their order, in several transactions: what is stored stays stored. Where one of them does not go
 * in, those around it still do. Gives what became of each.
 */
export async function enterMany(deps: DeskDeps, order: ManyOrder, entries: readonly ManyEntry[]): Promise<Became[]> {
  const became: Became[] = [];
  for (let at = 0; at < entries.length; at += CHUNK) {
    const chunk = entries.slice(at, at + CHUNK);
    became.push(...(await together(deps, order, chunk).catch(() => oneByOne(deps, order, chunk))));
  }
  if (became.includes('entered')) await deps.wake('normalise', order.channel.id);
  return became;
}

const together = (deps: DeskDeps, order: ManyOrder, chunk: readonly ManyEntry[]): Promise<Became[]> =>
  inTransaction(deps.db, (tx) => enterChunk(deps, tx, order, chunk));

async function oneByOne(deps: DeskDeps, order: ManyOrder, chunk: readonly ManyEntry[]): Promise<Became[]> {
  const became: Became[] = [];
  for (const entry of chunk) {
    const [one] = await together(deps, order, [entry]).catch((error: NodeJS.ErrnoException): Became[] => {
      deps.log.warn({ channel: order.channel.id, code: error.code ?? error.name }, 'an imported row was not stored');
      return ['failed'];
    });
    became.push(one!);
  }
  return became;
}

async function enterChunk(
  deps: DeskDeps,
  tx: Tx,
  { channel, by }: ManyOrder,
  chunk: readonly ManyEntry[],
): Promise<Became[]> {
  // Who imports the same file at the same moment waits here, and then finds its rows.
  await lockChannel(tx, channel.id);
  const known = await knownKeys(
    tx,
    channel.id,
    chunk.map(({ key }) => sha256(key)),
  );
  const rows = chunk.map(({ key, receivedAt, ...entry }) => {
    const item = storableDeep(entry.item as Json & Item);
    const row = rawItemRow(deps, channel.id, { key, raw: JSON.stringify(item) }, receivedAt, null);
    const hash = row.keyHash.toString('hex');
    const isNew = !known.has(hash);
    known.add(hash);
    return { row: { ...row, entered: true }, item, receivedAt, isNew, files: entry.files ?? [] };
  });
  const fresh = rows.filter(({ isNew }) => isNew);
  await insertItems(
    tx,
    fresh.map(({ row }) => row),
  );
  const outcomes = await apply(deps, tx, { channel, by }, fresh);
  for (const { row, files } of fresh) await attach(tx, channel.id, outcomes.get(row.id)!, files);
  return rows.map(({ row, isNew }) => (isNew ? becameOf(outcomes.get(row.id)!) : 'known'));
}

type Fresh = { row: { id: string }; item: Item; receivedAt: Date };

async function apply(
  deps: DeskDeps,
  tx: Tx,
  { channel, by }: ManyOrder,
  fresh: readonly Fresh[],
): Promise<Map<string, ItemOutcome>> {
  const { routing, ownAccounts, policies } = deps.config.hub;
  const now = deps.clock.now();
  const about = { routing, ownAccounts, now, settleMs: channel.settle ?? policies.settle };
  const entries = fresh.map(({ row, item, receivedAt }) => ({ id: row.id, item, receivedAt }));
  const { outcomes, arrived } = await applyItems({ tx, channel, keyring: deps.keyring, by, ...about }, entries);
  await finishItems(tx, outcomes);
  if (arrived.length > 0) await releasePending(tx, channel.id, { objects: arrived });
  await tx.updateTable('channel_state').set({ last_item_at: now }).where('channel_id', '=', channel.id).execute();
  return new Map(outcomes.map((outcome) => [outcome.id, outcome]));
}

const becameOf = ({ outcome, reason }: ItemOutcome): Became => {
  if (outcome === 'applied') return 'entered';
  if (outcome === 'pending') return 'waiting';
  return reason === 'known already' ? 'known' : 'ignored';
};

async function attach(tx: Tx, channelId: string, outcome: ItemOutcome, files: readonly StoredFile[]): Promise<void> {
  const { objectHash, complaintId } = outcome;
  if (files.length === 0 || !objectHash || !complaintId) return;
  const [message] = await messagesByObject(tx, channelId, [objectHash]);
  if (message) await insertStoredFiles(tx, files, { messageId: message.id, complaintId, channelId });
}
