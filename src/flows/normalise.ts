import type { RawItem } from '#contract';
import type { Channel } from '../config/load.ts';
import { storableDeep } from '../core/text.ts';
import type { NormaliseJob, NormaliseResult } from '../platform/threads.ts';
import { inTransaction, type Tx } from '../store/database.ts';
import { deliveriesWait } from '../store/envelopes.ts';
import {
  finishItems,
  type ItemOutcome,
  releasePending,
  stillWaiting,
  type WaitingItem,
  waitingItems,
} from '../store/items.ts';
import { lockChannel } from '../store/register.ts';
import { applyItems, type Entry } from './apply/index.ts';
import { completeItems } from './complete.ts';
import { type FlowDeps, findChannel } from './deps.ts';
import { announceDue } from './outbox.ts';
import { type Opened, readerOf } from './reader.ts';

const BATCH = 400;
/** A delivery that waits for longer shows a backlog. */
const BACKLOG_MS = 1_000;
/** What is held in memory at once, several times over; one larger item comes alone. */
const MAX_BYTES = 8 * 1024 * 1024;
/** A batch that the database refuses is taken apart: each item alone, and the guilty one is quarantined. */
const SINGLE = 1;

/**
 * Turns what waits for a channel into complaints, messages and changes, batch by batch, until nothing waits. What people
 * see comes first: the queue `complaints` hears of a backlog once it is worked off, or from the sweep.
 */
export async function drainNormalise(deps: FlowDeps, channelId: string): Promise<void> {
  const channel = findChannel(deps.config, channelId);
  if (!channel) return;
  await completeItems(deps, channel);
  // Attachments come after everything that people read; the sweep begins with them in a long backlog.
  if (await drainChannel(deps, channel)) void deps.wake('media', channelId, 200);
  // In a backlog of deliveries the next batch is a moment away: what people see goes first, and the sweep announces.
  if (!(await deliveriesWait(deps.db, BACKLOG_MS))) await announceDue(deps);
}

/**
 * While one batch is written, the next is read: the parser threads and the database both have work. Did anything come
 * with an attachment?
 */
async function drainChannel(deps: FlowDeps, channel: Channel): Promise<boolean> {
  let alone = 0;
  let withFiles = false;
  let ahead: Promise<ReadItem[]> | undefined;
  while (!deps.signal.aborted) {
    const wasAhead = ahead !== undefined;
    const batch = await (ahead ?? readBatch(deps, channel, alone > 0 ? SINGLE : BATCH));
    ahead = undefined;
    if (batch.length === 0 && !wasAhead) return withFiles;
    if (batch.length === 0) continue;
    if (alone === 0 && bytesOf(batch) < MAX_BYTES / 2)
      ahead = started(readBatch(deps, channel, BATCH, batch.at(-1)!.row.id));
    try {
      withFiles = (await applyBatch(deps, channel, batch)) || withFiles;
      alone = Math.max(0, alone - batch.length);
    } catch (error) {
      if (!isDataError(error)) throw error;
      if (batch.length === 1) await quarantineOne(deps, batch[0]!.row, error as Error);
      alone = Math.max(alone - 1, batch.length > 1 ? batch.length : 0);
      ahead = undefined;
    }
  }
  return withFiles;
}

/** Large items lie in memory several times over: two batches of them would be too much. */
const bytesOf = (batch: readonly ReadItem[]): number => batch.reduce((sum, { row }) => sum + row.bytes, 0);

/** Nobody waits for it when the batch before it fails; its own failure then says nothing new. */
function started<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}

/** PostgreSQL class 22 (data), 23 (integrity) and 54 (limits): the row is at fault, and it will be so again. */
function isDataError(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^(22|23|54)/.test(code);
}

/**
 * Read outside of the transaction: hostile items take long, and a transaction that waits for them would be cut off.
 * `after`: an item's id; only later ones.
 */
async function readBatch(deps: FlowDeps, channel: Channel, limit: number, after?: string): Promise<ReadItem[]> {
  const rows = await waitingItems(deps.db, channel.id, { limit, maxBytes: MAX_BYTES, after });
  const results = await normaliseRows(deps, channel, rows);
  return rows.map((row, index) => ({ row, result: results[index]! }));
}

/** Should another process have read the same, what it applied is left out here. */
async function applyBatch(deps: FlowDeps, channel: Channel, batch: readonly ReadItem[]): Promise<boolean> {
  const ids = batch.map(({ row }) => row.id);
  return inTransaction(deps.db, async (tx) => {
    await lockChannel(tx, channel.id);
    const waiting = await stillWaiting(tx, ids);
    const mine = batch.filter(({ row }) => waiting.has(row.id));
    return applyRead(deps, tx, channel, mine);
  });
}

interface ReadItem {
  row: WaitingItem;
  result: NormaliseResult;
}

/** Did anything come with an attachment? */
async function applyRead(deps: FlowDeps, tx: Tx, channel: Channel, read: readonly ReadItem[]): Promise<boolean> {
  if (read.length === 0) return false;
  const entries: Entry[] = [];
  const settled: ItemOutcome[] = [];
  read.forEach(({ row, result }) => {
    if (!result.ok) settled.push(quarantined(row, deps.scrub(result.reason)));
    else if (result.item === null) settled.push(ignored(row));
    else entries.push({ id: row.id, item: storableDeep(result.item as never), receivedAt: row.received_at });
  });
  const settleMs = channel.settle ?? deps.config.hub.policies.settle;
  const { keyring } = deps;
  const { routing, ownAccounts } = deps.config.hub;
  const now = deps.clock.now();
  const reaches = deps.adapters[channel.adapter]?.reach !== undefined;
  const applied = await applyItems({ tx, channel, keyring, routing, ownAccounts, now, settleMs, reaches }, entries);
  await finishItems(tx, [...settled, ...applied.outcomes]);
  if (applied.arrived.length > 0) await releasePending(tx, channel.id, { objects: applied.arrived });
  await tx.updateTable('channel_state').set({ last_item_at: now }).where('channel_id', '=', channel.id).execute();
  return entries.some(({ item }) => item.type === 'message' && item.attachments?.length);
}

async function normaliseRows(
  deps: FlowDeps,
  channel: Channel,
  rows: readonly WaitingItem[],
): Promise<NormaliseResult[]> {
  const fresh = rows.map(({ id }) => deps.fresh.take(id));
  const missing = rows.filter((_row, at) => fresh[at] === undefined).map(({ id }) => id);
  const opened = await readerOf(deps, channel).open(missing);
  const tokenKeys = deps.keyring.tokenKeys(channel.id);
  const jobs = rows.map(({ id, received_at, entered }, at) => {
    const raw = fresh[at];
    const found: Opened = raw === undefined ? (opened.get(id) ?? GONE) : { raw };
    return 'raw' in found
      ? { ...jobOf(channel, found.raw, received_at, tokenKeys), entered }
      : { ok: false as const, ...found };
  });
  const results = await deps.normaliser.normalise(jobs.filter((one) => 'raw' in one));
  return jobs.map((one) => ('raw' in one ? results.shift()! : one));
}

const GONE = { reason: 'its row was deleted meanwhile' };

export const jobOf = (
  channel: Channel,
  raw: RawItem['raw'],
  receivedAt: Date,
  tokenKeys: NormaliseJob['tokenKeys'],
): NormaliseJob => ({
  ...{ adapter: channel.adapter, raw, receivedAt, tokenKeys, settings: channel.settings },
  channel: { id: channel.id, account: channel.account },
});

const NOTHING = { objectHash: null, threadHash: null, complaintId: null };
const ignored = (row: WaitingItem): ItemOutcome => ({
  ...NOTHING,
  id: row.id,
  outcome: 'ignored',
  reason: 'not for us, says the adapter',
});
const quarantined = (row: WaitingItem, reason: string): ItemOutcome => ({
  ...NOTHING,
  id: row.id,
  outcome: 'quarantined',
  reason,
});

async function quarantineOne(deps: FlowDeps, row: WaitingItem, error: Error): Promise<void> {
  await inTransaction(deps.db, async (tx) => {
    if (!(await stillWaiting(tx, [row.id])).has(row.id)) return;
    await finishItems(tx, [quarantined(row, `the register could not hold it: ${deps.scrub(error.message)}`)]);
  });
}
