import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, it } from 'vitest';
import type { PublishedComplaint } from '#contract';
import { createLog } from '../../src/platform/log.ts';
import { openQueues, type Queues } from '../../src/queue/index.ts';
import { testDatabase } from '../helpers/database.ts';
import { eventually } from '../helpers/eventually.ts';
import { BACKENDS } from '../helpers/hub.ts';
import { freshRedisDatabase, startRedis } from '../helpers/redis.ts';

const log = createLog({ level: 'silent' });
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(backend: 'postgres' | 'redis', server?: string): Promise<Queues> {
  const database = await testDatabase(2);
  const redisUrl = server ?? (await freshRedisDatabase(inject('redisUrl')));
  const queues = await openQueues({ databaseUrl: database.url, ...(backend === 'redis' ? { redisUrl } : {}), log });
  closing.push(
    () => database.close(),
    () => queues.close(),
  );
  return queues;
}

describe.each(BACKENDS)('on %s', (backend) => {
  it('runs a wake-up that came while its subject was being drained once more afterwards, and only once', async () => {
    const queues = await open(backend);
    let runs = 0;
    queues.work({
      drain: async () => {
        runs += 1;
        await sleep(300);
      },
      complaint: async () => {},
    });
    await queues.wake('normalise', 'a');
    await eventually(() => expect(runs).toBe(1), 5_000, 10);
    await Promise.all(Array.from({ length: 40 }, () => queues.wake('normalise', 'a')));
    await eventually(() => expect(runs).toBeGreaterThan(1), 5_000, 10);
    await sleep(1_000);
    expect(runs).toBe(2);
  });

  it('hands over each complaint job once, also one that was added twice, and goes on after a failing drain', async () => {
    const queues = await open(backend);
    const seen: string[] = [];
    queues.work({
      drain: async () => {
        seen.push('drain');
        throw new Error('the database is away');
      },
      complaint: async ({ event }) => void seen.push(event.id),
    });
    const job = { id: 'e-1', data: { event: { id: 'e-1', type: 'created' } } as PublishedComplaint, delayMs: 600 };
    await queues.announce([job]);
    await queues.announce([job]);
    await queues.wake('publish', 'a');
    await eventually(() => expect(seen).toEqual(['drain', 'e-1']), 10_000);
    await queues.wake('publish', 'a');
    await eventually(() => expect(seen).toEqual(['drain', 'e-1', 'drain']), 10_000);
    await sleep(700);
    expect(seen).toHaveLength(3);
  });

  it('keeps one scheduler per polled channel and removes those that are gone', async () => {
    const queues = await open(backend);
    const seen: string[] = [];
    queues.work({ drain: async (stage, subject) => void seen.push(`${stage} ${subject}`), complaint: async () => {} });
    await queues.schedulePolls([
      { id: 'a', every: 200 },
      { id: 'b', every: 200 },
    ]);
    await eventually(() => expect(new Set(seen)).toEqual(new Set(['poll a', 'poll b'])), 10_000);
    await queues.schedulePolls([{ id: 'b', every: 200 }]);
    await sleep(300);
    seen.length = 0;
    await sleep(900);
    expect(new Set(seen)).toEqual(new Set(['poll b']));
  });
});

it('makes the schedulers again after Redis was wiped', async () => {
  const redis = await startRedis();
  closing.push(() => redis.stop());
  const queues = await open('redis', redis.url);
  const seen: string[] = [];
  queues.work({ drain: async (stage) => void seen.push(stage), complaint: async () => {} });
  await queues.schedulePolls([{ id: 'a', every: 200 }]);
  await eventually(() => expect(seen.length).toBeGreaterThan(1), 10_000);
  const client = new Redis(redis.url);
  await client.flushall();
  client.disconnect();
  await sleep(500);
  seen.length = 0;
  await queues.schedulePolls([{ id: 'a', every: 200 }]);
  await eventually(() => expect(seen.length).toBeGreaterThan(1), 10_000);
});

it('refuses a Redis that may throw jobs away', async () => {
  const redis = await startRedis({ args: ['--maxmemory-policy', 'allkeys-lru'] });
  closing.push(() => redis.stop());
  await expect(open('redis', redis.url)).rejects.toThrow(/allkeys-lru.*noeviction/s);
});
