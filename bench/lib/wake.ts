import { createLog } from '../../src/platform/log.ts';
import { openQueues, type Queues } from '../../src/queue/index.ts';

/** What the API process does after a commit: one wake-up on the queue. */
export async function withWake<T>(databaseUrl: string, work: (wake: Queues['wake']) => Promise<T>): Promise<T> {
  const queues = await openQueues({ databaseUrl, log: createLog({ level: 'warn' }) });
  try {
    return await work(queues.wake);
  } finally {
    await queues.close();
  }
}
