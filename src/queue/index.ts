import type { Queue, Worker } from 'bullmq';
import type { Log, PublishedComplaint } from '#contract';
import { type Backend, openPostgresBackend, openRedisBackend } from './backend.ts';
import { STAGES, type Stage } from './stages.ts';

/** The queue on which every complaint event stands in the published format; its consumer here is triage. */
export const COMPLAINTS = 'complaints';

export interface ComplaintJob {
  /** The outbox row's id; also the job's id, so that a second add of a waiting one changes nothing. */
  id: string;
  data: PublishedComplaint;
  delayMs: number;
}

export interface Handlers {
  /** Drains what waits for this subject at this stage. */
  drain(stage: Stage, subject: string): Promise<void>;
  complaint(data: PublishedComplaint): Promise<void>;
}

export interface Queues {
  backend: Backend['kind'];
  /** Adds a wake-up. Never throws: a lost wake-up costs seconds, because the sweep looks at the rows. */
  wake(stage: Stage, subject: string, delayMs?: number): Promise<void>;
  announce(jobs: readonly ComplaintJob[]): Promise<void>;
  /** One scheduler per polled channel; those of channels that are gone are removed. */
  schedulePolls(channels: readonly { id: string; every: number }[]): Promise<void>;
  work(handlers: Handlers): void;
  /** Waiting and active jobs per queue. Throws when the queue's server cannot be reached. */
  counts(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export interface QueueOptions {
  databaseUrl: string;
  redisUrl?: string | undefined;
  log: Log;
  /** Parallel subjects per stage in this process. */
  concurrency?: number;
}

export async function openQueues({ databaseUrl, redisUrl, log, concurrency = 8 }: QueueOptions): Promise<Queues> {
  const workers = STAGES.length + 1;
  const backend = redisUrl
    ? await openRedisBackend(redisUrl, log)
    : await openPostgresBackend(databaseUrl, workers, log);
  const stages = Object.fromEntries(STAGES.map((stage) => [stage, backend.queue(stage)])) as Record<Stage, Queue>;
  const complaints = backend.queue(COMPLAINTS);
  const wake = coalesce((stage, subject, delayMs) => addWake(stages[stage], stage, subject, delayMs, log));

  return {
    backend: backend.kind,
    wake,
    announce: async (jobs) => {
      if (jobs.length === 0) return;
      await complaints.addBulk(
        jobs.map(({ id, data, delayMs }) => ({ name: data.event.type, data, opts: { jobId: id, delay: delayMs } })),
      );
    },
    schedulePolls: (channels) => schedulePolls(stages.poll, channels),
    work: (handlers) => startWorkers(backend, handlers, concurrency),
    counts: async () => {
      const entries = await Promise.all(
        [...Object.values(stages), complaints].map(async (queue) => [queue.name, await queue.count()] as const),
      );
      return Object.fromEntries(entries);
    },
    close: () => backend.close(),
  };
}

function startWorkers(backend: Backend, handlers: Handlers, concurrency: number): Worker[] {
  const stageWorkers = STAGES.map((stage) =>
    backend.worker(stage, (data) => handlers.drain(stage, (data as { subject: string }).subject), { concurrency }),
  );
  // One after the other: each job only says that triage should look, and one look takes all that is due. Several at once
  // would only keep the database from the rows that people wait for.
  const one = { concurrency: 1 };
  const triage = backend.worker(COMPLAINTS, (data) => handlers.complaint(data as PublishedComplaint), one);
  return [...stageWorkers, triage];
}

/**
 * At most one wake-up of a subject waits and one runs; one that comes while it runs is kept and runs after it, so no
 * row that was committed before the wake-up is overlooked.
 */
async function addWake(queue: Queue, stage: Stage, subject: string, delayMs: number, log: Log): Promise<void> {
  const deduplication = { id: subject, keepLastIfActive: true };
  try {
    // A delayed wake-up must not hold back an immediate one, so it is not deduplicated against it.
    await queue.add(stage, { subject }, delayMs > 0 ? { delay: delayMs } : { deduplication });
  } catch (error) {
    log.warn(
      { stage, subject, error: (error as Error).message },
      'queue: a wake-up was lost; the sweep will find the rows',
    );
  }
}

type WakeNow = (stage: Stage, subject: string, delayMs: number) => Promise<void>;

/** While one add of a subject is under way, any number of further ones become one more. */
function coalesce(add: WakeNow): Queues['wake'] {
  const running = new Map<string, Promise<void>>();
  const next = new Map<string, Promise<void>>();
  const run = (key: string, work: () => Promise<void>): Promise<void> => {
    const current = work().finally(() => running.delete(key));
    running.set(key, current);
    return current;
  };
  return (stage, subject, delayMs = 0) => {
    if (delayMs > 0) return add(stage, subject, delayMs);
    const key = `${stage} ${subject}`;
    const work = () => add(stage, subject, 0);
    const current = running.get(key);
    if (!current) return run(key, work);
    const waiting = next.get(key);
    if (waiting) return waiting;
    const follow = current.then(() => {
      next.delete(key);
      return run(key, work);
    });
    next.set(key, follow);
    return follow;
  };
}

async function schedulePolls(queue: Queue, channels: readonly { id: string; every: number }[]): Promise<void> {
  const wanted = new Map(channels.map(({ id, every }) => [`poll-${id}`, { id, every }]));
  for (const scheduler of await queue.getJobSchedulers(0, -1)) {
    if (!wanted.has(scheduler.key)) await queue.removeJobScheduler(scheduler.key);
    else if (Number(scheduler.every) === wanted.get(scheduler.key)?.every) wanted.delete(scheduler.key);
  }
  for (const [key, { id, every }] of wanted) {
    await queue.upsertJobScheduler(key, { every }, { name: 'poll', data: { subject: id } });
  }
}
