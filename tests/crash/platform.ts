import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../helpers/eventually.ts';
import type { Filed } from './citizens.ts';
import { answerReports } from './operators.ts';
import type { Processes } from './processes.ts';
import { randomFrom } from './random.ts';

/** A hub of separate processes, and a simulated platform that fails as the real one may. */
export interface PlatformWorld extends Processes {
  /** Citizens write, so many for each adapter. Resolves when the platform has handed over what it delivers. */
  ask(each: number): Promise<Filed[]>;
  /** The words of each answer, or of each part of one, that stands there; and of those that stand more than once. */
  published(): { landed: string[]; doubled: string[] };
  /** What is answered, where it is not the usual. */
  textFor?(report: Filed): string;
}

export interface PlatformCrashOptions {
  backend: 'postgres' | 'redis';
  build(backend: 'postgres' | 'redis'): Promise<PlatformWorld>;
  /** Answers for each adapter. */
  replies: number;
  seed: number;
  /**
   * The short form: so many kills, soon, once all words are in the register. A kill holds up the poll or the look-up that it
   * hits for one or two minutes, until its lease has run out. Absent: from the start, until everything has gone out.
   */
  kills?: number;
  say?(line: string): void;
}

export interface PlatformCrashResult {
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
  /** Published according to the register, but not all of it at the platform. */
  falselyPublished: number;
  /** Standing at the platform and, according to the register, neither published nor before a person. */
  unnoticed: number;
}

/** Citizens write, officers answer, the platform fails as it does, and workers are killed. */
export async function platformCrash(options: PlatformCrashOptions): Promise<PlatformCrashResult> {
  const say = options.say ?? (() => {});
  const random = randomFrom(options.seed);
  const world = await options.build(options.backend);
  const began = Date.now();
  const over = new AbortController();
  try {
    const workers = [await world.startWorker(), await world.startWorker()];
    const kill = { random, over: over.signal, most: options.kills };
    const early = options.kills === undefined ? killUntil(world, workers, kill) : undefined;
    const asked = await world.ask(options.replies);
    say(`${asked.length} messages delivered after ${seconds(began)} s`);
    if (!early) await eventually(async () => mustBeIn(await lostOf(world, asked)), 60_000);
    const killing = early ?? killUntil(world, workers, kill);
    await answerReports(world, asked, world.textFor);
    say(`${asked.length} answers approved after ${seconds(began)} s`);
    await settled(world, asked.length, () => over.abort());
    over.abort();
    const kills = await killing;
    const counted = await count(world, asked);
    return { ...counted, kills, backend: options.backend, seed: options.seed, seconds: seconds(began) };
  } finally {
    over.abort();
    await world.close();
  }
}

/** How many of these messages are not in the register. */
async function lostOf({ pool }: PlatformWorld, asked: readonly Filed[]): Promise<number> {
  const ids = asked.map(({ objectId }) => objectId);
  const query = `select count(*)::int as n from message where object_id = any($1) and direction = 'in'`;
  const { rows } = await pool.query<{ n: number }>(query, [ids]);
  return ids.length - (rows[0]?.n ?? 0);
}

function mustBeIn(lost: number): void {
  if (lost > 0) throw new Error(`${lost} messages are not in the register yet`);
}

const seconds = (since: number): number => Math.round((Date.now() - since) / 100) / 10;

async function killUntil(
  world: PlatformWorld,
  workers: ChildProcess[],
  { random, over, most = Number.POSITIVE_INFINITY }: { random(): number; over: AbortSignal; most?: number | undefined },
): Promise<number> {
  for (let kills = 0; ; kills++) {
    if (kills >= most) return kills;
    const pause = most === Number.POSITIVE_INFINITY ? 2_000 + random() * 3_000 : 500 + random() * 1_000;
    await sleep(pause, undefined, { signal: over }).catch(() => {});
    if (over.aborted) return kills;
    const victim = Math.floor(random() * workers.length);
    workers[victim]!.kill('SIGKILL');
    workers[victim] = await world.startWorker();
  }
}

const OPEN = `select count(*)::int as n from publication where not (state in ('published','refused') or needs_person)`;

/** Waits until every answer has come to its end; the killing stops once nothing is queued or sent any more. */
async function settled(world: PlatformWorld, answers: number, calm: () => void): Promise<void> {
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

async function count(world: PlatformWorld, asked: readonly Filed[]) {
  const one = async (query: string, values: unknown[] = []) =>
    Number((await world.pool.query<{ n: string }>(query, values)).rows[0]?.n);
  const { landed, doubled } = world.published();
  const stands = new Set(landed);
  const { rows } = await world.pool.query<{ texts: string[]; published: boolean; settled: boolean; done: number }>(
    `select coalesce(parts->'texts', jsonb_build_array(text)) as texts, state = 'published' as published,
      (state = 'published' or needs_person) as settled, coalesce(jsonb_array_length(parts->'done'), 0) as done
    from publication`,
  );
  const published = rows.filter((row) => row.published);
  const settledTexts = new Set(rows.flatMap((row) => (row.settled ? row.texts : row.texts.slice(0, row.done))));
  return {
    asked: asked.length,
    lostWords: await lostOf(world, asked),
    published: await one(`select count(*) as n from publication where state = 'published'`),
    landed: landed.length,
    doubled: doubled.length,
    refused: await one(`select count(*) as n from publication where state = 'refused'`),
    withPerson: await one(`select count(*) as n from publication where needs_person and state <> 'published'`),
    unsettled: await one(OPEN),
    falselyPublished: published.filter(({ texts }) => !texts.every((text) => stands.has(text))).length,
    unnoticed: landed.filter((text) => !settledTexts.has(text)).length,
  };
}

/** Nothing twice, nothing lost, nothing claimed that is not so. */
export const isSound = (one: PlatformCrashResult): boolean =>
  one.lostWords + one.doubled + one.unsettled + one.falselyPublished + one.unnoticed + one.refused === 0;
