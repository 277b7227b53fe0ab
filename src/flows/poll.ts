import { ChannelError, type Json, type RawItem } from '#contract';
import type { Channel } from '../config/load.ts';
import { turn } from '../platform/turn.ts';
import { endPoll, holdPublishing, leasePoll, saveCursor } from '../store/channelState.ts';
import { insertItems, type NewSourceItem, UNKNOWN_CHANNEL } from '../store/items.ts';
import { channelContext } from './context.ts';
import { channelOfAccount, type FlowDeps, findChannel } from './deps.ts';
import { recordFailure, recordReading } from './health.ts';
import { freshItems, rawItemRow } from './intake.ts';

/** How long one page may take; the lease is renewed with every page. */
const PAGE_LIMIT_MS = 90_000;
const LEASE_MS = 120_000;

/**
 * Polls a channel from its cursor until there is no further page. A lease keeps a slow poll from overlapping itself;
 * each page's items and the new cursor are saved in one transaction, so it may be stopped anywhere.
 */
export async function poll(deps: FlowDeps, channelId: string): Promise<void> {
  const channel = findChannel(deps.config, channelId);
  const adapter = channel && deps.adapters[channel.adapter];
  if (!channel || !adapter?.poll) return;
  const owner = `${deps.owner}/${deps.clock.now().getTime()}`;
  const state = await leasePoll(deps.db, channelId, owner, LEASE_MS);
  if (!state) return;
  try {
    await pollPages(deps, channel, owner, state.cursor);
    await endPoll(deps.db, channelId, owner, null);
    await recordReading(deps, channelId);
  } catch (error) {
    const reason = await recordFailure(deps, channelId, error);
    await endPoll(deps.db, channelId, owner, reason);
    if (error instanceof ChannelError && error.kind === 'throttled' && error.retryAfterMs) {
      await holdPublishing(deps.db, channelId, error.retryAfterMs);
      void deps.wake('poll', channelId, error.retryAfterMs);
    }
  }
}

async function pollPages(deps: FlowDeps, channel: Channel, owner: string, saved: Json): Promise<void> {
  const source = deps.adapters[channel.adapter]!.poll!;
  let cursor: Json = saved === null ? null : source.cursor.parse(saved);
  for (let more = true; more && !deps.signal.aborted; ) {
    const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(PAGE_LIMIT_MS)]);
    const page = await source.page(cursor, channelContext(deps, channel, { signal }));
    const next = source.cursor.parse(page.next) as Json;
    if (!(await savePage(deps, channel, owner, page.items, next))) return;
    // A platform that says "more" but gives nothing new and stays where it is would be asked for ever.
    more = page.more && (page.items.length > 0 || JSON.stringify(next) !== JSON.stringify(cursor));
    cursor = next;
  }
}

async function savePage(
  deps: FlowDeps,
  channel: Channel,
  owner: string,
  items: readonly RawItem[],
  next: Json,
): Promise<boolean> {
  const now = deps.clock.now();
  const rows: NewSourceItem[] = [];
  for (const item of items) {
    rows.push(pageRow(deps, channel, item, now));
    await turn(item.raw.length);
  }
  const saved = await deps.db.transaction().execute(async (tx) => {
    // Items first: what comes again waits for `normalise` while that works on it, and `normalise` then needs the
    // channel's row. Whoever holds that row must not wait for items.
    await insertItems(tx, rows);
    return saveCursor(tx, channel.id, owner, next, LEASE_MS);
  });
  if (saved) deps.fresh.keep(freshItems(rows, items));
  for (const id of new Set(rows.map((row) => row.channelId))) {
    if (saved && id !== UNKNOWN_CHANNEL) void deps.wake('normalise', id);
  }
  return saved;
}

function pageRow(deps: FlowDeps, channel: Channel, item: RawItem, now: Date) {
  const owner =
    item.account === channel.account ? channel : channelOfAccount(deps.config, channel.adapter, item.account);
  if (owner) return rawItemRow(deps, owner.id, item, now, null);
  const key = `${channel.adapter} ${item.account} ${item.key}`;
  const row = rawItemRow(deps, UNKNOWN_CHANNEL, { ...item, key }, now, null);
  return { ...row, quarantine: `account "${item.account}" (${channel.adapter}) belongs to no channel` };
}
