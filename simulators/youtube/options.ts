import { z } from 'zod';
import { fault } from '../meta/options.ts';

export const youtubeOptions = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  channel: z.string().regex(/^UC[\w-]+$/),
  title: z.string().default('Kabupaten Contoh'),
  clientId: z.string().default('1234-contoh.apps.googleusercontent.com'),
  clientSecret: z.string().min(8),
  /** Where a browser may be sent back to; none: anywhere. */
  redirectUris: z.array(z.string()).default([]),
  refreshToken: z.string().min(8),
  /** Units of a day. */
  units: z.int().min(0).default(10_000),
  /** Threads on a page, whatever is asked for. */
  pageSize: z.int().min(1).max(100).default(20),
  faults: z.array(fault).default([]),
  /** A file that keeps everything over a restart; without it YouTube forgets. */
  journal: z.string().optional(),
});
export type YoutubeOptions = z.input<typeof youtubeOptions>;
export type YoutubeSettings = z.infer<typeof youtubeOptions>;
