import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { buildApi } from '../api/app.ts';
import type { Readiness } from '../api/deps.ts';
import type { LoadedConfig } from '../config/load.ts';
import type { FlowDeps } from '../flows/deps.ts';
import { createHookIntake } from '../flows/receive.ts';
import { openFlows, startWork } from './flows.ts';
import type { Foundation } from './foundation.ts';

export interface HubParts {
  api: boolean;
  worker: boolean;
}

export interface RunningHub {
  /** Where the API listens; undefined for a worker. */
  url?: string;
  deps: FlowDeps;
  stop(): Promise<void>;
}

const SWEEP = { every: 2_000, patience: 3_000 };

/** Starts the API, the work, or both in this process. */
export async function startHub(foundation: Foundation, config: LoadedConfig, parts: HubParts): Promise<RunningHub> {
  const { deps, halt, close } = await openFlows(foundation, config);
  let stopWork = async () => {};
  let api: Listening | undefined;
  const stop = async () => {
    // New deliveries are refused first; what is under way ends; then the connections go.
    await api?.app.close();
    halt();
    await stopWork();
    await close();
  };
  try {
    if (parts.worker) stopWork = await startWork(deps, SWEEP);
    if (parts.api) api = await listen(foundation, deps);
  } catch (error) {
    await stop();
    throw error;
  }
  return { deps, ...(api ? { url: api.url } : {}), stop };
}

interface Listening {
  app: FastifyInstance;
  url: string;
}

async function listen(foundation: Foundation, deps: FlowDeps): Promise<Listening> {
  const { env, pool, files } = foundation;
  const readiness = () => checkReadiness(deps);
  const app = buildApi({
    ...deps,
    ...{ pool, files, readiness },
    hooks: createHookIntake({ ...deps, pool }),
    publicUrl: env.publicUrl ?? `http://${env.host}:${env.port}`,
    trustProxy: env.trustProxy,
    metricsText: createMetrics(deps),
  });
  const url = await app.listen({ host: env.host, port: env.port });
  return { app, url };
}

async function checkReadiness(deps: FlowDeps): Promise<Readiness> {
  const check = async (work: Promise<unknown>) => {
    try {
      await Promise.race([
        work,
        new Promise((_, reject) => setTimeout(() => reject(new Error('no answer within 3 s')), 3_000).unref()),
      ]);
      return 'ok';
    } catch (error) {
      return deps.scrub((error as Error).message);
    }
  };
  const [database, queue] = await Promise.all([check(sql`select 1`.execute(deps.db)), check(deps.queues.counts())]);
  // The hub works on without its queue's server, only slower; without its database it cannot.
  return { ready: database === 'ok', checks: { database, queue } };
}

/** Figures in Prometheus' format: of the process, and how much waits where. */
function createMetrics(deps: FlowDeps): () => Promise<string> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const waiting = new Gauge({
    name: 'kanal_waiting_rows',
    help: 'Rows that wait for their next stage',
    labelNames: ['stage'],
    registers: [registry],
    collect: async () => {
      const { rows } = await sql<{ stage: string; n: string }>`
        select 'intake' as stage, count(*) as n from envelope where outcome = 'waiting'
        union all select 'normalise', count(*) from source_item where outcome = 'waiting'
        union all select 'triage', count(*) from outbox where done_at is null
        union all select 'publish', count(*) from publication where state = 'queued'
        union all select 'uncertain', count(*) from publication where state = 'uncertain'
        union all select 'person', count(*) from publication where needs_person`.execute(deps.db);
      for (const row of rows) waiting.set({ stage: row.stage }, Number(row.n));
    },
  });
  return () => registry.metrics();
}
