import { type Actor, canHub, channelAgencies, type HubAbility } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { channelState, pauseChannel, resumeChannel } from '../../store/channels.ts';
import type { Tx } from '../../store/database.ts';
import { appendEvents } from '../../store/events.ts';
import { type Replayed, replayById, replayRange } from '../../store/quarantine.ts';
import type { DeskDeps } from '../deps.ts';
import { actorName, notFound } from './desk.ts';

export function mustBeAbleHub(actor: Actor, ability: HubAbility): void {
  if (!canHub(actor, ability))
    throw new Refusal('forbidden', `your roles do not allow "${ability}"; ask an administrator`);
}

/** Nothing is fetched and nothing goes out on this channel until somebody resumes it. */
export function pause(deps: DeskDeps, actor: Actor, id: string, reason?: string): Promise<void> {
  return operate(deps, actor, id, (tx, at) => pauseChannel(tx, id, actor.userId, at), 'channel.paused', reason);
}

/** Also after new credentials: the channel counts as well until it shows otherwise. */
export async function resume(deps: DeskDeps, actor: Actor, id: string, reason?: string): Promise<void> {
  await operate(deps, actor, id, (tx, at) => resumeChannel(tx, id, at), 'channel.resumed', reason);
  for (const stage of ['poll', 'normalise', 'publish', 'reconcile'] as const) await deps.wake(stage, id);
}

/** Asks the platform now instead of at the next interval. */
export async function pollNow(deps: DeskDeps, actor: Actor, id: string): Promise<void> {
  const channel = mustOperate(deps, actor, id);
  const paused = (await channelState(deps.db, id))?.paused_at != null;
  const reason = !channel.poll
    ? 'it is not polled: its adapter cannot be, or its file says "poll: false"'
    : !channel.enabled
      ? 'it is not enabled in its file'
      : paused && 'it is paused; resume it first';
  if (reason) throw new Refusal('cannot_poll', `channel ${id}: ${reason}`);
  await deps.wake('poll', id);
}

/** Reads again what came on a channel in a time range. What is in the register already stays as it is. */
export async function replay(
  deps: DeskDeps,
  actor: Actor,
  id: string,
  range: { from: Date; to: Date },
): Promise<Replayed> {
  const channel = mustOperate(deps, actor, id);
  const replayed = await deps.db.transaction().execute(async (tx) => {
    const { endpoint } = channel;
    const result = await replayRange(tx, { channelId: id, endpoint, ...range });
    const data = { channelId: id, from: range.from.toISOString(), to: range.to.toISOString(), ...result };
    await trail(deps, tx, actor, 'items.replayed', data);
    return result;
  });
  if (channel.endpoint) await deps.wake('intake', channel.endpoint);
  await deps.wake('normalise', id);
  return replayed;
}

/** Reads quarantined deliveries or items again, after what kept them back was mended. Returns how many. */
export async function replayQuarantined(deps: DeskDeps, actor: Actor, ids: readonly string[]): Promise<number> {
  mustBeAbleHub(actor, 'operate');
  mustBeAbleHub(actor, 'quarantine');
  const { endpoints, channels } = await deps.db.transaction().execute(async (tx) => {
    const released = await replayById(tx, ids);
    if (released.endpoints.length + released.channels.length === 0)
      notFound('quarantined delivery or item', ids[0] ?? '');
    await trail(deps, tx, actor, 'items.replayed', { ids: [...ids] });
    return released;
  });
  for (const endpoint of new Set(endpoints)) await deps.wake('intake', endpoint);
  for (const channel of new Set(channels)) await deps.wake('normalise', channel);
  return endpoints.length + channels.length;
}

type Data = Parameters<typeof appendEvents>[1][number]['data'];

/** What was done to the hub itself, in its own chain. */
export async function trail(
  deps: DeskDeps,
  tx: Tx,
  actor: Actor,
  type: string,
  data: NonNullable<Data>,
  reason?: string,
) {
  const words = reason?.trim();
  const event = { complaintId: null, actor: actorName(actor), type, data, ...(words ? { reason: words } : {}) };
  await appendEvents(tx, [event], deps.clock.now());
}

async function operate(
  deps: DeskDeps,
  actor: Actor,
  id: string,
  change: (tx: Tx, at: Date) => Promise<void>,
  type: string,
  reason?: string,
): Promise<void> {
  mustOperate(deps, actor, id);
  await deps.db.transaction().execute(async (tx) => {
    await change(tx, deps.clock.now());
    await trail(deps, tx, actor, type, { channelId: id }, reason);
  });
}

function mustOperate(deps: DeskDeps, actor: Actor, id: string) {
  const agencies = channelAgencies(actor);
  const channel = deps.config.channels.find((one) => one.id === id);
  const seen =
    channel && canHub(actor, 'channels') && (!agencies || !channel.agency || agencies.includes(channel.agency));
  if (!seen) return notFound('channel', id);
  mustBeAbleHub(actor, 'operate');
  return channel;
}
