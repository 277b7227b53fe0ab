import { doubtful } from '../core/afterSend.ts';
import { triesOf } from '../core/parts.ts';
import { waitingAttachmentChannels } from '../store/attachments.ts';
import { overduePolls } from '../store/channelState.ts';
import { inTransaction } from '../store/database.ts';
import { dropExpired } from '../store/doorPhotos.ts';
import { waitingEndpoints } from '../store/envelopes.ts';
import { incompleteChannels } from '../store/incomplete.ts';
import { waitingItemChannels } from '../store/items.ts';
import { takeLease } from '../store/leases.ts';
import { dueEvents } from '../store/outbox.ts';
import { dueChannels, expiredSending } from '../store/outgoing.ts';
import { type FlowDeps, findChannel } from './deps.ts';
import { announceDue } from './outbox.ts';
import { callForOverdue } from './publish/handOver.ts';
import { sendPolicy } from './publish/index.ts';
import { settleAll } from './publish/settle.ts';
import type { Runner } from './runner.ts';
import { sendStaffNotices } from './staffNotices.ts';
import { createWatchman } from './watchman.ts';
import { raiseWindowAlarms } from './windows.ts';

export interface SweepTimes {
  /** Between two looks. */
  every: number;
  /** Rows older than this were overlooked: their wake-up is lost or its job is dead. */
  patience: number;
}

/**
 * The plain timer behind everything: looks at the rows and does what no wake-up did. It runs in every worker, one at a
 * time by a lease in the database (a row, not an advisory lock: a process that is stopped keeps an advisory lock, and
 * would stop the sweep of all the others). It drains by itself, so the hub works on even when the queue's server is away.
 */
export function startSweep(deps: FlowDeps, runner: Runner, times: SweepTimes): () => void {
  const watchOver = createWatchman(deps);
  let schedulers = 0;
  let stopped = false;
  let timer: NodeJS.Timeout;
  const tick = async () => {
    try {
      if (await takeLease(deps.db, 'sweep', deps.owner, times.every * 3)) {
        await sweep(deps, runner, times.patience);
        if (deps.clock.now().getTime() - schedulers > 30_000) {
          await schedulePolls(deps);
          await raiseWindowAlarms(deps);
          await callForOverdue(deps);
          await sendStaffNotices(deps);
          await watchOver();
          await dropExpired(deps.db, deps.clock.now());
          schedulers = deps.clock.now().getTime();
        }
      }
    } catch (error) {
      deps.log.warn({ error: (error as Error).message }, 'sweep: interrupted, comes again');
    }
    if (!stopped) timer = setTimeout(tick, times.every);
  };
  timer = setTimeout(tick, 0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Polls run by the queue's schedulers; those of a wiped Redis are made again. */
export async function schedulePolls(deps: FlowDeps): Promise<void> {
  const polled = deps.config.channels.flatMap((channel) =>
    channel.enabled && channel.poll && deps.adapters[channel.adapter]?.poll
      ? [{ id: channel.id, every: channel.poll.every }]
      : [],
  );
  await deps.queues.schedulePolls(polled);
}

async function sweep(deps: FlowDeps, runner: Runner, patience: number): Promise<void> {
  await expireLeases(deps);
  const run = (stage: Parameters<Runner['run']>[0], subjects: readonly string[]) => {
    for (const subject of subjects) void runner.run(stage, subject);
  };
  const endpoints = await waitingEndpoints(deps.db, patience);
  const channels = await waitingItemChannels(deps.db, patience);
  run('intake', endpoints);
  run('normalise', [...new Set([...channels, ...(await incompleteChannels(deps.db))])]);
  run('media', await waitingAttachmentChannels(deps.db, patience));
  const publishing = await dueChannels(deps.db, 'queued', patience);
  run('publish', publishing);
  run('reconcile', await dueChannels(deps.db, 'uncertain', 0));
  run('poll', await overduePolls(deps.db, pollRhythms(deps)));
  // In a backlog the inbox and the answers come first: routing and the queue's jobs wait a little longer, never for ever.
  const busy = endpoints.length + channels.length + publishing.length > 0;
  const longer = Math.max(15_000, patience * 5);
  if (await dueEvents(deps.db, busy ? longer : patience)) run('triage', ['']);
  if (!busy) await announceDue(deps);
  await announceDue(deps, longer);
}

/** Of a channel that is no longer configured nothing can be looked up. */
const GONE_CHANNEL = { idempotency: 'none', maxAttempts: 1, settleAfterMs: 0 } as const;

/** A row still `sending` after its lease: the request may have left or not. From now on it is uncertain. */
async function expireLeases(deps: FlowDeps): Promise<void> {
  const at = deps.clock.now();
  const channels = await inTransaction(deps.db, async (tx) => {
    const expired = await expiredSending(tx, 500);
    const settlings = expired.map((publication) => {
      const channel = findChannel(deps.config, publication.channel_id);
      const policy = channel ? sendPolicy(deps, channel) : GONE_CHANNEL;
      return { publication, after: doubtful('lease', triesOf(publication), policy) };
    });
    if (settlings.length > 0) await settleAll(tx, 'sending', settlings, at);
    return new Set(expired.map((row) => row.channel_id));
  });
  for (const channelId of channels) void deps.wake('reconcile', channelId);
}

function pollRhythms(deps: FlowDeps): { id: string; every: number }[] {
  return deps.config.channels.flatMap((channel) =>
    channel.enabled && channel.poll ? [{ id: channel.id, every: channel.poll.every }] : [],
  );
}
