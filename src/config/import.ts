import { z } from 'zod';
import { KINDS, SURFACES, state } from '#contract';
import { dateFormat } from '../core/imports/dates.ts';
import { IMPORT_FIELDS } from '../core/imports/fields.ts';

const header = z.string().trim().min(1).max(200);
const headers = z.union([header.transform((one) => [one]), z.array(header).min(1).max(20)]);

const columns = z
  .strictObject(
    Object.fromEntries(IMPORT_FIELDS.map((field) => [field, headers.optional()])) as Record<
      (typeof IMPORT_FIELDS)[number],
      z.ZodOptional<typeof headers>
    >,
  )
  .meta({
    description: 'Judul kolom untuk tiap isian, satu atau beberapa; yang tidak ditulis dicari menurut nama umumnya',
  });

const format = z
  .string()
  .max(40)
  .refine((text) => dateFormat(text) !== null, 'bentuk waktu seperti DD-MM-YYYY HH:mm, d-m-Y H:i:s atau MM/DD/YYYY');

/** What the columns of an imported file mean; in a channel's file, or given with the file. */
export const importSchema = z.strictObject({
  columns: columns.optional(),
  dates: z.array(format).max(10).optional().meta({ description: 'Bentuk waktu di berkas; dicoba sebelum yang umum' }),
  timezone: z
    .enum(['Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura', 'UTC'])
    .optional()
    .meta({ description: 'Zona waktu tanpa keterangan; tanpa ini: menurut site.timezone' }),
  kinds: z.record(z.string(), z.enum(KINDS)).optional().meta({ description: 'Arti isi kolom klasifikasi' }),
  yes: z.array(z.string()).max(20).optional().meta({ description: 'Kata lain untuk ya di kolom anonim dan rahasia' }),
  statuses: z.record(z.string(), state).optional().meta({ description: 'Arti status di sana' }),
  sheet: z.string().max(100).optional().meta({ description: 'Lembar Excel; tanpa ini: lembar pertama yang terlihat' }),
});

/** In a channel's file also where the rows were written. */
export const channelImport = importSchema.extend({
  surface: z.enum(SURFACES).optional().meta({ description: 'Tempat aduan itu ditulis; tanpa ini: menurut adapternya' }),
});
