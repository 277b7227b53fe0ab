import type { DeskDeps, FlowDeps } from '../flows/deps.ts';
import type { HookIntake } from '../flows/receive.ts';
import type { Pool } from '../store/database.ts';

export interface Readiness {
  ready: boolean;
  /** Each part and what is wrong with it; `ok` when nothing is. */
  checks: Record<string, string>;
}

/** How much and how long a client may send. Milliseconds and bytes. */
export interface Limits {
  /** A whole request, from its first byte to its last. */
  requestTimeout: number;
  /** How often slow requests are looked for. */
  checkEvery: number;
  headerBytes: number;
  jsonBytes: number;
  hookBytes: number;
  /** Requests of one key in a minute. */
  perMinute: number;
  /** How often an open stream shows that it lives, and its key is looked at again. */
  heartbeat: number;
}

export interface ApiDeps extends DeskDeps, Pick<FlowDeps, 'secrets' | 'scrub'> {
  /** For LISTEN: one connection of it stays busy. */
  pool: Pool;
  hooks: HookIntake;
  files: FlowDeps['files'];
  publicUrl: string;
  readiness(): Promise<Readiness>;
  /** In Prometheus' format; absent: no metrics. */
  metricsText?(): Promise<string>;
  limits?: Partial<Limits>;
}

export const LIMITS: Limits = {
  requestTimeout: 30_000,
  checkEvery: 1_000,
  headerBytes: 16_384,
  jsonBytes: 1_048_576,
  hookBytes: 4_194_304,
  perMinute: 600,
  heartbeat: 15_000,
};
