import { ChannelError } from '#contract';
import { localTime } from '../core/receipt.ts';
import { endQuota, setHealth, setWell } from '../store/channelState.ts';
import type { HealthState } from '../store/schema.ts';
import type { FlowDeps } from './deps.ts';

/** What a failure says about the channel itself; null when it is about one message only. */
function healthOf(error: unknown): HealthState | null {
  if (!(error instanceof ChannelError)) return 'degraded';
  if (error.kind === 'auth') return 'authNeeded';
  if (error.kind === 'throttled') return 'throttled';
  return error.kind === 'retry' ? 'degraded' : null;
}

/** Records what a failure says about the channel. The reason is for operators: what happened and, for credentials, what to do. */
export async function recordFailure(deps: FlowDeps, channelId: string, error: unknown): Promise<string> {
  const message = deps.scrub(error instanceof Error ? error.message : String(error)).slice(0, 1_000);
  const health = healthOf(error);
  if (health && (await setHealth(deps.db, channelId, health, message))) {
    deps.log.warn({ channel: channelId, health, reason: message }, 'channel: health changed');
  }
  return message;
}

/** Something was published. */
export async function recordSuccess(deps: FlowDeps, channelId: string): Promise<void> {
  if (await setWell(deps.db, channelId, false)) tellWell(deps, channelId);
}

/** Something was read, which says less: the way out may still be held. */
export async function recordReading(deps: FlowDeps, channelId: string): Promise<void> {
  if (await setWell(deps.db, channelId, true)) tellWell(deps, channelId);
}

/** `max` sends a day have gone out; the next may in `freeInMs` milliseconds. What waits stays in the queue. */
export async function recordQuota(deps: FlowDeps, channelId: string, max: number, freeInMs: number): Promise<void> {
  const at = localTime(new Date(deps.clock.now().getTime() + freeInMs), deps.config.hub.site.timezone);
  const reason = `Batas ${max} pengiriman dalam 24 jam tercapai. Yang antre dikirim lagi mulai ${at}.`;
  if (await setHealth(deps.db, channelId, 'quotaSpent', reason))
    deps.log.warn({ channel: channelId, max }, 'channel: the sends of a day are used up');
}

export async function recordQuotaFree(deps: FlowDeps, channelId: string): Promise<void> {
  if (await endQuota(deps.db, channelId)) tellWell(deps, channelId);
}

const tellWell = (deps: FlowDeps, channelId: string): void =>
  deps.log.info({ channel: channelId }, 'channel: well again');
