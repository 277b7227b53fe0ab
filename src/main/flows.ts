import type { LoadedConfig } from '../config/load.ts';
import { startCare } from '../flows/care.ts';
import { applyConfiguration } from '../flows/configured.ts';
import type { FlowDeps } from '../flows/deps.ts';
import { lookUpUrl, openDoor } from '../flows/door/door.ts';
import { createFreshItems } from '../flows/fresh.ts';
import { drainIntake } from '../flows/intake.ts';
import { drainMedia } from '../flows/media.ts';
import { drainNormalise } from '../flows/normalise.ts';
import { poll } from '../flows/poll.ts';
import { createPublisher } from '../flows/publish/index.ts';
import { drainReconcile } from '../flows/reconcile.ts';
import { createRunner, type Runner } from '../flows/runner.ts';
import { type SweepTimes, schedulePolls, startSweep } from '../flows/sweep.ts';
import { drainTriage } from '../flows/triage.ts';
import { startWatches } from '../flows/watch.ts';
import { createNormaliser } from '../platform/threads.ts';
import { openQueues } from '../queue/index.ts';
import type { Foundation } from './foundation.ts';
import { createReaderThread } from './reader/index.ts';

/** What of just stored items is kept at hand, in bytes. */
const FRESH_BYTES = 16 * 1024 * 1024;

/**
 * Puts together what the flows need. `halt` makes every drain end after what it is doing; `close` comes after that.
 * `registry` is where the threads take their adapters from; see `adapterSource`.
 */
export async function openFlows(
  foundation: Foundation,
  config: LoadedConfig,
  registry = new URL('../../adapters/', import.meta.url),
): Promise<{ deps: FlowDeps; halt(): void; close(): Promise<void> }> {
  const { db, clock, log, keyring, masterKeys, secrets, files, adapters, databaseUrl, env } = foundation;
  const queues = await openQueues({ databaseUrl, redisUrl: env.redisUrl, log });
  const normaliser = createNormaliser({ registry });
  const apart = createReaderThread(
    { registry: registry.href, databaseUrl, masterKeys, filesDir: files.dir, config },
    { secrets, log },
  );
  const stop = new AbortController();
  const door = openDoor({ config, adapters })?.door;
  const deps: FlowDeps = {
    ...{ db, clock, log, keyring, secrets, files, adapters, config, queues, normaliser, apart },
    fresh: createFreshItems(FRESH_BYTES),
    publicUrl: env.publicUrl,
    statusPages: door && lookUpUrl(door),
    wake: queues.wake,
    scrub: (text) => log.scrubText(text),
    owner: `${process.pid}-${crypto.randomUUID()}`,
    signal: stop.signal,
  };
  const close = async () => {
    await queues.close();
    await apart.close();
    await normaliser.close();
  };
  return { deps, halt: () => stop.abort(), close };
}

/** How long a stop waits for what is under way; what is cut then is taken up by the sweep of the next start. */
const GRACE_MS = 10_000;

/** Starts the work of a worker process. The returned function ends it. */
export async function startWork(deps: FlowDeps, times: SweepTimes): Promise<() => Promise<void>> {
  await applyConfiguration(deps);
  const runner = runnerOf(deps);
  deps.queues.work({
    drain: (stage, subject) => runner.run(stage, subject),
    complaint: () => runner.run('triage', ''),
  });
  await schedulePolls(deps);
  const stopSweep = startSweep(deps, runner, times);
  const stopWatches = startWatches(deps);
  const stopCare = startCare(deps, times.every);
  return async () => {
    stopSweep();
    await Promise.race([
      Promise.all([stopWatches(), stopCare(), runner.idle()]),
      new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref()),
    ]);
  };
}

function runnerOf(deps: FlowDeps): Runner {
  const publisher = createPublisher(deps);
  return createRunner(
    {
      intake: (endpoint) => drainIntake(deps, endpoint),
      poll: (channelId) => poll(deps, channelId),
      normalise: (channelId) => drainNormalise(deps, channelId),
      media: (channelId) => drainMedia(deps, channelId),
      publish: (channelId) => publisher.drain(channelId),
      reconcile: (channelId) => drainReconcile(deps, channelId),
      triage: () => drainTriage(deps),
    },
    deps.log,
  );
}
