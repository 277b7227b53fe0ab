import { z } from 'zod';
import { importSchema } from '../../config/import.ts';
import { IMPORT_FIELDS } from '../../core/imports/fields.ts';
import { flag } from './common.ts';

const count = z.int().nonnegative();

export const importQuery = z.strictObject({
  dry: flag.meta({
    description: '`true`: only says what would become of each row; nothing is stored',
    examples: ['true'],
  }),
  mapping: z
    .string()
    .max(10_000)
    .optional()
    .meta({
      description: 'JSON, as `import` in the channel’s file, which it goes before',
      examples: ['{"columns":{"text":"Keluhan"},"dates":["MM/DD/YYYY"]}'],
    }),
});

/** As JSON in a query; its own schema says what is wrong with it. */
export const mappingSchema = importSchema;

const rowFault = z.strictObject({
  row: z.int().meta({ description: 'As the spreadsheet counts, from 1' }),
  column: z.string().nullable(),
  reason: z.string().meta({ description: 'In Indonesian' }),
});

const becomes = z.enum(['new', 'changed', 'known', 'waiting', 'failed']);

export const imported = z
  .strictObject({
    dry: z.boolean(),
    format: z.enum(['csv', 'xlsx']),
    sha256: z.string().meta({ description: 'Of the file. The file itself is not kept' }),
    sheet: z.string().nullable(),
    columns: z.array(z.strictObject({ field: z.enum(IMPORT_FIELDS), header: z.string() })),
    unused: z.array(z.string()).meta({ description: 'Columns that nothing was taken from' }),
    counts: z.strictObject({
      ...{ rows: count, new: count, changed: count, known: count, waiting: count, failed: count },
      statuses: count.meta({ description: 'Statuses that are news' }),
      repeated: count.meta({ description: 'Rows that say what a row above them says' }),
      faulty: count,
    }),
    rows: z
      .array(z.strictObject({ row: z.int(), id: z.string().nullable(), becomes }))
      .meta({ description: 'With `dry`: every good row; otherwise those that changed something. At most 1,000' }),
    faults: z.array(rowFault).meta({ description: 'At most 1,000' }),
    mend: z.string().nullable().meta({ description: 'The faulty rows as CSV, to be mended and imported again' }),
  })
  .meta({
    id: 'Imported',
    examples: [
      {
        ...{ dry: false, format: 'csv', sha256: 'ab12', sheet: null, unused: ['No'] },
        columns: [{ field: 'text', header: 'Isi Laporan' }],
        counts: { rows: 3, new: 1, changed: 0, known: 1, waiting: 0, failed: 0, statuses: 0, repeated: 0, faulty: 1 },
        rows: [{ row: 2, id: 'LGWP12345678', becomes: 'new' }],
        faults: [
          { row: 4, column: 'Tanggal', reason: 'waktu "32-13-2026" tidak terbaca; tulis seperti 24-11-2026 09:15' },
        ],
        mend: 'Tanggal;Isi Laporan;Baris asal;Kesalahan\r\n',
      },
    ],
  });
