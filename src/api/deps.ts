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
  /** The same for what may bring photos. */
  uploadTimeout: number;
  /** How often slow requests are looked for. */
  checkEvery: number;
  headerBytes: number;
  jsonBytes: number;
  hookBytes: number;
  /** Requests of one key in a minute. */
  perMinute: number;
  /** Forms and codes from one address in ten minutes. */
  doorPosts: number;
  /** How often an open stream shows that it lives, and its key is looked at again. */
  heartbeat: number;
}

export interface ApiDeps extends DeskDeps, Pick<FlowDeps, 'secrets' | 'scrub'> {
  /** For LISTEN: one connection of it stays busy. */
  pool: Pool;
  hooks: HookIntake;
  files: FlowDeps['files'];
  publicUrl: string;
  /** Proxies whose word on who asks is taken: addresses or networks, with commas. Absent: only this machine. */
  trustProxy?: string | undefined;
  readiness(): Promise<Readiness>;
  /** In Prometheus' format; absent: no metrics. */
  metricsText?(): Promise<string>;
  limits?: Partial<Limits>;
}

export const LIMITS: Limits = {
  requestTimeout: 30_000,
  uploadTimeout: 300_000,
  checkEvery: 1_000,
  headerBytes: 16_384,
  jsonBytes: 1_048_576,
  hookBytes: 4_194_304,
  perMinute: 600,
  doorPosts: 60,
  heartbeat: 15_000,
};
