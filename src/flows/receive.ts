import type { AnyAdapter, Delivery } from '#contract';
import { createBatcher } from '../core/batcher.ts';
import { packDelivery, sha256 } from '../core/sealed.ts';
import type { Pool } from '../store/database.ts';
import { newId } from '../store/database.ts';
import { insertEnvelopes, type NewEnvelope } from '../store/envelopes.ts';
import { endpointContext } from './context.ts';
import { type FlowDeps, pollingChannels } from './deps.ts';

export interface HookAnswer {
  status: number;
  contentType?: string;
  body?: string;
  retryAfterSeconds?: number;
}

export interface HookIntake {
  /** A POST. Answers 200 only after the delivery is on disk. */
  receive(endpoint: string, delivery: Delivery): Promise<HookAnswer>;
  /** A GET: the platform's check of our address. */
  handshake(endpoint: string, delivery: Delivery): Promise<HookAnswer>;
}

export type ReceiveDeps = Pick<
  FlowDeps,
  'config' | 'adapters' | 'secrets' | 'keyring' | 'clock' | 'log' | 'wake' | 'scrub'
> & { pool: Pool };

interface Endpoint {
  id: string;
  adapterName: string;
  receive: NonNullable<AnyAdapter['receive']>;
  context: ReturnType<typeof endpointContext>;
}

const OK: HookAnswer = { status: 200 };
const UNKNOWN: HookAnswer = { status: 404 };

/**
 * Acknowledge after commit: verify on the bytes, store the whole delivery, answer. Nothing is read into it here.
 * Concurrent deliveries share one INSERT: at most 200 rows, two commits in flight.
 */
export function createHookIntake(deps: ReceiveDeps): HookIntake {
  const endpoints = new Map(listEndpoints(deps).map((endpoint) => [endpoint.id, endpoint]));
  const store = createBatcher<NewEnvelope>({
    max: 200,
    inFlight: 2,
    flush: async (batch) => {
      await insertEnvelopes(deps.pool, distinct(batch));
      for (const endpoint of new Set(batch.map((row) => row.endpoint))) void deps.wake('intake', endpoint);
    },
  });
  return {
    receive: async (id, delivery) => {
      const endpoint = endpoints.get(id);
      if (!endpoint) return UNKNOWN;
      const verdict = await verify(deps, endpoint, delivery);
      if (verdict) return verdict;
      try {
        await store(envelopeOf(deps, endpoint, delivery));
        return OK;
      } catch (error) {
        // Not stored, so not acknowledged: the platform will deliver it again.
        deps.log.error({ endpoint: id, error: (error as Error).message }, 'hook: a delivery could not be stored');
        return { status: 503, retryAfterSeconds: 5 };
      }
    },
    handshake: async (id, delivery) => {
      const endpoint = endpoints.get(id);
      const answer = await endpoint?.receive.handshake?.(delivery, endpoint.context);
      return answer ?? UNKNOWN;
    },
  };
}

/** One row per delivery, in one order everywhere: two commits that share rows must not wait for each other. */
function distinct(batch: readonly NewEnvelope[]): NewEnvelope[] {
  const byHash = new Map(batch.map((row) => [row.dedupe.toString('hex'), row]));
  return [...byHash.keys()].sort().map((hash) => byHash.get(hash)!);
}

/** Nothing of it is kept: what it tells of is read at the platform. */
function wakeOnly(deps: ReceiveDeps, { adapterName: adapter, id: endpoint }: Endpoint): HookAnswer {
  for (const channel of pollingChannels(deps.config, { adapter, endpoint })) void deps.wake('poll', channel);
  return OK;
}

/** `null`: it is to be stored. */
async function verify(deps: ReceiveDeps, endpoint: Endpoint, delivery: Delivery): Promise<HookAnswer | null> {
  try {
    const verdict = await endpoint.receive.verify(delivery, endpoint.context);
    if (verdict.ok) return verdict.stale ? wakeOnly(deps, endpoint) : null;
    const handshake = await endpoint.receive.handshake?.(delivery, endpoint.context);
    if (handshake) return handshake;
    deps.log.warn({ endpoint: endpoint.id, reason: verdict.reason }, 'hook: a delivery was refused');
    return { status: 401 };
  } catch (error) {
    // A missing secret, a key server that is away: ours to mend, so the platform must try again.
    deps.log.error(
      { endpoint: endpoint.id, error: (error as Error).message },
      'hook: a delivery could not be verified',
    );
    return { status: 503, retryAfterSeconds: 30 };
  }
}

function envelopeOf(deps: ReceiveDeps, endpoint: Endpoint, delivery: Delivery): NewEnvelope {
  return {
    id: newId(),
    endpoint: endpoint.id,
    adapter: endpoint.adapterName,
    dedupe: sha256(endpoint.id, '\0', delivery.body),
    sealed: deps.keyring.encrypt(packDelivery(delivery), 'envelope'),
  };
}

function listEndpoints(deps: ReceiveDeps): Endpoint[] {
  return Object.entries(deps.config.hub.endpoints).flatMap(([id, { adapter: adapterName, settings }]) => {
    const receive = deps.adapters[adapterName]?.receive;
    return receive ? [{ id, adapterName, receive, context: endpointContext(deps, settings) }] : [];
  });
}
