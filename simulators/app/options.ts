import { z } from 'zod';

/** What goes wrong at the application. All faults that pick a request act on it, `delay` first. */
export const fault = z.strictObject({
  do: z.enum(['hangup', 'error', 'silent', 'noId', 'throttle', 'refuse', 'delay']).meta({
    description:
      'hangup: closes the connection; error: 500; silent: never answers; noId: 200 without an id; ' +
      'throttle: 429; refuse: 422; delay: waits `ms`, then goes on',
  }),
  /** Which requests: the beginning of the path. */
  on: z.string().default('/replies'),
  /** GET requests too? */
  reads: z.boolean().default(false),
  /** hangup, error, silent, noId: was the work done before it went wrong? */
  landed: z.boolean().default(true),
  /** How many requests meet it; absent: all. */
  times: z.int().positive().optional(),
  /** Which part of the requests meet it, 0 to 1: evenly spread, the same each run. */
  ratio: z.number().min(0).max(1).default(1),
  ms: z.int().nonnegative().default(300),
  retryAfter: z.int().nonnegative().default(2).meta({ description: 'Seconds' }),
});
export type Fault = z.infer<typeof fault>;
export type FaultInput = z.input<typeof fault>;

export const appOptions = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  /** The hub's bearer token. */
  token: z.string().min(8),
  /** Checks the signature of what the hub posts; without it no signature is checked. */
  signingSecret: z.string().startsWith('whsec_').optional(),
  /** Where to deliver; without it everything waits to be polled. */
  hub: z.strictObject({ url: z.url(), endpoint: z.string(), secret: z.string().startsWith('whsec_') }).optional(),
  /** Accounts that are delivered by webhook. Every account can be polled. */
  delivered: z.array(z.string()).default(['laporan']),
  idempotency: z.enum(['native', 'lookup', 'none']).default('native'),
  /** Does what the hub publishes come back among the items, as on most platforms? */
  echo: z.boolean().default(false),
  faults: z.array(fault).default([]),
  /** A file that keeps everything over a restart; without it the application forgets. */
  journal: z.string().optional(),
});
export type AppOptions = z.input<typeof appOptions>;
export type AppSettings = z.infer<typeof appOptions>;
