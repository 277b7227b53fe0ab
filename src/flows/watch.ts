import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from '../config/load.ts';
import { backoff } from '../core/afterSend.ts';
import { takeLease } from '../store/leases.ts';
import type { FlowDeps } from './deps.ts';
import { recordFailure } from './health.ts';
import { readerOf } from './reader.ts';

const LEASE_MS = 30_000;
const RENEW_MS = 10_000;

/**
 * Listens on channels whose adapter can (`watch`), each in one process at a time by a lease, and polls them the moment
 * something may have come. When listening ends or fails it begins anew, ever more slowly; polling goes on regardless.
 */
export function startWatches(deps: FlowDeps): () => Promise<void> {
  const stop = new AbortController();
  const loops = deps.config.channels
    .filter((channel) => channel.enabled && channel.poll && deps.adapters[channel.adapter]?.watch)
    .map((channel) => watchChannel(deps, channel, AbortSignal.any([stop.signal, deps.signal])));
  return async () => {
    stop.abort();
    await Promise.allSettled(loops);
  };
}

async function watchChannel(deps: FlowDeps, channel: Channel, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      const held = await takeLease(deps.db, `watch ${channel.id}`, deps.owner, LEASE_MS);
      if (held) {
        const began = Date.now();
        await watchWhileHeld(deps, channel, signal);
        failures = Date.now() - began > 60_000 ? 0 : failures + 1;
      }
    } catch (error) {
      failures += 1;
      if (!signal.aborted) await recordFailure(deps, channel.id, error).catch(() => {});
    }
    await pause(failures === 0 ? RENEW_MS : backoff(failures), signal);
  }
}

/** Ends when the lease is lost, the listening ends, or the process stops. */
async function watchWhileHeld(deps: FlowDeps, channel: Channel, signal: AbortSignal): Promise<void> {
  const lost = new AbortController();
  const own = AbortSignal.any([signal, lost.signal]);
  const renew = setInterval(async () => {
    const kept = await takeLease(deps.db, `watch ${channel.id}`, deps.owner, LEASE_MS).catch(() => false);
    if (!kept) lost.abort();
  }, RENEW_MS);
  try {
    await readerOf(deps, channel).watch(channel.id, () => void deps.wake('poll', channel.id), own);
  } catch (error) {
    if (!own.aborted) throw error;
  } finally {
    clearInterval(renew);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
