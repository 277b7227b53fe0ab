import { ChannelError, type Json } from '#contract';
import type { Channel } from '../config/load.ts';
import { endPoll, holdPublishing, leasePoll } from '../store/channelState.ts';
import { type FlowDeps, findChannel } from './deps.ts';
import { recordFailure, recordReading } from './health.ts';
import { LEASE_MS, readerOf } from './reader.ts';

/** How long one page may take; the lease is renewed with every page. */
const PAGE_LIMIT_MS = 90_000;

/**
 * Polls a channel from its cursor until there is no further page. A lease keeps a slow poll from overlapping itself;
 * each page's items and the new cursor are saved in one transaction, so it may be stopped anywhere.
 */
export async function poll(deps: FlowDeps, channelId: string): Promise<void> {
  const channel = findChannel(deps.config, channelId);
  if (!channel || !deps.adapters[channel.adapter]?.poll) return;
  const owner = `${deps.owner}/${deps.clock.now().getTime()}`;
  const state = await leasePoll(deps.db, channelId, owner, LEASE_MS);
  if (!state) return;
  try {
    await pollPages(deps, channel, owner, state.cursor);
    await endPoll(deps.db, channelId, owner, null);
    await recordReading(deps, channelId);
  } catch (error) {
    const reason = await recordFailure(deps, channelId, error, true);
    await endPoll(deps.db, channelId, owner, reason);
    // A quota that is spent for reading leaves room for answers; the next poll is asked for by its own rhythm.
    if (error instanceof ChannelError && error.quotaUntil) return;
    if (error instanceof ChannelError && error.kind === 'throttled' && error.retryAfterMs) {
      await holdPublishing(deps.db, channelId, error.retryAfterMs);
      void deps.wake('poll', channelId, error.retryAfterMs);
    }
  }
}

async function pollPages(deps: FlowDeps, channel: Channel, owner: string, saved: Json): Promise<void> {
  const reader = readerOf(deps, channel);
  let cursor = saved;
  for (let more = true; more && !deps.signal.aborted; ) {
    const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(PAGE_LIMIT_MS)]);
    const now = deps.clock.now().getTime();
    const taken = await reader.take({ channelId: channel.id, owner, cursor, now }, signal);
    if (!taken.saved) return;
    deps.fresh.keep(taken.fresh);
    for (const id of taken.channels) void deps.wake('normalise', id);
    ({ more, next: cursor } = taken);
  }
}
