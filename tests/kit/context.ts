import type { AnyAdapter, ChannelContext, EndpointContext, Json, Log, NormaliseContext, SecretRef } from '#contract';
import { secretName } from '#contract';
import { createTokens } from '../../src/platform/tokens.ts';
import { type Harness, type KitEvent, type Landed, needs, type PlatformState } from './harness.ts';
import { kitHttp } from './http.ts';
import { startWire, type Wire } from './wire.ts';

/** Everything one check needs: the adapter's context, and the platform on the other end of the wire. */
export interface Bench {
  wire: Wire;
  state: PlatformState;
  ctx: ChannelContext<unknown>;
  /** The same with another signal. */
  under(signal: AbortSignal): ChannelContext<unknown>;
  /** The same, where the time to send was over before it began. */
  tooLate(): ChannelContext<unknown>;
  /** Lines that the adapter logged, fields included. */
  logged: string[];
}

/** Issued on the way out, and recognised on the way in. */
export const kitTokens = createTokens([{ id: 'aa', key: Buffer.alloc(32, 7) }]);

export const KIT_NOW = new Date('2026-11-24T08:00:00.000Z');

/** Runs `work` against a fresh platform, and takes everything down after it. */
export async function onBench(adapter: AnyAdapter, harness: Harness, work: (bench: Bench) => Promise<void>) {
  const state = platformState();
  const wire = await (harness.stand?.(state) ?? startWire(needs(harness.platform, 'platform')(state)));
  const logged: string[] = [];
  const settings: unknown = adapter.settings.parse(harness.settings(wire.origin));
  const store = memoryStore(harness.stored);
  const never = new AbortController().signal;
  const tooLate = () => ({
    ...under(never),
    deadline: new Date(KIT_NOW.getTime() - 1),
    http: kitHttp(wire.origin, never, () => 0),
  });
  const under = (signal: AbortSignal): ChannelContext<unknown> => ({
    channel: { id: 'kit', account: harness.account },
    settings,
    secret: secretsOf(harness),
    now: () => KIT_NOW,
    signal,
    http: kitHttp(wire.origin, signal),
    store,
    tokens: kitTokens,
    log: recorder(logged),
  });
  try {
    await work({ wire, state, ctx: under(never), under, tooLate, logged });
  } finally {
    await wire.close();
  }
}

/** `origin`: where the platform answers what an endpoint asks, if it asks anything (`receive.asks`). */
export function endpointContext(
  adapter: AnyAdapter,
  harness: Harness,
  origin = 'http://127.0.0.1',
): EndpointContext<unknown> {
  const given = { ...harness.receive?.settings, ...harness.receive?.asks?.settings(origin) };
  const settings: unknown = adapter.receive?.settings.parse(given);
  const http = kitHttp(origin, new AbortController().signal);
  return { settings, secret: secretsOf(harness), now: () => KIT_NOW, http };
}

/** Runs `work` with an endpoint's context, and with the platform on the wire where the endpoint asks it anything. */
export async function atEndpoint<T>(
  adapter: AnyAdapter,
  harness: Harness,
  work: (ctx: EndpointContext<unknown>) => Promise<T>,
): Promise<T> {
  const asks = harness.receive?.asks;
  if (!asks) return work(endpointContext(adapter, harness));
  const wire = await startWire(asks.serve);
  try {
    return await work(endpointContext(adapter, harness, wire.origin));
  } finally {
    await wire.close();
  }
}

export function normaliseContext(adapter: AnyAdapter, harness: Harness): NormaliseContext<unknown> {
  const settings: unknown = adapter.settings.parse(harness.settings('http://127.0.0.1:9'));
  const { verify } = kitTokens;
  return { channel: { id: 'kit', account: harness.account }, settings, receivedAt: KIT_NOW, tokens: { verify } };
}

const secretsOf = (harness: Harness) => async (ref: SecretRef) => {
  const value = harness.secrets[secretName(ref)];
  if (value === undefined) throw new Error(`The harness has no value for the secret ${secretName(ref)}`);
  return value;
};

function platformState(): PlatformState {
  let wake = () => {};
  let added = Promise.resolve();
  const arm = () => {
    added = new Promise<void>((done) => (wake = done));
  };
  arm();
  const events: KitEvent[] = [];
  const push = events.push.bind(events);
  events.push = (...more) => {
    const count = push(...more);
    wake();
    arm();
    return count;
  };
  return { events, landed: [] as Landed[], hidden: new Set<string>(), read: new Set<string>(), nextEvent: () => added };
}

function memoryStore(before: Readonly<Record<string, Json>> = {}) {
  const values = new Map(Object.entries(before));
  return {
    get: async (key: string) => values.get(key),
    update: async (key: string, change: (old: Json | undefined) => Promise<Json>) => {
      const next = await change(values.get(key));
      values.set(key, next);
      return next;
    },
  };
}

function recorder(lines: string[]): Log {
  const write = (fields: Record<string, unknown>, message: string) => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  return { debug: write, info: write, warn: write, error: write };
}
