import { ChannelError, idempotencyOf, type Published, parseDuration, settleAfterOf } from '#contract';
import type { Channel } from '../../config/load.ts';
import { afterSend, type SendPolicy, type SendResult } from '../../core/afterSend.ts';
import { createBatcher } from '../../core/batcher.ts';
import { plan, triesOf } from '../../core/parts.ts';
import { createTasks } from '../../core/tasks.ts';
import { holdPublishing } from '../../store/channelState.ts';
import { inTransaction, type Tx } from '../../store/database.ts';
import {
  attemptsSince,
  type Claim,
  claimQueued,
  keepParts,
  lockClaims,
  publishingHeld,
  sendsOfDay,
} from '../../store/outgoing.ts';
import type { Publication } from '../../store/schema.ts';
import { channelContext } from '../context.ts';
import { type FlowDeps, findChannel } from '../deps.ts';
import { recordFailure, recordQuota, recordQuotaFree, recordSuccess } from '../health.ts';
import { handOver } from './handOver.ts';
import { forwardOf, type Outgoing, readOutgoing, replyOf, statusOf } from './reply.ts';
import { detailOf, type Settling, settleAll } from './settle.ts';

/** How sends of a channel are judged. */
export function sendPolicy(deps: FlowDeps, channel: Channel): SendPolicy {
  const { maxAttempts } = deps.config.hub.policies.publish;
  // What was sent before a person took over is theirs to look for: nothing else may put it there again.
  if (channel.mode === 'assisted') return { idempotency: 'none', maxAttempts, settleAfterMs: 0 };
  const adapter = deps.adapters[channel.adapter]!;
  return {
    idempotency: idempotencyOf(adapter, channel.settings),
    maxAttempts,
    settleAfterMs: parseDuration(settleAfterOf(adapter, channel.settings)),
  };
}

/** How long a send may take, and the lease in the policy's proportion to it. */
function sendLimits(
  { adapters, config }: FlowDeps,
  { adapter, publish }: Channel,
): { sendTimeout: number; lease: number } {
  const policy = config.hub.policies.publish;
  const stated = adapters[adapter]?.publish?.sendTimeout;
  const sendTimeout = publish.sendTimeout ?? Math.max(policy.sendTimeout, stated ? parseDuration(stated) : 0);
  return { sendTimeout, lease: Math.ceil((policy.lease / policy.sendTimeout) * sendTimeout) };
}

export interface Publisher {
  /** Publishes what is due on a channel, until nothing is. */
  drain(channelId: string): Promise<void>;
}

/**
 * Claims what is queued (committed before anything leaves), sends at most `concurrency` at once per channel, and
 * settles in shared commits. Each channel has its own pace: a throttled or dead account stops nobody else.
 */
export function createPublisher(deps: FlowDeps): Publisher {
  const settleOne = createBatcher<Settling>({
    max: 100,
    inFlight: 2,
    flush: async (batch) => {
      const at = deps.clock.now();
      const settled = await inTransaction(deps.db, (tx) => settleAll(tx, 'sending', batch, at));
      const uncertain = new Set(settled.filter((row) => row.state === 'uncertain').map((row) => row.channel_id));
      for (const id of uncertain) void deps.wake('reconcile', id);
    },
  });
  return {
    drain: async (channelId) => {
      const sent = await drainChannel(deps, channelId, settleOne);
      // What waited for the fate of these (echoes, what citizens wrote meanwhile). Once, not at each commit: a wake-up
      // and what follows from it costs as much as a reply.
      if (sent > 0) void deps.wake('normalise', channelId);
    },
  };
}

/** Answered but unsettled sends for each request that may be under way: so many more a crash can leave in doubt. */
const UNSETTLED = 3;

/**
 * Gives back how many it sent. `concurrency` counts requests, which the platform feels; what was answered is settled
 * beside the next requests, in larger commits.
 */
async function drainChannel(
  deps: FlowDeps,
  channelId: string,
  settleOne: (settling: Settling) => Promise<void>,
): Promise<number> {
  const channel = findChannel(deps.config, channelId);
  if (channel?.mode === 'assisted') {
    await handOver(deps, channelId);
    return 0;
  }
  if (!channel || !deps.adapters[channel.adapter]?.publish) return 0;
  let sent = 0;
  const { concurrency } = channel.publish;
  // Where nobody can look, every doubt becomes a person's work: there an answer keeps its place until it is settled.
  const unsettled = sendPolicy(deps, channel).idempotency === 'none' ? 0 : concurrency * UNSETTLED;
  const sending = createTasks();
  const settling = createTasks();
  // The first throttle or dead credential ends this round: what is claimed later would meet the same answer.
  const round = { held: false, published: false };
  const underWay = () => sending.size() + settling.size();
  const goesOn = () => !deps.signal.aborted && !sending.failed() && !settling.failed() && !round.held;
  while (goesOn()) {
    // Before the claim: what is settled meanwhile may make another part or answer due, which the claim did not see yet.
    const idle = underWay() === 0;
    const claimed = await claimBatch(deps, channel, concurrency - sending.size());
    if (claimed.length === 0) {
      // Nothing is due, or the channel is held: the claim itself takes nothing then.
      const held = await publishingHeld(deps.db, channelId);
      if (typeof held === 'number') void deps.wake('publish', channelId, held);
      if (held !== null || idle) break;
    }
    sent += claimed.length;
    for (const outgoing of claimed)
      sending.add(sendOne(deps, channel, outgoing, round).then((settlement) => settling.add(settleOne(settlement))));
    // Wait until a good part has come back, so that one commit claims several.
    const full = () => sending.size() > concurrency / 2 || settling.size() > unsettled;
    if (claimed.length > 0) while (full()) await Promise.race([sending.next(), settling.next()]);
    else if (underWay() > 0) await Promise.race([sending.next(), settling.next()]);
  }
  try {
    await sending.all();
  } finally {
    await settling.all();
  }
  // What went through shows that the channel is well, also one that is never polled.
  if (round.published && !round.held) await recordSuccess(deps, channelId);
  return sent;
}

async function claimBatch(deps: FlowDeps, channel: Channel, limit: number) {
  const { lease, sendTimeout } = sendLimits(deps, channel);
  // Taken before the claim: whatever delays us from here on shortens the time to send, never the lease.
  const deadline = Date.now() + sendTimeout;
  const claim = { channelId: channel.id, owner: deps.owner, leaseMs: lease, limit };
  const outgoing = await readOutgoing(deps, await divide(deps, channel, await claimWithin(deps, channel, claim)));
  return outgoing.map((one) => ({ ...one, deadline }));
}

/** An answer that goes out in parts is divided once, and that is kept before the first one leaves. */
async function divide(deps: FlowDeps, channel: Channel, claimed: Publication[]): Promise<Publication[]> {
  const split = deps.adapters[channel.adapter]?.publish?.split;
  if (!split) return claimed;
  const divided = claimed.map(async (row) => {
    if (row.parts || row.kind === 'status') return row;
    const { surface } = row.target;
    const parts = plan(split(row.text, { surface, settings: channel.settings }), row.attempt - 1);
    if (!parts) return row;
    return (await keepParts(deps.db, row, parts)) ? { ...row, parts } : null;
  });
  return (await Promise.all(divided)).filter((row) => row !== null);
}

/** Under `publish.maxPerMinute` and `maxPerDay`, workers count and claim one after the other. */
async function claimWithin(deps: FlowDeps, channel: Channel, claim: Claim): Promise<Publication[]> {
  if (claim.limit <= 0) return [];
  const { maxPerMinute, maxPerDay } = channel.publish;
  if (maxPerMinute === undefined && maxPerDay === undefined) return claimQueued(deps.db, claim);
  return inTransaction(deps.db, async (tx) => {
    await lockClaims(tx, channel.id);
    const room = Math.min(await roomThisMinute(deps, tx, channel), await roomToday(deps, tx, channel));
    return room > 0 ? claimQueued(tx, { ...claim, limit: Math.min(claim.limit, room) }) : [];
  });
}

/** How many more may go out now under the channel's `publish.maxPerMinute`. */
async function roomThisMinute(deps: FlowDeps, tx: Tx, channel: Channel): Promise<number> {
  const { maxPerMinute } = channel.publish;
  if (maxPerMinute === undefined) return Number.POSITIVE_INFINITY;
  const room = maxPerMinute - (await attemptsSince(tx, channel.id, 60_000));
  if (room <= 0) void deps.wake('publish', channel.id, 5_000);
  return room;
}

/** How many more may go out within the 24 hours that end now; when none, the channel says so until one may. */
async function roomToday(deps: FlowDeps, tx: Tx, channel: Channel): Promise<number> {
  const { maxPerDay } = channel.publish;
  if (maxPerDay === undefined) return Number.POSITIVE_INFINITY;
  const { count, freeInMs } = await sendsOfDay(tx, channel.id);
  if (count < maxPerDay) {
    await recordQuotaFree(deps, channel.id);
    return maxPerDay - count;
  }
  await recordQuota(deps, channel.id, maxPerDay, freeInMs);
  void deps.wake('publish', channel.id, freeInMs + 1_000);
  return 0;
}

async function sendOne(
  deps: FlowDeps,
  channel: Channel,
  outgoing: Outgoing & { deadline: number },
  round: { held: boolean; published: boolean },
): Promise<Settling> {
  const { publication } = outgoing;
  const result = await send(deps, channel, outgoing);
  const after = afterSend(result, triesOf(publication), sendPolicy(deps, channel));
  const detail = 'error' in result ? detailOf(result.error, deps.scrub) : undefined;
  if (after.state === 'queued' && (after.reason === 'throttled' || after.reason === 'auth')) {
    round.held = true;
    await holdPublishing(deps.db, channel.id, after.afterMs);
    void deps.wake('publish', channel.id, after.afterMs);
  }
  if ('error' in result) await recordFailure(deps, channel.id, result.error);
  else round.published = true;
  return { publication, after, ...(detail === undefined ? {} : { detail }) };
}

/** One attempt, cut before the lease ends. Whatever goes wrong comes back as the result. */
async function send(deps: FlowDeps, channel: Channel, outgoing: Outgoing & { deadline: number }): Promise<SendResult> {
  const left = outgoing.deadline - Date.now();
  if (left <= 0) return { error: tooLate() };
  // Not cut by a shutdown: a request that has begun is allowed to end, rather than become a doubt.
  const signal = AbortSignal.timeout(left);
  const context = channelContext(deps, channel, { signal, deadline: outgoing.deadline });
  try {
    return { published: proven(await dispatch(deps, channel, outgoing, context)) };
  } catch (error) {
    return { error };
  }
}

async function dispatch(
  deps: FlowDeps,
  channel: Channel,
  outgoing: Outgoing,
  context: ReturnType<typeof channelContext>,
): Promise<Published> {
  const adapter = deps.adapters[channel.adapter]!;
  if (outgoing.publication.kind === 'status') {
    if (!adapter.pushStatus)
      throw new ChannelError('refused', 'this channel takes no status', { reason: 'unsupported' });
    return adapter.pushStatus(statusOf(outgoing), context);
  }
  if (outgoing.publication.kind === 'forward') {
    if (!adapter.forward) throw new ChannelError('refused', 'this channel takes no reports', { reason: 'unsupported' });
    return adapter.forward(forwardOf(outgoing), context);
  }
  return adapter.publish!.send(replyOf(outgoing), context);
}

const tooLate = () => new ChannelError('retry', 'the time to send was over before it began', { nothingSent: true });

/** A success needs its proof: an answer without the id of what was published is a doubt, not a success. */
function proven(published: Published): Published {
  if (published.publishedId) return published;
  throw new ChannelError('retry', 'the platform answered without the id of what it published');
}
