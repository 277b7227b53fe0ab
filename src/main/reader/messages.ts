import type { SecretRef } from '#contract';
import type { LoadedConfig } from '../../config/load.ts';
import type { Opened, PageTask, Taken } from '../../flows/reader.ts';
import type { Failure } from './failure.ts';

/** What the thread is started with. */
export interface Start {
  /** Where adapters come from; see `adapterSource`. */
  registry: string;
  databaseUrl: string;
  /** As `KANAL_MASTER_KEY`. */
  masterKeys: string;
  filesDir: string;
  config: LoadedConfig;
}

/** To the thread. `id` names a task; an answer bears the same. */
export type Order =
  | { id: number; take: PageTask }
  | { id: number; watch: string }
  | { id: number; open: readonly string[] }
  | { id: number; keep: Uint8Array }
  | { abort: number }
  | { question: number; secret: string }
  | { question: number; failure: Failure }
  | 'close';

/** What a task gives: a page, opened items, a file kept, or nothing after listening. */
export type Done = Taken | Map<string, Opened> | { sha256: string; size: number } | undefined;

/** From the thread. */
export type News =
  | { id: number; done: Done }
  | { id: number; failure: Failure }
  | { id: number; wake: true }
  | { question: number; ask: SecretRef }
  | { log: 'debug' | 'info' | 'warn' | 'error'; fields: Record<string, unknown>; message: string };
