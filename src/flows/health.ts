import { ChannelError } from '#contract';
import { setHealth } from '../store/channelState.ts';
import { appendEvents } from '../store/events.ts';
import type { HealthState } from '../store/schema.ts';
import type { FlowDeps } from './deps.ts';

/** What a failure says about the channel itself; null when it is about one message only. */
function healthOf(error: unknown): HealthState | null {
  if (!(error instanceof ChannelError)) return 'degraded';
  if (error.kind === 'auth') return 'authNeeded';
  if (error.kind === 'throttled') return 'throttled';
  return error.kind === 'retry' ? 'degraded' : null;
}

/**
 * Records what a failure says about the channel. The reason is for operators: what happened and, for credentials, what
 * to do. Dead credentials are noted in the trail, once until they work again.
 */
export async function recordFailure(deps: FlowDeps, channelId: string, error: unknown): Promise<string> {
  const message = deps.scrub(error instanceof Error ? error.message : String(error)).slice(0, 1_000);
  const health = healthOf(error);
  if (health) await change(deps, channelId, health, message);
  return message;
}

export const recordSuccess = (deps: FlowDeps, channelId: string): Promise<void> => change(deps, channelId, 'ok', null);

async function change(deps: FlowDeps, channelId: string, health: HealthState, reason: string | null): Promise<void> {
  const before = await deps.db.transaction().execute(async (tx) => {
    const was = await setHealth(tx, channelId, health, reason);
    const type = was && noticeOf(was, health);
    const event = { complaintId: null, actor: `channel:${channelId}`, data: { channelId, from: was, to: health } };
    if (type) await appendEvents(tx, [{ ...event, type, ...(reason ? { reason } : {}) }], deps.clock.now());
    return was;
  });
  if (!before) return;
  if (health === 'ok') deps.log.info({ channel: channelId }, 'channel: well again');
  else deps.log.warn({ channel: channelId, health, reason }, 'channel: health changed');
}

/** What people are told of: credentials that died, and that they work again. */
function noticeOf(before: HealthState, now: HealthState): string | null {
  if (now === 'authNeeded') return 'channel.auth_needed';
  return before === 'authNeeded' && now === 'ok' ? 'channel.auth_restored' : null;
}
