import { z } from 'zod';
import { author, KINDS, surface } from '#contract';
import { EXAMPLE, givenInstant, id, text } from './common.ts';

const name = z.string().min(1).max(100);

const reporter = author
  .pick({ name: true, phone: true, email: true, address: true, handle: true })
  .meta({ description: 'Stored encrypted; leave out what is not needed. A NIK has no place here' });

export const entryBody = z
  .strictObject({
    channel: name.meta({ description: 'A channel of adapter `manual`, or one in mode `assisted`' }),
    surface: surface.optional().meta({ description: 'Absent: what the channel is usually used for' }),
    text: text(100_000).meta({ description: 'What was said or written, in the words of the citizen' }),
    title: text(500).optional(),
    receivedAt: givenInstant.optional().meta({ description: 'When it reached the office; absent: now' }),
    receivedBy: text(200).optional().meta({ description: 'Who took it, where that is not you' }),
    kind: z.enum(KINDS).optional(),
    category: text(200).optional(),
    agency: name.optional().meta({ description: 'Absent: as the rules say' }),
    unit: name.optional(),
    occurredAt: givenInstant.optional(),
    location: z
      .strictObject({
        text: text(2_000).optional(),
        lat: z.number().min(-90).max(90).optional(),
        lon: z.number().min(-180).max(180).optional(),
      })
      .optional(),
    reporter: reporter.optional(),
    anonymous: z.boolean().optional(),
    secret: z.boolean().optional(),
    attachments: z.array(id).max(20).optional().meta({ description: 'Uploaded before with `POST /attachments`' }),
    permalink: z.url().max(4_000).optional().meta({ description: 'Where it stands, on a page' }),
    reference: text(200).optional().meta({
      description:
        'Its number there: of a letter, of a ticket at a portal. On a channel for another place, one number is one complaint',
    }),
    answerBy: text(200).optional().meta({ description: 'How the reporter wants to be answered' }),
    incomplete: text(2_000).optional().meta({
      description: 'Why it is taken although something that the agency asks for (`intake.required`) is missing',
    }),
  })
  .meta({
    id: 'NewComplaint',
    examples: [
      {
        channel: 'loket-diskominfo',
        text: 'Lampu jalan di depan balai desa padam sejak Senin.',
        reporter: { name: 'Siti Aminah', phone: '0812-0000-0001' },
        answerBy: 'telepon',
      },
    ],
  });

export const entryHeaders = z.object({
  'idempotency-key': z.string().min(1).max(200).optional().meta({
    description:
      'The same key from the same user on the same channel is the same complaint: send it again, unchanged, when in doubt. Another order under it is `conflict`',
  }),
});

export const entered = z
  .strictObject({
    id,
    ticketNo: z.string(),
    known: z.boolean().meta({
      description: 'It was entered before: with the same key, or there with the same number or address and words',
    }),
    receipt: z.strictObject({
      text: z.string().meta({
        description: 'Short enough for one SMS. The code is in it for who entered it, or may see the contact',
      }),
      html: z.string().meta({ description: 'Where it can be printed' }),
      pdf: z.string(),
    }),
  })
  .meta({
    id: 'Entered',
    examples: [
      {
        id: EXAMPLE.complaint,
        ticketNo: 'K7M-4QD-X2P',
        known: false,
        receipt: {
          text: 'Aduan Anda diterima. Nomor K7M-4QD-X2P, kode 7K2M-Q9XD. Kabupaten Contoh',
          html: `/api/v1/complaints/${EXAMPLE.complaint}/receipt?format=html`,
          pdf: `/api/v1/complaints/${EXAMPLE.complaint}/receipt?format=pdf`,
        },
      },
    ],
  });

export const paperQuery = z.strictObject({
  format: z.enum(['html', 'pdf']).default('html').meta({ description: 'Both print alike' }),
});
