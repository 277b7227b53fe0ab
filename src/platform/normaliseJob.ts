import type { Item } from '#contract';

/** One raw item for an adapter's `normalise`. */
export interface NormaliseJob {
  adapter: string;
  raw: string | Uint8Array;
  channel: { id: string; account: string };
  /** The channel's settings, already checked by the adapter's schema. */
  settings: unknown;
  receivedAt: Date;
}

/** `null`: not for us. `reason`: why it goes to quarantine. */
export type NormaliseResult = { ok: true; item: Item | null } | { ok: false; reason: string };
