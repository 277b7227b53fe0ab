import type { AbilityKey, AnyAdapter, ChannelContext, Published, RawItem } from '#contract';
import { type Harness, needs } from '../harness.ts';
import { alertFor, event, forwarding, replyHere, staffNotice, statusChange } from '../samples.ts';

/** One promise of the contract. `run` throws a sentence when the adapter breaks it. */
export interface Check {
  name: string;
  /** Follows from the adapter's keys alone: nobody can opt out. */
  applies(adapter: AnyAdapter): boolean;
  run(adapter: AnyAdapter, harness: Harness): Promise<void>;
}

export const has = (key: AbilityKey) => (adapter: AnyAdapter) => adapter[key] !== undefined;
export const always = () => true;

/** An ability that changes something at the platform, as one call. */
export interface Publishing {
  name: string;
  run(ctx: ChannelContext<unknown>, key?: string): Promise<Published>;
}

export function publishing(adapter: AnyAdapter, harness: Harness): Publishing[] {
  const { publish, pushStatus, forward, notify, alert } = adapter;
  const send = (ctx: Context, key = 'kit-key-1') => publish!.send(replyHere(harness, { key }), ctx);
  return [
    ...(publish && sends(adapter) ? [{ name: 'send', run: send }] : []),
    ...(pushStatus
      ? [{ name: 'pushStatus', run: (ctx: Context, key?: string) => pushStatus(statusChange(key), ctx) }]
      : []),
    ...(forward ? [{ name: 'forward', run: (ctx: Context, key?: string) => forward(forwarding(key), ctx) }] : []),
    ...(notify ? [{ name: 'notify', run: (ctx: Context, key?: string) => notify(staffNotice(key), ctx) }] : []),
    ...(alert ? [{ name: 'alert', run: (ctx: Context, key?: string) => alert(alertFor(harness, key), ctx) }] : []),
  ];
}
const PUBLISHING = ['pushStatus', 'forward', 'notify', 'alert'] as const;
export const publishes = (adapter: AnyAdapter) => sends(adapter) || PUBLISHING.some((key) => has(key)(adapter));

/** Do answers go out to a platform? */
export const sends = ({ publish }: AnyAdapter): boolean => publish !== undefined && !isHere(publish);
export const isHere = (publish: AnyAdapter['publish']): boolean =>
  publish?.idempotency === 'native' && publish.here === true;

/** An ability that only reads, as one call. */
export interface Reading {
  name: string;
  run(ctx: ChannelContext<unknown>): Promise<unknown>;
}

export function reading(adapter: AnyAdapter, harness: Harness): Reading[] {
  const { poll, media, probe, complete } = adapter;
  return [
    ...(poll ? [{ name: 'poll', run: (ctx: Context) => poll.page(null, ctx) }] : []),
    ...(media ? [{ name: 'media', run: (ctx: Context) => media(harness.media?.ref ?? null, ctx) }] : []),
    ...(probe ? [{ name: 'probe', run: (ctx: Context) => probe(ctx) }] : []),
    ...(complete ? [{ name: 'complete', run: (ctx: Context) => complete(bareOf(harness), ctx) }] : []),
  ];
}
const READING = ['poll', 'media', 'probe', 'complete'] as const;
export const reads = (adapter: AnyAdapter) => READING.some((key) => has(key)(adapter));

export const bareOf = (harness: Harness, number = 1): RawItem['raw'] =>
  needs(harness.bare, 'bare')(event(harness, number));

/** An ability that changes something of ours at the platform, but says nothing there. */
export function tending(
  adapter: AnyAdapter,
  harness: Harness,
): { name: string; run(ctx: Context): Promise<unknown> }[] {
  const { care, moderate, markRead } = adapter;
  const { target } = replyHere(harness, {}, 'comment');
  return [
    ...(care ? [{ name: 'care', run: (ctx: Context) => care.run(ctx) }] : []),
    ...(moderate ? [{ name: 'moderate', run: (ctx: Context) => moderate('hide', target, ctx) }] : []),
    ...(markRead ? [{ name: 'markRead', run: (ctx: Context) => markRead(target, ctx) }] : []),
  ];
}

type Context = ChannelContext<unknown>;
