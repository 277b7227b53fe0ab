import type { AnyAdapter, Log } from '#contract';
import type { LoadedConfig } from '../config/load.ts';
import type { Clock } from '../platform/clock.ts';
import type { Keyring } from '../platform/keyring.ts';
import type { Stage } from '../queue/stages.ts';
import type { Database } from '../store/database.ts';

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
}
