import type { Json } from './item.ts';
import type { SecretRef } from './secret.ts';

/** A request of an adapter. Exactly one of `json`, `form`, `parts` and `bytes` may be given. */
export interface HttpRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  json?: Json;
  form?: Record<string, string>;
  parts?: HttpPart[];
  bytes?: Uint8Array;
  /** From the first byte to the last of the answer. Default 20 s; a send is also cut by its lease. */
  timeoutMs?: number;
  /** The largest answer accepted. Default 8 MiB. */
  maxBytes?: number;
}

export interface HttpPart {
  name: string;
  value: string | Uint8Array;
  filename?: string;
  mime?: string;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  bytes: Uint8Array;
  text(): string;
  /** Throws a ChannelError `retry` that names the address's path when the answer is not JSON. */
  json(): Json;
}

/**
 * The only way of an adapter to HTTP. Never follows a redirect and never retries. Any status is an answer; without one
 * it throws ChannelError `retry`, with `nothingSent: true` only when no byte of the request left this machine
 * (name not found, connection refused, the deadline passed before the first byte).
 */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

export interface Log {
  debug(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
}

/** Small encrypted values of one channel that outlive a call: rotating tokens and the like. */
export interface ChannelStore {
  get(key: string): Promise<Json | undefined>;
  /** Under a row lock: two workers never refresh the same single-use token. `change` may talk to the platform. */
  update(key: string, change: (old: Json | undefined) => Promise<Json>): Promise<Json>;
}

/**
 * Short texts that only this hub can have written for this channel, such as in an address that answers come back to.
 * A valid token proves that its bearer has seen something of ours, not who it is.
 */
export interface Tokens {
  /** `subject`: 1 to 26 characters of a-z and 2-7, not secret. Gives at most 39 characters: a-z, 2-7 and one dot. */
  issue(subject: string): string;
  /** The subject of a token that this hub issued for this channel, whatever its case; `null` for anything else. */
  verify(token: string): string | null;
}

/** Everything from outside reaches an adapter through its context. Log ids, never content. */
export interface ChannelContext<S> {
  readonly channel: { readonly id: string; readonly account: string };
  readonly settings: S;
  secret(ref: SecretRef): Promise<string>;
  now(): Date;
  /** Aborts when the work must stop (shutdown, time limit, end of the lease). Hand it to everything that waits. */
  readonly signal: AbortSignal;
  /**
   * On what publishes: nothing that publishes may leave this machine after it, even when this process was stopped for a
   * while. `http` sees to it; a connection that the adapter opens itself asks `now()` as the last thing before it hands
   * over what completes the request.
   */
  readonly deadline?: Date;
  readonly http: Http;
  readonly store: ChannelStore;
  readonly tokens: Tokens;
  readonly log: Log;
}

export interface EndpointContext<E> {
  readonly settings: E;
  secret(ref: SecretRef): Promise<string>;
  now(): Date;
  readonly http: Http;
}

export interface NormaliseContext<S> {
  readonly channel: { readonly id: string; readonly account: string };
  readonly settings: S;
  /** When it reached us: for platforms that do not date their events. */
  readonly receivedAt: Date;
  /** Those of the channel's tokens, to recognise them; nothing is issued here. */
  readonly tokens: Pick<Tokens, 'verify'>;
}
