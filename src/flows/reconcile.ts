import { type AnyAdapter, ChannelError, type Finding } from '#contract';
import type { Channel } from '../config/load.ts';
import { type AfterSend, nextLook } from '../core/afterSend.ts';
import { triesOf } from '../core/parts.ts';
import { inTransaction } from '../store/database.ts';
import { claimUncertain } from '../store/outgoing.ts';
import type { Publication } from '../store/schema.ts';
import { channelContext } from './context.ts';
import { type FlowDeps, findChannel } from './deps.ts';
import { recordFailure } from './health.ts';
import { sendPolicy } from './publish/index.ts';
import { forwardOf, type Outgoing, readOutgoing, replyOf, statusOf } from './publish/reply.ts';
import { detailOf, settleAll } from './publish/settle.ts';

const BATCH = 20;
const LOOK_LIMIT_MS = 30_000;
const LEASE_MS = 60_000;

/** Settles what is uncertain on a channel: looks for our reply at the platform before anything is sent again. */
export async function drainReconcile(deps: FlowDeps, channelId: string): Promise<void> {
  const channel = findChannel(deps.config, channelId);
  const adapter = channel && deps.adapters[channel.adapter];
  if (!channel || !adapter?.publish) return;
  while (!deps.signal.aborted) {
    const claim = { channelId, owner: deps.owner, leaseMs: LEASE_MS, limit: BATCH };
    const outgoing = await readOutgoing(deps, await claimUncertain(deps.db, claim));
    if (outgoing.length === 0) return;
    await Promise.all(outgoing.map((one) => reconcileOne(deps, channel, adapter, one)));
    void deps.wake('publish', channelId);
  }
}

async function reconcileOne(deps: FlowDeps, channel: Channel, adapter: AnyAdapter, outgoing: Outgoing): Promise<void> {
  const { publication } = outgoing;
  const { after, detail } = await judge(deps, channel, adapter, outgoing);
  const settling = { publication, after, ...(detail ? { detail } : {}) };
  const at = deps.clock.now();
  await inTransaction(deps.db, (tx) => settleAll(tx, 'uncertain', [settling], at));
  void deps.wake('normalise', channel.id);
}

async function judge(
  deps: FlowDeps,
  channel: Channel,
  adapter: AnyAdapter,
  outgoing: Outgoing,
): Promise<{ after: AfterSend; detail?: string }> {
  const policy = sendPolicy(deps, channel);
  const { publication } = outgoing;
  // The platform honours the key: the same one again is safe, and is also the look-up.
  if (policy.idempotency === 'native') return { after: again(publication, policy.maxAttempts) };
  const look = policy.idempotency === 'none' ? undefined : lookOf(adapter, outgoing);
  if (!look) {
    return { after: { state: 'uncertain', afterMs: 0, reason: publication.reason ?? 'unanswered', needsPerson: true } };
  }
  try {
    return { after: found(deps, publication, await lookUp(deps, channel, look), policy.maxAttempts) };
  } catch (error) {
    await recordFailure(deps, channel.id, error);
    const detail = detailOf(error, deps.scrub);
    const wait = error instanceof ChannelError ? error.retryAfterMs : undefined;
    return { after: unknown(deps, publication, wait), detail };
  }
}

type Look = (context: ReturnType<typeof channelContext>) => Promise<Finding>;

/** How this publication is looked for; `undefined` where the adapter cannot, and a person must. */
function lookOf(adapter: AnyAdapter, outgoing: Outgoing): Look | undefined {
  const { findStatus, findForwarded, reconcile } = adapter;
  switch (outgoing.publication.kind) {
    case 'status':
      return findStatus && ((context) => findStatus(statusOf(outgoing), context));
    case 'forward':
      return findForwarded && ((context) => findForwarded(forwardOf(outgoing), context));
    default:
      return reconcile && ((context) => reconcile(replyOf(outgoing), context));
  }
}

function lookUp(deps: FlowDeps, channel: Channel, look: Look): Promise<Finding> {
  const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(LOOK_LIMIT_MS)]);
  return look(channelContext(deps, channel, { signal }));
}

/** `uncertain` rows become due only after `settleAfter`, so an absence seen here counts. */
function found(deps: FlowDeps, publication: Publication, finding: Finding, maxAttempts: number): AfterSend {
  if (finding === 'unknown') return unknown(deps, publication);
  if (finding === 'absent') return again(publication, maxAttempts);
  return { state: 'published', published: finding.found };
}

function again(publication: Publication, maxAttempts: number): AfterSend {
  const needsPerson = triesOf(publication) >= maxAttempts;
  return { state: 'queued', afterMs: 0, reason: 'unreachable', needsPerson };
}

function unknown(deps: FlowDeps, publication: Publication, waitMs?: number): AfterSend {
  const since = publication.uncertain_at ?? deps.clock.now();
  const tooLong = deps.clock.now().getTime() - since.getTime() > deps.config.hub.policies.publish.giveUpAfter;
  return {
    state: 'uncertain',
    afterMs: waitMs ?? nextLook(publication.checks),
    reason: 'notFound',
    needsPerson: tooLong,
  };
}
