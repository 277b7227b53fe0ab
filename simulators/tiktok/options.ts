import { z } from 'zod';
import { fault } from '../meta/options.ts';

/** How answers differ from what one would like. */
export const manners = z.strictObject({
  /** Ids as bare JSON numbers beyond 2^53. */
  bareIds: z.boolean().default(false),
  /** Pages with fewer rows than asked for, with others behind them. */
  shortPages: z.boolean().default(false),
  /** Rows of a page in another order. */
  shuffle: z.boolean().default(false),
  /** The last row of a page comes again with the next one. */
  duplicates: z.boolean().default(false),
  /** Each refresh gives another refresh token, and the one before is over. */
  rotate: z.boolean().default(false),
  /** A reply of ours is hidden without a word when the same text stands there already. */
  hideRepeated: z.boolean().default(false),
});
export type Manners = z.infer<typeof manners>;

export const tiktokOptions = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  /** `open_id` of the account. */
  account: z.string().min(1),
  handle: z.string().default('pemkab'),
  clientId: z.string().default('7300000000000000001'),
  clientSecret: z.string().min(8),
  refreshToken: z.string().min(8),
  redirectUris: z.array(z.string()).default([]),
  /** How long an access token is good, in seconds. */
  tokenSeconds: z.int().min(1).default(86_400),
  /** Longest reply. */
  maxChars: z.int().min(1).default(150),
  /** Where to deliver; without it everything waits to be polled. */
  hook: z.url().optional(),
  manners: manners.prefault({}),
  faults: z.array(fault).default([]),
  /** A file that keeps everything over a restart. */
  journal: z.string().optional(),
});
export type TiktokOptions = z.input<typeof tiktokOptions>;
export type TiktokSettings = z.infer<typeof tiktokOptions>;
