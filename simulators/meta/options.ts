import { z } from 'zod';

const id = z.string().regex(/^\d{3,30}$/);

/** What goes wrong with calls of Graph. All that pick a call act on it, `delay` first. */
export const fault = z.strictObject({
  do: z.enum(['hangup', 'error', 'silent', 'noId', 'throttle', 'refuse', 'delay']).meta({
    description:
      'hangup: closes the connection; error: 500; silent: never answers; noId: 200 without an id; ' +
      'throttle: the limit of the account; refuse: with `code` and `subcode`; delay: waits `ms`, then goes on',
  }),
  /** Which calls: a regular expression on the path below the version. */
  on: z.string().default('/(comments|replies|mentions|messages)$'),
  reads: z.boolean().default(false),
  /** hangup, error, silent, noId: was the work done before it went wrong? */
  landed: z.boolean().default(true),
  times: z.int().positive().optional(),
  /** Which part of the calls meet it, 0 to 1: evenly spread, the same each run. */
  ratio: z.number().min(0).max(1).default(1),
  ms: z.int().nonnegative().default(300),
  code: z.int().default(100),
  subcode: z.int().optional(),
  /** throttle: minutes until calls are allowed again, as the header says. 0: `retry-after` of a second instead. */
  minutes: z.int().nonnegative().default(0),
});
export type Fault = z.infer<typeof fault>;
export type FaultInput = z.input<typeof fault>;

/** How deliveries go wrong. */
export const delivering = z.strictObject({
  /** The most changes in one delivery. */
  batch: z.int().min(1).max(1_000).default(50),
  /** Which part of the deliveries comes twice. */
  twice: z.number().min(0).max(1).default(0),
  /** Changes of one delivery in another order. */
  shuffle: z.boolean().default(false),
  /** How late, in milliseconds. */
  late: z.int().nonnegative().default(0),
});

const page = z.strictObject({
  id,
  name: z.string(),
  token: z.string().min(8),
  /** The feature "Human Agent" is approved. */
  humanAgent: z.boolean().default(false),
  instagram: z.strictObject({ id, username: z.string() }).optional(),
});

const template = z.strictObject({
  name: z.string(),
  language: z.string().default('id'),
  body: z.string(),
  status: z.enum(['APPROVED', 'PENDING', 'PAUSED']).default('APPROVED'),
});

/** A number of WhatsApp. `display` is what people dial, in digits. */
const phone = z.strictObject({
  id,
  business: id,
  display: z.string().regex(/^\d{8,15}$/),
  name: z.string(),
  token: z.string().min(8),
  templates: z.array(template).default([]),
});

export const metaOptions = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  appId: id.default('900000000000001'),
  appSecret: z.string().min(8),
  /** Where a browser may be sent back to; none: anywhere. */
  redirectUris: z.array(z.string()).default([]),
  verifyToken: z.string().min(4).default('verify'),
  pages: z.array(page).default([]),
  phones: z.array(phone).default([]),
  /** Where to deliver; without it everything waits to be polled. */
  hook: z.url().optional(),
  delivering: delivering.prefault({}),
  /** Deliver to accounts that have not subscribed, too. `false` is what Meta does. */
  deliverAnyway: z.boolean().default(true),
  faults: z.array(fault).default([]),
  /** A file that keeps everything over a restart; without it Meta forgets. */
  journal: z.string().optional(),
});
export type MetaOptions = z.input<typeof metaOptions>;
export type MetaSettings = z.infer<typeof metaOptions>;
export type PageSettings = z.infer<typeof page>;
export type PhoneSettings = z.infer<typeof phone>;
