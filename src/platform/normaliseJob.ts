import type { FetchedMedia, Item, Json } from '#contract';
import type { TokenKey } from './tokens.ts';

/** One raw item for an adapter's `normalise`. */
export interface NormaliseJob {
  adapter: string;
  raw: string | Uint8Array;
  channel: { id: string; account: string };
  /** The channel's settings, already checked by the adapter's schema. */
  settings: unknown;
  receivedAt: Date;
  /** It was entered by a person and is an item already, as JSON. */
  entered?: boolean;
  /** Those of the channel alone: a parser at fault must not hold the master key. */
  tokenKeys: readonly TokenKey[];
}

/** `null`: not for us. `reason`: why it goes to quarantine. */
export type NormaliseResult = { ok: true; item: Item | null } | { ok: false; reason: string };

/** An attachment to be taken out of a raw item by the adapter's `extract`. */
export interface ExtractJob extends NormaliseJob {
  inside: Json;
}

export type ExtractResult = { ok: true; media: FetchedMedia } | { ok: false; reason: string };
