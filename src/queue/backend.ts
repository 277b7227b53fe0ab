import {
  type BackendFactory,
  createPostgresBackend,
  Queue,
  type QueueOptions,
  runMigrations,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Log } from '#contract';

/** How the queues reach their server; the only place that knows which of the two it is. */
export interface Backend {
  kind: 'postgres' | 'redis';
  queue(name: string): Queue;
  worker(name: string, run: (data: unknown) => Promise<void>, options: WorkLimits): Worker;
  close(): Promise<void>;
}

export interface WorkLimits {
  concurrency: number;
}

/** A finished job leaves nothing behind: a kept failed job would block its id for ever. */
const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;

// A drain that died is taken up by the sweep within seconds; these only decide when BullMQ forgets the dead job, which
// keeps later wake-ups of its subject waiting.
const LOCKS = { lockDuration: 15_000, stalledInterval: 10_000, maxStalledCount: 1_000_000 } as const;

const SCHEMA = 'bullmq';

/**
 * BullMQ in the hub's own database. Every worker keeps one connection of the pool for LISTEN, and a pool that is not
 * larger than the number of workers hangs silently: `workers` + 10.
 */
export async function openPostgresBackend(url: string, workers: number, log: Log): Promise<Backend> {
  const pool = new pg.Pool({
    connectionString: url,
    max: workers + 10,
    options: `-c search_path=${SCHEMA}`,
    application_name: `kanal-aduan queue ${process.pid}`,
    keepAlive: true,
  });
  pool.setMaxListeners(0);
  pool.on('error', (error) => log.warn({ error: error.message }, 'queue: a database connection was lost'));
  // Also of a client that is in use just then: without a listener, its error would end the process.
  pool.on('connect', (one) => one.on('error', () => {}));
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
  const connection = { connection: pool } as unknown as QueueOptions;
  return assemble('postgres', connection, log, createPostgresBackend as unknown as BackendFactory, () => pool.end());
}

/** BullMQ on Redis or Valkey, through one shared connection. Refuses a server that may evict keys. */
export async function openRedisBackend(url: string, log: Log): Promise<Backend> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, enableReadyCheck: true });
  redis.on('error', (error: Error) => log.warn({ error: error.message }, 'queue: Redis is not reachable'));
  const policy = /maxmemory_policy:(\S+)/.exec(await redis.info('memory'))?.[1];
  if (policy && policy !== 'noeviction') {
    redis.disconnect();
    throw new Error(
      `REDIS_URL: the server's maxmemory-policy is "${policy}", so it may throw jobs away. ` +
        'Set "maxmemory-policy noeviction" in redis.conf (or: redis-cli config set maxmemory-policy noeviction) and start again.',
    );
  }
  const connection = { connection: redis, prefix: 'kanal' } as unknown as QueueOptions;
  return assemble('redis', connection, log, undefined, async () => redis.disconnect());
}

function assemble(
  kind: Backend['kind'],
  connection: QueueOptions,
  log: Log,
  factory: BackendFactory | undefined,
  closeConnection: () => Promise<unknown>,
): Backend {
  const queues: Queue[] = [];
  const workers: Worker[] = [];
  const report = (queue: string) => (error: Error) => log.warn({ queue, error: error.message }, 'queue: error');
  return {
    kind,
    queue: (name) => {
      const options = { ...connection, defaultJobOptions: JOB_OPTIONS };
      const queue = new Queue(name, options, factory as BackendFactory) as unknown as Queue;
      queue.on('error', report(name));
      queues.push(queue);
      return queue;
    },
    worker: (name, run, { concurrency }) => {
      const options = { ...connection, ...LOCKS, concurrency } as WorkerOptions;
      const worker = new Worker(name, (job) => run(job.data), options, factory as BackendFactory) as unknown as Worker;
      worker.on('error', report(name));
      workers.push(worker);
      return worker;
    },
    close: async () => {
      // Workers first: they finish what they are doing. A server that is gone must not keep the process alive.
      const within = (ms: number, work: Promise<unknown>) =>
        Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms).unref())]);
      await within(10_000, Promise.allSettled(workers.map((worker) => worker.close())));
      await within(3_000, Promise.allSettled(queues.map((queue) => queue.close())));
      await within(
        3_000,
        closeConnection().catch(() => {}),
      );
    },
  };
}
