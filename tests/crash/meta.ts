import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { askAll, buildMetaWorld, type MetaWorld } from './metaWorld.ts';
import { answerReports } from './operators.ts';
import { randomFrom } from './random.ts';

export interface MetaCrashOptions {
  backend: 'postgres' | 'redis';
  /** Answers for each adapter. */
  replies: number;
  seed: number;
  say?(line: string): void;
}

export interface MetaCrashResult {
  backend: string;
  seed: number;
  seconds: number;
  kills: number;
  asked: number;
  /** Citizens' words that the register does not hold. */
  lostWords: number;
  published: number;
  landed: number;
  doubled: number;
  refused: number;
  /** In doubt, in front of a person. */
  withPerson: number;
  /** Anything else: must be 0. */
  unsettled: number;
  /** Published according to the register, but not at the platform. */
  falselyPublished: number;
  /** Standing at the platform and, according to the register, neither published nor before a person. */
  unnoticed: number;
}

/** Citizens write to a page, an Instagram account and a WhatsApp number, officers answer, Meta fails as it does, and workers are killed. */
export async function metaCrash(options: MetaCrashOptions): Promise<MetaCrashResult> {
  const say = options.say ?? (() => {});
  const random = randomFrom(options.seed);
  const world = await buildMetaWorld(options.backend);
  const began = Date.now();
  const over = new AbortController();
  try {
    const workers = [await world.startWorker(), await world.startWorker()];
    const killing = killUntil(world, workers, random, over.signal);
    const asked = askAll(world, options.replies);
    await world.meta.delivered();
    say(`${asked.length} messages delivered after ${seconds(began)} s`);
    await answerReports(world, asked);
    say(`${asked.length} answers approved after ${seconds(began)} s`);
    await settled(world, asked.length, () => over.abort());
    over.abort();
    const kills = await killing;
    const counted = await count(
      world,
      asked.map((one) => one.objectId),
    );
    return { ...counted, kills, backend: options.backend, seed: options.seed, seconds: seconds(began) };
  } finally {
    over.abort();
    await world.close();
  }
}

const seconds = (since: number): number => Math.round((Date.now() - since) / 100) / 10;

async function killUntil(
  world: MetaWorld,
  workers: ChildProcess[],
  random: () => number,
  over: AbortSignal,
): Promise<number> {
  for (let kills = 0; ; kills++) {
    await sleep(2_000 + random() * 3_000, undefined, { signal: over }).catch(() => {});
    if (over.aborted) return kills;
    const victim = Math.floor(random() * workers.length);
    workers[victim]!.kill('SIGKILL');
    workers[victim] = await world.startWorker();
  }
}

const OPEN = `select count(*)::int as n from publication where not (state in ('published','refused') or needs_person)`;

/** Waits until every answer has come to its end; the killing stops once nothing is queued or sent any more. */
async function settled(world: MetaWorld, answers: number, calm: () => void): Promise<void> {
  let before = '';
  for (let since = Date.now(); Date.now() - since < 90_000; await sleep(500)) {
    const { rows } = await world.pool.query<{ made: number; open: number; going: number }>(`
      select (select count(*)::int from publication) as made, (${OPEN}) as open,
        (select count(*)::int from publication where state in ('queued','sending') and not needs_person) as going`);
    const { made, open, going } = rows[0]!;
    if (made >= answers && going === 0) calm();
    if (made >= answers && open === 0) return;
    const now = JSON.stringify(rows[0]);
    if (now !== before) since = Date.now();
    before = now;
  }
}

async function count(world: MetaWorld, objectIds: string[]) {
  const one = async (query: string, values: unknown[] = []) =>
    Number((await world.pool.query<{ n: string }>(query, values)).rows[0]?.n);
  const { landed, doubled } = world.meta.published();
  const stands = new Set(landed.map((reply) => reply.id));
  const rows = await world.pool.query<{ published_id: string; text: string; settled: boolean }>(
    `select published_id, text, (state = 'published' or needs_person) as settled from publication`,
  );
  const published = rows.rows.filter((row) => row.published_id !== null);
  const settledTexts = new Set(rows.rows.filter((row) => row.settled).map((row) => row.text));
  return {
    asked: objectIds.length,
    lostWords:
      objectIds.length -
      (await one(`select count(*) as n from message where object_id = any($1) and direction = 'in'`, [objectIds])),
    published: await one(`select count(*) as n from publication where state = 'published'`),
    landed: landed.length,
    doubled: doubled.length,
    refused: await one(`select count(*) as n from publication where state = 'refused'`),
    withPerson: await one(`select count(*) as n from publication where needs_person and state <> 'published'`),
    unsettled: await one(OPEN),
    falselyPublished: published.filter(({ published_id }) => !stands.has(published_id)).length,
    unnoticed: landed.filter(({ text }) => !settledTexts.has(text)).length,
  };
}

/** Nothing twice, nothing lost, nothing claimed that is not so. */
export const isSound = (one: MetaCrashResult): boolean =>
  one.lostWords + one.doubled + one.unsettled + one.falselyPublished + one.unnoticed + one.refused === 0;
