import { z } from 'zod';

export const PROFILES = ['generik', 'sp4n', 'laporgub', 'laporbup'] as const;
export type Profile = (typeof PROFILES)[number];

/** A part of what happens, 0 to 1, evenly spread and the same each run; `true`: all of it. */
const part = z
  .union([z.boolean(), z.number().min(0).max(1)])
  .transform(Number)
  .prefault(0);

/** What goes wrong, as `PUT /v1/_uji` sets it. */
export const knobs = z.strictObject({
  http500: part.meta({ description: '500; of requests that change something, half after the work was done' }),
  http429: part.meta({ description: '429 with retry-after of a second; nothing is done' }),
  lambat_ms: z.int().min(0).max(60_000).default(0).meta({ description: 'Every answer waits so long' }),
  duplikat: part.meta({ description: 'Rows of a list stand there twice' }),
  urutan_acak: part.meta({ description: 'Rows of a page and entries of a report come in another order' }),
  tanpa_id: part.meta({ description: 'What was taken is answered 200 without an id' }),
  status_asing: part.meta({ description: 'New reports have a status that nobody knows' }),
  html: part.meta({ description: 'Texts are HTML' }),
  zona_hilang: part.meta({ description: 'Times name no zone where they usually do' }),
  webhook_ganda: part.meta({ description: 'Deliveries come twice' }),
  webhook_tanda_salah: part.meta({ description: 'Deliveries come with a wrong signature first' }),
  tutup_mendadak: part.meta({ description: 'The work is done, then the connection breaks' }),
});
export type Knobs = z.infer<typeof knobs>;
export type KnobsInput = z.input<typeof knobs>;
export type KnobName = keyof Knobs;

export const portalOptions = z.strictObject({
  profile: z.enum(PROFILES),
  port: z.int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  name: z.string().default('Portal Aduan'),
  /** The client's bearer token. */
  token: z.string().min(8),
  /** sp4n: the second header. */
  secondToken: z.string().min(8).default('token-kedua-portal'),
  /** Does it tell its clients who an anonymous or secret reporter is? It should not. */
  reveals: z.boolean().default(false),
  /** Where changes are announced; without it the portal waits to be polled. */
  hook: z.strictObject({ url: z.url(), secret: z.string().min(8) }).optional(),
  /** Reports on a page, whatever is asked for. */
  pageSize: z.int().min(1).max(500).default(50),
  knobs: knobs.prefault({}),
  /** A file that keeps everything over a restart; without it the portal forgets. */
  journal: z.string().optional(),
});
export type PortalOptions = z.input<typeof portalOptions>;
export type PortalSettings = z.infer<typeof portalOptions>;
