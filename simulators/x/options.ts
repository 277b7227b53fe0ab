import { z } from 'zod';
import { fault } from '../meta/options.ts';

const id = z.string().regex(/^\d{1,20}$/);
const key = z.string().min(8);

export const xOptions = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  account: z.strictObject({
    id,
    username: z.string().regex(/^\w{1,15}$/),
    name: z.string().default('Kabupaten Contoh'),
  }),
  /** OAuth 1.0a; the consumer secret also signs what the webhook gets. */
  consumerKey: key.default('sim-consumer-key'),
  consumerSecret: key,
  accessToken: key.default('sim-access-token'),
  accessSecret: key.default('sim-access-secret'),
  /** OAuth 2.0: the pair begins with this refresh token. */
  clientId: z.string().default('sim-client'),
  clientSecret: key.default('sim-client-secret'),
  refreshToken: key.default('sim-refresh-token'),
  tokenSeconds: z.int().positive().default(7_200),
  /** App-only, for webhooks. */
  bearer: key.default('sim-app-bearer'),
  /** Where to deliver; without it everything waits to be polled. */
  hook: z.url().optional(),
  /** How late posts appear in lists, in milliseconds. */
  lagMs: z.int().nonnegative().default(0),
  /** Calls of each kind in 15 minutes: null: X's own numbers. */
  calls: z.int().positive().nullable().default(null),
  /** US dollars to spend; null: as many as it takes. */
  credit: z.number().nullable().default(null),
  /** Replies only to posts that mention or quote us, as on self-serve plans. */
  restricted: z.boolean().default(true),
  faults: z.array(fault).default([]),
  /** A file that keeps everything over a restart; without it X forgets. */
  journal: z.string().optional(),
});
export type XOptions = z.input<typeof xOptions>;
export type XSettings = z.infer<typeof xOptions>;
