import type { AnyAdapter, ChannelContext, Published } from '#contract';
import type { Harness } from '../harness.ts';
import { forwarding, replyHere, statusChange } from '../samples.ts';

/** One promise of the contract. `run` throws a sentence when the adapter breaks it. */
export interface Check {
  name: string;
  /** Follows from the adapter's keys alone: nobody can opt out. */
  applies(adapter: AnyAdapter): boolean;
  run(adapter: AnyAdapter, harness: Harness): Promise<void>;
}

type Key =
  | 'receive'
  | 'poll'
  | 'watch'
  | 'publish'
  | 'reconcile'
  | 'pushStatus'
  | 'forward'
  | 'media'
  | 'extract'
  | 'probe';

export const has = (key: Key) => (adapter: AnyAdapter) => adapter[key] !== undefined;
export const always = () => true;

/** An ability that changes something at the platform, as one call. */
export interface Publishing {
  name: string;
  run(ctx: ChannelContext<unknown>, key?: string): Promise<Published>;
}

export function publishing(adapter: AnyAdapter, harness: Harness): Publishing[] {
  const { publish, pushStatus, forward } = adapter;
  const send = (ctx: Context, key = 'kit-key-1') => publish!.send(replyHere(harness, { key }), ctx);
  return [
    ...(publish ? [{ name: 'send', run: send }] : []),
    ...(pushStatus
      ? [{ name: 'pushStatus', run: (ctx: Context, key?: string) => pushStatus(statusChange(key), ctx) }]
      : []),
    ...(forward ? [{ name: 'forward', run: (ctx: Context, key?: string) => forward(forwarding(key), ctx) }] : []),
  ];
}
export const publishes = (adapter: AnyAdapter) =>
  has('publish')(adapter) || has('pushStatus')(adapter) || has('forward')(adapter);

/** An ability that only reads, as one call. */
export interface Reading {
  name: string;
  run(ctx: ChannelContext<unknown>): Promise<unknown>;
}

export function reading(adapter: AnyAdapter, harness: Harness): Reading[] {
  const { poll, media, probe } = adapter;
  return [
    ...(poll ? [{ name: 'poll', run: (ctx: Context) => poll.page(null, ctx) }] : []),
    ...(media ? [{ name: 'media', run: (ctx: Context) => media(harness.media?.ref ?? null, ctx) }] : []),
    ...(probe ? [{ name: 'probe', run: (ctx: Context) => probe(ctx) }] : []),
  ];
}
export const reads = (adapter: AnyAdapter) => has('poll')(adapter) || has('media')(adapter) || has('probe')(adapter);

type Context = ChannelContext<unknown>;
