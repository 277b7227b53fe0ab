import type { Json, RawItem } from '#contract';
import type { Channel } from '../config/load.ts';
import { unpackRaw } from '../core/sealed.ts';
import { turn } from '../platform/turn.ts';
import { saveCursor } from '../store/channelState.ts';
import { inTransaction } from '../store/database.ts';
import { insertItems, type NewSourceItem, sealedItems, UNKNOWN_CHANNEL } from '../store/items.ts';
import { type ContextDeps, channelContext } from './context.ts';
import { channelOfAccount, type FlowDeps, findChannel } from './deps.ts';
import type { FreshItem } from './fresh.ts';
import { freshItems, rawItemRow } from './itemRow.ts';

/** What reading needs, and nothing of what comes after it. */
export type ReaderDeps = ContextDeps & Pick<FlowDeps, 'config' | 'adapters' | 'files'>;

export interface PageTask {
  channelId: string;
  /** Who holds the channel's lease. */
  owner: string;
  /** As it was saved; `null`: the first poll ever. */
  cursor: Json;
  /** The hub's clock, for a reader that has another one: milliseconds. */
  now: number;
}

export interface Taken {
  /** `false`: the lease was lost, and nothing was saved. */
  saved: boolean;
  next: Json;
  /** Is there another page right now? */
  more: boolean;
  /** Channels that have something to normalise now. */
  channels: string[];
  fresh: FreshItem[];
}

/** A raw item as it was stored, or why it cannot be opened. */
export type Opened = { raw: RawItem['raw'] } | { reason: string };

/** Reads channels and what was read, in whatever place. */
export interface Reader {
  take(task: PageTask, signal: AbortSignal): Promise<Taken>;
  watch(channelId: string, wake: () => void, signal: AbortSignal): Promise<void>;
  /** Raw items by their ids; whose row is gone is missing. */
  open(ids: readonly string[]): Promise<Map<string, Opened>>;
  /** Keeps a file. The bytes are given away. */
  keepFile(bytes: Uint8Array): Promise<{ sha256: string; size: number }>;
}

/** Until when the lease lasts after a page was saved. */
export const LEASE_MS = 120_000;

/**
 * Channels whose raw items bring their attachments along (`extract`) are read apart: copying, hashing and encrypting
 * what is large would keep people waiting.
 */
export function readerOf(deps: FlowDeps, channel: Channel): Reader {
  return deps.adapters[channel.adapter]?.extract ? deps.apart : createReader(deps);
}

/** Reads here, in this thread. */
export function createReader(deps: ReaderDeps): Reader {
  return {
    take: (task, signal) => takePage(deps, task, signal),
    async watch(channelId, wake, signal) {
      const { channel, adapter } = mustFind(deps, channelId);
      await adapter.watch?.(channelContext(deps, channel, { signal }), wake);
    },
    async open(ids) {
      const items = new Map<string, Opened>();
      for (const [id, sealed] of await sealedItems(deps.db, ids)) {
        items.set(id, opened(deps, sealed));
        await turn(sealed.length);
      }
      return items;
    },
    keepFile: (bytes) => deps.files.put(bytes),
  };
}

/** A row that cannot be decrypted (damage, a key that is missing) must not stop the others. */
function opened({ keyring }: ReaderDeps, sealed: Buffer): Opened {
  try {
    return { raw: unpackRaw(keyring.decrypt(sealed, 'item')) };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

function mustFind({ config, adapters }: ReaderDeps, channelId: string) {
  const channel = findChannel(config, channelId);
  const adapter = channel && adapters[channel.adapter];
  if (!channel || !adapter) throw new Error(`there is no channel "${channelId}"`);
  return { channel, adapter };
}

/** One page, and the cursor behind it, in one transaction: it may be stopped anywhere. */
async function takePage(deps: ReaderDeps, { channelId, owner, cursor }: PageTask, signal: AbortSignal): Promise<Taken> {
  const { channel, adapter } = mustFind(deps, channelId);
  const source = adapter.poll;
  if (!source) throw new Error(`the adapter "${channel.adapter}" cannot poll`);
  const known = cursor === null ? null : source.cursor.parse(cursor);
  const page = await source.page(known, channelContext(deps, channel, { signal }));
  const next = source.cursor.parse(page.next) as Json;
  const rows = await rowsOf(deps, channel, page.items);
  const saved = await inTransaction(deps.db, async (tx) => {
    // Items first: what comes again waits for `normalise` while that works on it, and `normalise` then needs the
    // channel's row. Whoever holds that row must not wait for items.
    await insertItems(tx, rows);
    return saveCursor(tx, channel.id, owner, next, LEASE_MS);
  });
  const ids = new Set(rows.map((row) => row.channelId));
  ids.delete(UNKNOWN_CHANNEL);
  return {
    ...{ saved, next, channels: [...ids], fresh: freshItems(rows, page.items) },
    // A platform that says "more" but gives nothing new and stays where it is would be asked for ever.
    more: page.more && (page.items.length > 0 || JSON.stringify(next) !== JSON.stringify(known)),
  };
}

async function rowsOf(deps: ReaderDeps, channel: Channel, items: readonly RawItem[]): Promise<NewSourceItem[]> {
  const now = deps.clock.now();
  const rows: NewSourceItem[] = [];
  for (const item of items) {
    rows.push(pageRow(deps, channel, item, now));
    await turn(item.raw.length);
  }
  return rows;
}

function pageRow(deps: ReaderDeps, channel: Channel, item: RawItem, now: Date): NewSourceItem {
  const owner =
    item.account === channel.account ? channel : channelOfAccount(deps.config, channel.adapter, item.account);
  if (owner) return rawItemRow(deps, owner.id, item, now, null);
  const key = `${channel.adapter} ${item.account} ${item.key}`;
  const row = rawItemRow(deps, UNKNOWN_CHANNEL, { ...item, key }, now, null);
  return { ...row, quarantine: `account "${item.account}" (${channel.adapter}) belongs to no channel` };
}
