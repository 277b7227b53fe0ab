import { ChannelError } from '#contract';
import type { Channel } from '../config/load.ts';
import { localTime } from '../core/receipt.ts';
import { endQuota, type Proof, setHealth, setQuota, setWell, type Wellness } from '../store/channelState.ts';
import { inTransaction, type Tx } from '../store/database.ts';
import { appendEvents } from '../store/events.ts';
import type { HealthState } from '../store/schema.ts';
import { type FlowDeps, findChannel } from './deps.ts';

/** What a failure says about the channel itself; null when it is about one message only. */
function healthOf(error: unknown, awaiting: boolean): HealthState | null {
  if (!(error instanceof ChannelError)) return 'degraded';
  if (error.kind === 'auth') return error.awaitsAccess || awaiting ? 'awaitingAccess' : 'authNeeded';
  if (error.kind === 'throttled') return error.quotaUntil ? 'quotaSpent' : 'throttled';
  return error.kind === 'retry' ? 'degraded' : null;
}

/**
 * Records what a failure says about the channel. The reason is for operators: what happened and, for credentials, what
 * to do; of a spent quota, until when. Dead credentials are noted in the trail, once until they work again. `reading`: it
 * was met on reading, and says nothing of sending.
 */
export async function recordFailure(deps: FlowDeps, channelId: string, error: unknown, reading = false) {
  const message = deps.scrub(error instanceof Error ? error.message : String(error)).slice(0, 1_000);
  const until = error instanceof ChannelError ? error.quotaUntil : undefined;
  const reason = until ? `${message} ${goesOn(deps, until)}` : message;
  const awaiting = findChannel(deps.config, channelId)?.awaitingAccess !== undefined;
  const health = healthOf(error, awaiting);
  if (!health) return message;
  await change(deps, channelId, { health, reason }, async (tx) => {
    const before = await setHealth(tx, channelId, health, reason, isUnreachable(error));
    if (until) await setQuota(tx, channelId, until, reading);
    return before;
  });
  return reason;
}

const UNREACHABLE = new Set([
  ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT', 'EPIPE'],
  ...['ECONNABORTED', 'ERR_CANCELED', 'ESOCKET', 'ECONNECTION', 'ETIMEOUT', 'CONNECT_TIMEOUT', 'GREETING_TIMEOUT'],
  ...['UPGRADE_TIMEOUT', 'NoConnection', 'EConnectionClosed'],
]);
/** Nobody answered: the platform is gone, or our own line. */
const isUnreachable = (error: unknown): boolean =>
  error instanceof ChannelError && error.kind === 'retry' && UNREACHABLE.has(error.code ?? '');

const goesOn = (deps: FlowDeps, until: Date): string =>
  `Lanjut sendiri mulai ${localTime(until, deps.config.hub.site.timezone)}.`;

/** Something was published. */
export const recordSuccess = (deps: FlowDeps, channelId: string): Promise<void> => well(deps, channelId, 'sent');

/** Its credentials were looked at and are good. */
export const recordCheck = (deps: FlowDeps, channelId: string): Promise<void> => well(deps, channelId, 'checked');

/** Something was read, which says less: the way out may still be held. */
export const recordReading = (deps: FlowDeps, channelId: string): Promise<void> => well(deps, channelId, 'read');

/** While the platform's permission is awaited, a channel that works in part is no more than that. */
function well(deps: FlowDeps, channelId: string, after: Proof): Promise<void> {
  const wellness = wellnessOf(findChannel(deps.config, channelId));
  return change(deps, channelId, wellness, (tx) => setWell(tx, channelId, after, wellness));
}

export const wellnessOf = (channel: Channel | undefined): Wellness =>
  channel?.awaitingAccess === undefined
    ? { health: 'ok', reason: null }
    : { health: 'awaitingAccess', reason: channel.awaitingAccess };

interface Change {
  health: HealthState;
  reason: string | null;
}

/** `write` gives the state before, when that is news. */
async function change(
  deps: FlowDeps,
  channelId: string,
  { health, reason }: Change,
  write: (tx: Tx) => Promise<HealthState | null>,
): Promise<void> {
  const before = await inTransaction(deps.db, async (tx) => {
    const was = await write(tx);
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

/** `max` sends a day have gone out; the next may in `freeInMs` milliseconds. What waits stays in the queue. */
export async function recordQuota(deps: FlowDeps, channelId: string, max: number, freeInMs: number): Promise<void> {
  const at = localTime(new Date(deps.clock.now().getTime() + freeInMs), deps.config.hub.site.timezone);
  const reason = `Batas ${max} pengiriman dalam 24 jam tercapai. Yang antre dikirim lagi mulai ${at}.`;
  if (await setHealth(deps.db, channelId, 'quotaSpent', reason))
    deps.log.warn({ channel: channelId, max }, 'channel: the sends of a day are used up');
}

export async function recordQuotaFree(deps: FlowDeps, channelId: string): Promise<void> {
  if (await endQuota(deps.db, channelId)) deps.log.info({ channel: channelId }, 'channel: well again');
}
