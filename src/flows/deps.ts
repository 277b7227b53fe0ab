import type { AnyAdapter, Log } from '#contract';
import type { Channel, LoadedConfig } from '../config/load.ts';
import type { Clock } from '../platform/clock.ts';
import type { FileStore } from '../platform/files.ts';
import type { Keyring } from '../platform/keyring.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Normaliser } from '../platform/threads.ts';
import type { Queues } from '../queue/index.ts';
import type { Stage } from '../queue/stages.ts';
import type { Database } from '../store/database.ts';
import type { FreshItems } from './fresh.ts';
import type { Reader } from './reader.ts';

/** Adds a wake-up: "rows of this stage wait for this subject". Never throws; the sweep finds what a lost one leaves. */
export type Wake = (stage: Stage, subject: string, delayMs?: number) => Promise<void>;

/** What the stories of people at their desks need. */
export interface DeskDeps {
  db: Database;
  clock: Clock;
  log: Log;
  keyring: Keyring;
  config: LoadedConfig;
  adapters: Readonly<Record<string, AnyAdapter>>;
  wake: Wake;
  /** Where citizens see how a complaint stands, `<address>/lacak`; absent: the hub has no door of their own. */
  statusPages?: string | undefined;
}

/** What the stories between the platforms and the register need. */
export interface FlowDeps extends DeskDeps {
  secrets: Secrets;
  files: FileStore;
  normaliser: Normaliser;
  fresh: FreshItems;
  /** Reads apart from the loop that answers people. */
  apart: Reader;
  queues: Queues;
  /** Where people and platforms reach the hub, when that is known. */
  publicUrl?: string | undefined;
  /** Takes registered secrets out of a text that will be stored or shown. */
  scrub(text: string): string;
  /** Names this process in leases. */
  owner: string;
  /** Aborts when the process stops. */
  signal: AbortSignal;
}

export function findChannel(config: LoadedConfig, id: string): Channel | undefined {
  return config.channels.find((channel) => channel.id === id && channel.enabled);
}

export function channelOfAccount(config: LoadedConfig, adapter: string, account: string): Channel | undefined {
  return config.channels.find(
    (channel) => channel.adapter === adapter && channel.account === account && channel.enabled,
  );
}

/** Those that a wake-up at this endpoint makes poll: they listen there, or at none of their own. */
export const pollingChannels = (
  config: LoadedConfig,
  { adapter, endpoint }: { adapter: string; endpoint: string },
): string[] =>
  config.channels
    .filter((one) => one.adapter === adapter && one.enabled && one.poll && (one.endpoint ?? endpoint) === endpoint)
    .map((one) => one.id);
