import type { ChannelContext, EndpointContext } from '#contract';
import type { Channel } from '../config/load.ts';
import { createHttp } from '../platform/http.ts';
import { createTokens } from '../platform/tokens.ts';
import { channelStore } from '../store/channelValues.ts';
import type { FlowDeps } from './deps.ts';

interface Limits {
  signal: AbortSignal;
  /** Epoch milliseconds after which no byte of a request may leave this machine. */
  deadline?: number;
}

/** What a context is made of. */
export type ContextDeps = Pick<FlowDeps, 'secrets' | 'clock' | 'scrub' | 'db' | 'keyring' | 'log'>;

/** Everything an adapter may touch on behalf of one channel. */
export function channelContext(deps: ContextDeps, channel: Channel, limits: Limits): ChannelContext<unknown> {
  const { signal, deadline } = limits;
  return {
    channel: { id: channel.id, account: channel.account },
    settings: channel.settings,
    secret: (ref) => deps.secrets.get(ref),
    now: () => deps.clock.now(),
    signal,
    ...(deadline === undefined ? {} : { deadline: new Date(deadline) }),
    http: createHttp({ signal, scrub: deps.scrub, ...(deadline === undefined ? {} : { deadline: () => deadline }) }),
    store: channelStore(deps.db, deps.keyring, channel.id),
    tokens: createTokens(deps.keyring.tokenKeys(channel.id)),
    log: deps.log,
  };
}

export function endpointContext(
  deps: Pick<FlowDeps, 'secrets' | 'clock' | 'scrub'>,
  settings: unknown,
): EndpointContext<unknown> {
  return {
    settings,
    secret: (ref) => deps.secrets.get(ref),
    now: () => deps.clock.now(),
    http: createHttp({ scrub: deps.scrub }),
  };
}
