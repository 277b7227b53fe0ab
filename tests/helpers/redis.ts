import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './ports.ts';

export interface TestRedis {
  url: string;
  stop(): Promise<void>;
}

/** A real redis-server of its own, without persistence, on a free port of the loopback interface. */
export async function startRedis(options: { args?: string[] } = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'kanal-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir];
  const child = spawn('redis-server', [...args, ...(options.args ?? [])], { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  await waitFor(url, child);
  return {
    url,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function waitFor(url: string, child: ChildProcess): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => {});
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  try {
    await Promise.race([redis.ping(), failed]);
  } finally {
    redis.disconnect();
  }
}

/** A database of the run's server that no other test gets: what one leaves on its queues would reach another's workers. */
export async function freshRedisDatabase(server: string): Promise<string> {
  const redis = new Redis(server, { maxRetriesPerRequest: null });
  try {
    return `${server}/${await redis.incr('databases-given')}`;
  } finally {
    redis.disconnect();
  }
}
