import { z } from 'zod';
import { importSchema } from '../../config/import.ts';
import { IMPORT_FIELDS } from '../../core/imports/fields.ts';
import { EXAMPLE, flag, id, instant, text } from './common.ts';
import { entryBody } from './entry.ts';

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

export const chatQuery = z.strictObject({
  dry: flag.meta({ description: '`true`: only says what would become of it', examples: ['true'] }),
  ours: z
    .string()
    .min(1)
    .max(200)
    .meta({ description: 'The participant that is the office', examples: ['Dinas Kominfo'] }),
  contact: z
    .string()
    .max(50)
    .optional()
    .meta({
      description:
        "The citizen's telephone number: then the chat is known again also when the name on the phone changes",
      examples: ['0812-0000-0001'],
    }),
  group: flag.meta({ description: '`true`: a group on purpose; each author is a thread', examples: ['true'] }),
});

export const importedChat = z
  .strictObject({
    dry: z.boolean(),
    sha256: z.string(),
    participants: z.array(z.string()),
    counts: z.strictObject({
      messages: count,
      new: count.meta({ description: 'Messages of citizens' }),
      known: count,
      ours: count.meta({ description: 'Answers of the office that the hub did not know: outside the hub' }),
      echoes: count.meta({ description: 'Answers of the hub that were pasted into the chat' }),
      ...{ waiting: count, failed: count },
      skipped: count.meta({ description: "WhatsApp's own lines and deleted messages" }),
      files: count,
      filesMissing: count.meta({ description: 'Not exported, or too large' }),
    }),
    toConfirm: z
      .array(z.strictObject({ publicationId: id, at: instant }))
      .meta({ description: 'Answers that wait for a confirmation and stand in this chat' }),
  })
  .meta({
    id: 'ImportedChat',
    examples: [
      {
        ...{ dry: false, sha256: 'ab12', participants: ['Siti Aminah', 'Dinas Kominfo'] },
        counts: {
          ...{ messages: 12, new: 3, known: 8, ours: 0, echoes: 1, waiting: 0, failed: 0, skipped: 2 },
          ...{ files: 0, filesMissing: 1 },
        },
        toConfirm: [{ publicationId: EXAMPLE.publication, at: EXAMPLE.at }],
      },
    ],
  });

export const pasteBody = z
  .strictObject({
    text: text(200_000).optional(),
    html: text(900_000).optional().meta({ description: 'As the clipboard holds a part of a page; cleaned first' }),
    url: z.string().max(4_000).optional().meta({ description: 'Where it stands. Never opened' }),
    screenshot: id.optional().meta({ description: 'Uploaded with `POST /attachments`. Its text is not read' }),
  })
  .refine((given) => Object.values(given).some((value) => value !== undefined), 'give text, html, url or screenshot')
  .meta({
    id: 'Paste',
    examples: [{ text: 'LGWP12345678\n24-11-2026 09:15 WIB\nPelapor: Siti Aminah\nLampu jalan padam.' }],
  });

export const proposed = z
  .strictObject({
    proposal: entryBody
      .partial({ text: true })
      .meta({ description: 'The body for `POST /complaints`, to be completed' }),
    notes: z.array(z.string()).meta({ description: 'What to look at, in Indonesian' }),
  })
  .meta({
    id: 'ProposedComplaint',
    examples: [
      {
        proposal: {
          ...{ channel: 'laporgub', text: 'Lampu jalan padam.', reference: 'LGWP12345678' },
          ...{ receivedAt: EXAMPLE.at, reporter: { name: 'Siti Aminah' } },
        },
        notes: ['Periksa semuanya, lalu catat dengan POST /api/v1/complaints (LaporGub).'],
      },
    ],
  });
