import { type ChannelContext, ChannelError, CONNECTION_KEY, type Json, type SecretRef } from '#contract';
import { digest } from '../_meta/piece.ts';

/** What a consent brought, and what became of it since. Times in ISO 8601. */
export interface Pair {
  access: string;
  /** When the access token was given, and until when it may be used. */
  at: string;
  until: string;
  refresh: string;
  /** Space-separated. */
  scope: string;
  /** When this consent was first used here. */
  since: string;
  /** When the refresh token ends, where the platform tells. */
  ends?: string;
  /** Digest of the refresh token in the channel's file that it began with; absent: somebody has connected. */
  from?: string;
  /** The platform refused the access token before its end. */
  refused?: true;
  /** It was given after another one had been refused. */
  second?: true;
}

/** What a token endpoint gave (RFC 6749 section 5.1). */
export interface Given {
  access: string;
  /** How long it is good, in seconds. */
  seconds: number;
  /** Another refresh token: the one that was used is over. */
  refresh?: string | undefined;
  refreshSeconds?: number | undefined;
  scope?: string | undefined;
}

/** How tokens are renewed at one platform. */
export interface Renewal {
  /** A refresh token that the channel's file names. What `connect` brought goes first. */
  filed?: SecretRef | undefined;
  /** One request. Its failures are ChannelErrors; nothing can have been published by it. */
  renew(refresh: string): Promise<Given>;
  /** How long before its end an access token is renewed, in milliseconds. Absent: a minute. */
  early?: number;
  /** Nobody has connected, and the file names no token: what to do, in Indonesian. */
  unconnected: string;
}

type Context = Pick<ChannelContext<unknown>, 'store' | 'now' | 'secret'>;

const EARLY_MS = 60_000;
const FRESH_MS = 60_000;

const iso = (ms: number): string => new Date(ms).toISOString();

/** A pair of tokens as it was kept; `undefined` for anything else. */
export function pairOf(value: Json | undefined): Pair | undefined {
  const { access, until, refresh } = (value ?? {}) as Partial<Pair>;
  const whole = [access, until, refresh].every((one) => typeof one === 'string');
  return whole ? (value as unknown as Pair) : undefined;
}

/** As it is to be kept. Pure. */
export function pairFrom(given: Given, now: Date, before?: Pick<Pair, 'refresh' | 'since' | 'ends' | 'scope'>): Pair {
  const at = now.getTime();
  const ends = given.refreshSeconds ? iso(at + given.refreshSeconds * 1_000) : before?.ends;
  return {
    ...{ access: given.access, at: iso(at), until: iso(at + given.seconds * 1_000) },
    ...{ refresh: given.refresh || before?.refresh || '', scope: given.scope ?? before?.scope ?? '' },
    since: before?.since ?? iso(at),
    ...(ends && { ends }),
  };
}

/**
 * A pair whose access token can be used now. Renewed under the row lock: of many that find it old, one asks the platform,
 * and a refresh token that is good once is used once.
 */
export async function usablePair(ctx: Context, renewal: Renewal): Promise<Pair> {
  const known = await standing(ctx, renewal, await ctx.store.get(CONNECTION_KEY));
  const usable = (pair: Pair) => isUsable(pair, ctx.now(), renewal.early);
  if (usable(known)) return known;
  const next = await ctx.store.update(CONNECTION_KEY, async (old) => {
    const before = await standing(ctx, renewal, old);
    return { ...(usable(before) ? before : await renewed(ctx, renewal, before)) };
  });
  return next as unknown as Pair;
}

const isUsable = ({ until }: Pair, now: Date, early = EARLY_MS): boolean => Date.parse(until) - early > now.getTime();

/** What to go on with: what somebody connected, else what came from the token in the channel's file. */
async function standing(ctx: Context, { filed, unconnected }: Renewal, value: Json | undefined): Promise<Pair> {
  const pair = pairOf(value);
  if (pair && pair.from === undefined) return pair;
  if (!filed) throw new ChannelError('auth', unconnected, { code: 'unconnected' });
  const refresh = await ctx.secret(filed);
  const from = digest(refresh);
  if (pair?.from === from) return pair;
  const never = iso(0);
  return { access: '', at: never, until: never, refresh, scope: '', since: ctx.now().toISOString(), from };
}

async function renewed(ctx: Context, { renew }: Renewal, before: Pair): Promise<Pair> {
  const given = await renew(before.refresh);
  return {
    ...pairFrom(given, ctx.now(), before),
    ...(before.from && { from: before.from }),
    ...(before.refused && { second: true }),
  };
}

/** What a refused access token means: another one is asked for the next time. When that is refused, too, we were cut off. */
export async function refusedPair(ctx: Context, pair: Pair, failure: ChannelError): Promise<ChannelError> {
  if (pair.second && ctx.now().getTime() - Date.parse(pair.at) < FRESH_MS) return failure;
  await ctx.store.update(CONNECTION_KEY, async (old) => {
    const known = pairOf(old);
    return known?.access === pair.access ? { ...known, until: pair.at, refused: true } : (old ?? null);
  });
  return new ChannelError('retry', `${failure.message} Token diminta lagi.`, { nothingSent: true });
}
