import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { verifyAudit } from '../../src/flows/audit.ts';
import { openDatabase } from '../../src/store/database.ts';
import { type Filed, fileReports } from './citizens.ts';
import { answerReports } from './operators.ts';
import { randomFrom } from './random.ts';
import { buildWorld, MODES, type World } from './world.ts';

export interface CrashOptions {
  backend: 'postgres' | 'redis';
  events: number;
  replies: number;
  kills: number;
  seed: number;
  /** How long the receivers take. Milliseconds. */
  receiverMs: number;
  say?(line: string): void;
}

export interface CrashResult {
  backend: string;
  seed: number;
  seconds: number;
  acknowledged: number;
  lost: number;
  doubledComplaints: number;
  replies: number;
  doubledReplies: number;
  published: number;
  refused: number;
  /** Uncertain replies that are in front of a person. */
  withPerson: number;
  /** Anything else: must be 0. */
  unsettled: number;
  /** Published according to the register, but not at the receiver. */
  falselyPublished: number;
  auditBreaks: number;
}

/**
 * Two workers, killed with SIGKILL again and again while reports come in and answers go out; PostgreSQL is crashed in
 * the middle, and Redis, where there is one, is wiped.
 */
export async function crash(options: CrashOptions): Promise<CrashResult> {
  const say = options.say ?? (() => {});
  const random = randomFrom(options.seed);
  const world = await buildWorld({ backend: options.backend, faults: [{ do: 'delay', ms: options.receiverMs }] });
  const began = Date.now();
  try {
    const workers = [await world.startWorker(), await world.startWorker()];
    const killing = killAgainAndAgain(world, workers, options, random, say);
    const filing = fileReports(world, options.events, randomFrom(options.seed + 1));
    // The reports to be answered are spread over all that come.
    const step = Math.max(1, Math.floor(options.events / options.replies));
    const answered = Array.from({ length: options.replies }, (_, n): Filed => {
      const number = Math.min(n * step, options.events - 1);
      return { objectId: `r-${number}`, channel: MODES[number % MODES.length]! };
    });
    const answering = answerReports(world, answered);
    const filed = await filing;
    say(`${filed.length} events acknowledged after ${seconds(began)} s`);
    await answering;
    say(`${answered.length} answers approved after ${seconds(began)} s`);
    await killing;
    say(`last kill after ${seconds(began)} s`);
    await settled(world, filed.length, options.replies);
    return { ...(await count(world, filed)), backend: options.backend, seed: options.seed, seconds: seconds(began) };
  } finally {
    await world.close();
  }
}

const seconds = (since: number): number => Math.round((Date.now() - since) / 100) / 10;

async function killAgainAndAgain(
  world: World,
  workers: ChildProcess[],
  { kills }: CrashOptions,
  random: () => number,
  say: (line: string) => void,
): Promise<void> {
  for (let n = 0; n < kills; n++) {
    await sleep(700 + random() * 2_300);
    const victim = Math.floor(random() * workers.length);
    workers[victim]!.kill('SIGKILL');
    workers[victim] = await world.startWorker();
    if (n === Math.floor(kills / 3) && world.redis) {
      await wipe(world.redis.url);
      say('Redis wiped');
    }
    if (n === Math.floor(kills / 2)) {
      await world.crashPostgres();
      say('PostgreSQL crashed and started again');
    }
  }
}

async function wipe(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.flushall();
  redis.disconnect();
}

const OPEN_REPLIES = `select count(*)::int as n from publication
  where not (state in ('published','refused') or needs_person)`;

/** Waits until everything has come to its end; gives up when nothing has moved for a minute. */
async function settled(world: World, events: number, replies: number): Promise<void> {
  let before = '';
  for (let since = Date.now(); Date.now() - since < 60_000; await sleep(500)) {
    const { rows } = await world.pool.query<{ complaints: number; made: number; open: number; waiting: number }>(`
      select (select count(*)::int from complaint) as complaints, (select count(*)::int from publication) as made,
        (${OPEN_REPLIES}) as open, (select count(*)::int from outbox where done_at is null) as waiting`);
    const { complaints, made, open, waiting } = rows[0]!;
    if (complaints >= events && made >= replies && open === 0 && waiting === 0) return;
    const now = JSON.stringify(rows[0]);
    if (now !== before) since = Date.now();
    before = now;
  }
}

async function count(
  world: World,
  filed: readonly Filed[],
): Promise<Omit<CrashResult, 'backend' | 'seed' | 'seconds'>> {
  const one = async (query: string, values: unknown[] = []) =>
    Number((await world.pool.query<{ n: string }>(query, values)).rows[0]?.n);
  const landed = new Set(MODES.flatMap((mode) => world.apps[mode].replies().landed.map((reply) => reply.key)));
  const published = await world.pool.query<{ id: string }>(`select id from publication where state = 'published'`);
  const known = await one('select count(*) as n from message where object_id = any($1) and direction = $2', [
    filed.map((report) => report.objectId),
    'in',
  ]);
  return {
    acknowledged: filed.length,
    lost: filed.length - known,
    doubledComplaints: (await one('select count(*) as n from complaint')) - filed.length,
    replies: await one('select count(*) as n from publication'),
    doubledReplies: MODES.reduce((sum, mode) => sum + world.apps[mode].replies().doubled.length, 0),
    published: published.rows.length,
    refused: await one(`select count(*) as n from publication where state = 'refused'`),
    withPerson: await one(`select count(*) as n from publication where needs_person and state <> 'published'`),
    unsettled: await one(OPEN_REPLIES.replace('::int', '')),
    falselyPublished: published.rows.filter(({ id }) => !landed.has(id)).length,
    auditBreaks: await auditBreaks(world),
  };
}

async function auditBreaks(world: World): Promise<number> {
  const { db } = openDatabase(world.pool.options.connectionString!, 2);
  const { breaks } = await verifyAudit(db);
  await db.destroy();
  return breaks.length;
}
