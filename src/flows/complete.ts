import { ChannelError } from '#contract';
import type { Channel } from '../config/load.ts';
import { packRaw, unpackRaw } from '../core/sealed.ts';
import { claimIncomplete, letWait } from '../store/incomplete.ts';
import type { SourceItem } from '../store/schema.ts';
import { channelContext } from './context.ts';
import type { FlowDeps } from './deps.ts';
import { recordFailure } from './health.ts';

const BATCH = 10;
const FETCH_LIMIT_MS = 30_000;
/** About a day and a half. What still cannot be read then is shown as it came. */
const MAX_TRIES = 15;

/**
 * Reads at the platform what events of a channel only name, so that they can be normalised. What surely cannot be seen
 * goes on as it came; everything else is tried again, for a day and a half.
 */
export async function completeItems(deps: FlowDeps, channel: Channel): Promise<void> {
  while (!deps.signal.aborted) {
    const rows = await claimIncomplete(deps.db, channel.id, BATCH);
    if (rows.length === 0) return;
    await Promise.all(rows.map((row) => completeOne(deps, channel, row)));
  }
}

async function completeOne(deps: FlowDeps, channel: Channel, row: SourceItem): Promise<void> {
  try {
    const raw = await fetchWhole(deps, channel, row);
    await letWait(deps.db, row.id, raw === undefined ? undefined : deps.keyring.encrypt(packRaw(raw), 'item'));
  } catch (error) {
    const hopeless = error instanceof ChannelError && error.kind === 'refused';
    if (hopeless || row.tries >= MAX_TRIES) return letWait(deps.db, row.id);
    await recordFailure(deps, channel.id, error);
    deps.log.warn({ item: row.id, channel: channel.id, tries: row.tries }, 'complete: not readable now, tried again');
  }
}

async function fetchWhole(deps: FlowDeps, channel: Channel, row: SourceItem) {
  const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(FETCH_LIMIT_MS)]);
  const raw = unpackRaw(deps.keyring.decrypt(row.sealed, 'item'));
  return deps.adapters[channel.adapter]?.complete?.(raw, channelContext(deps, channel, { signal }));
}
