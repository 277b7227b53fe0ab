import type pg from 'pg';
import type { Outcome } from './children/load.ts';
import { type Helper, startHelper, startKanal, startServer } from './lib/child.ts';
import { writeConfig } from './lib/config.ts';
import { type Figure, type Measured, ratioFigure, VoidFigure, voidFigure } from './lib/figure.ts';
import { countOf, dropDatabases, freshDatabase, type Ground, settle, withClient } from './lib/ground.ts';
import { findPgbench, runPgbench } from './lib/pgbench.ts';
import { alternate } from './lib/rounds.ts';

const CONNECTIONS = 64;
const NAME = 'bench_acknowledge';
const WHAT = `webhook deliveries acknowledged at ${CONNECTIONS} connections`;
const AGAINST_PGBENCH: Measured = {
  ...{ bench: 'a-pgbench', what: `${WHAT}; limit: pgbench, the same INSERT`, unit: 'deliveries/s' },
  ...{ floor: 0.45, goal: 0.6 },
};
const AGAINST_SERVER: Measured = {
  ...{
    bench: 'a-fastify',
    what: `${WHAT}; limit: the same server that only verifies and parses`,
    unit: 'deliveries/s',
  },
  ...{ floor: 0.6, goal: 0.75 },
};
const NO_PGBENCH = 'pgbench is missing; install it with: apt-get install postgresql';

/** (a) The API process alone: signature, raw delivery stored, deduplicated, then 200. */
export async function acknowledge(ground: Ground): Promise<Figure[]> {
  await writeConfig(ground);
  const databaseUrl = await freshDatabase(ground, NAME);
  const pgbench = await findPgbench();
  if (!pgbench) ground.say(`  ${NO_PGBENCH}; that part is skipped`);
  const load = startHelper('load.ts');
  const api = await startKanal(ground, 'api', databaseUrl);
  const bare = await startServer(ground, 'fastifyOnly.ts', databaseUrl);
  try {
    return await withClient(databaseUrl, async (client) => {
      const measure = { ground, client, load, count: ground.quick ? 1_280 : 25_600 };
      const ours = await alternate(ground, {
        api: () => deliver(measure, api.url, true),
        ...(pgbench ? { pgbench: () => insert(measure, pgbench, databaseUrl) } : {}),
        fastify: () => deliver(measure, bare.url, false),
      } as Record<'api' | 'pgbench' | 'fastify', () => Promise<number>>);
      return [
        pgbench
          ? ratioFigure(AGAINST_PGBENCH, ours.api, ours.pgbench, ground)
          : voidFigure(AGAINST_PGBENCH, NO_PGBENCH, ground),
        ratioFigure(AGAINST_SERVER, ours.api, ours.fastify, ground),
      ];
    });
  } finally {
    await Promise.all([api.stop(), bare.stop(), load.stop()]);
    await dropDatabases(ground, [NAME]);
  }
}

interface Measure {
  ground: Ground;
  client: pg.Client;
  load: Helper;
  count: number;
}

let series = 0;
/** What the hub stores for one such delivery; known once it has stored some. */
let sealedBytes = 1_200;

async function deliver({ client, load, count }: Measure, url: string, stored: boolean): Promise<number> {
  await empty(client);
  series += 1;
  await load.ask({ build: { url, count, prefix: `lap-${process.pid}-${series}` } });
  const { acknowledged, refused, ms } = await load.ask<Outcome>({ go: { connections: CONNECTIONS } });
  if (refused > 0 || acknowledged !== count) throw new VoidFigure(`${refused} of ${count} deliveries were not 200`);
  const rows = await countOf(client, 'envelope');
  if (rows !== (stored ? acknowledged : 0)) throw new VoidFigure(`${acknowledged} acknowledged, but ${rows} rows`);
  if (stored) sealedBytes = await averageBytes(client);
  return (acknowledged / ms) * 1_000;
}

async function insert({ ground, client, count }: Measure, pgbench: string, databaseUrl: string): Promise<number> {
  await empty(client);
  const run = { pgbench, databaseUrl, clients: CONNECTIONS, transactions: count, sealedBytes };
  const rate = await runPgbench(ground, run);
  const rows = await countOf(client, 'envelope');
  if (rows !== count) throw new VoidFigure(`pgbench made ${rows} rows of ${count}`);
  return rate;
}

async function averageBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ n: number }>('select avg(length(sealed))::int as n from envelope');
  return rows[0]!.n;
}

async function empty(client: pg.Client): Promise<void> {
  await client.query('truncate envelope');
  await settle(client);
}
