import { z } from 'zod';
import { fault } from '../meta/options.ts';

/** What goes on between the phones and the hub. */
export const manners = z.strictObject({
  /** What becomes of messages: `late`: "delivered" overtakes "sent", and comes a little after. */
  reports: z.enum(['delivered', 'failed', 'late', 'none']).default('delivered'),
  /** Each delivery comes twice. */
  twice: z.boolean().default(false),
  /** Each delivery is tried with a wrong signature first. */
  badlySigned: z.boolean().default(false),
  /** A message stands twice in the list of those that came. */
  duplicates: z.boolean().default(false),
});
export type Manners = z.infer<typeof manners>;

export const smsOptions = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  /** The number that citizens write to. */
  number: z.string().default('+628110001234'),
  token: z.string().min(8),
  /** What an SMS costs, and what is left. */
  balance: z.int().default(100_000),
  /** Messages on a page. */
  pageSize: z.int().min(1).default(100),
  /** Where to deliver; without it everything waits to be fetched. */
  hook: z.strictObject({ url: z.url(), secret: z.string().min(8) }).optional(),
  manners: manners.prefault({}),
  faults: z.array(fault).default([]),
  /** A file that keeps everything over a restart. */
  journal: z.string().optional(),
});
export type SmsOptions = z.input<typeof smsOptions>;
export type SmsSettings = z.infer<typeof smsOptions>;
