import { z } from 'zod';
import { fault } from '../meta/options.ts';

const id = z.string().regex(/^\d{3,30}$/);

const location = z.strictObject({
  id,
  title: z.string(),
  /** Not yet: its reviews cannot be read or answered. */
  verified: z.boolean().default(true),
});

/** How replies are judged: at once, not before somebody says so (`judge`), or refused with this violation. */
export const moderation = z.union([z.enum(['approve', 'hold']), z.strictObject({ reject: z.string() })]);

export const googleOptions = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  account: id,
  locations: z.array(location).min(1),
  clientId: z.string().default('1234-contoh.apps.googleusercontent.com'),
  clientSecret: z.string().min(8),
  /** Where a browser may be sent back to; none: anywhere. */
  redirectUris: z.array(z.string()).default([]),
  refreshToken: z.string().min(8),
  /** How long an access token is good, in seconds. */
  tokenSeconds: z.int().min(1).default(3_599),
  /** Calls of the reviews' API for each minute; 0: the project is not approved. */
  quota: z.int().min(0).default(300),
  moderation: moderation.default('approve'),
  /** Does a reply of ours move the review's `updateTime`? Nobody says. */
  replyMoves: z.boolean().default(false),
  /** Where to push, and for whom; without it everything waits to be polled. */
  push: z.strictObject({ hook: z.url(), audience: z.string(), email: z.email() }).optional(),
  faults: z.array(fault).default([]),
  /** A file that keeps everything over a restart; without it Google forgets. */
  journal: z.string().optional(),
});
export type GoogleOptions = z.input<typeof googleOptions>;
export type GoogleSettings = z.infer<typeof googleOptions>;
export type Moderation = z.infer<typeof moderation>;
