import { ChannelError } from '#contract';
import { setHealth } from '../store/channelState.ts';
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

export async function recordSuccess(deps: FlowDeps, channelId: string): Promise<void> {
  if (await setHealth(deps.db, channelId, 'ok', null)) deps.log.info({ channel: channelId }, 'channel: well again');
}
