import { z } from 'zod';
import { surface } from '#contract';
import {
  cursor,
  EXAMPLE,
  flag,
  givenInstant,
  id,
  instant,
  limit,
  many,
  nextCursor,
  optionalReason,
  reason,
} from './common.ts';

export const PUBLICATION_STATES = [
  'queued',
  'sending',
  'published',
  'refused',
  'uncertain',
  'assist',
  'cancelled',
] as const;

const attempt = z.strictObject({
  attempt: z.int(),
  startedAt: instant,
  endedAt: instant.nullable(),
  outcome: z.string().nullable(),
  explanation: z.string().nullable(),
});

export const publication = z
  .strictObject({
    id,
    complaint: id,
    ticketNo: z.string().nullable(),
    channel: z.string(),
    kind: z.enum(['answer', 'receipt', 'status', 'forward']),
    draft: id.nullable(),
    target: z.strictObject({ messageId: id.nullable(), surface, permalink: z.string().nullable() }),
    text: z.string().meta({
      description:
        'A receipt holds `****-****` in place of the access code; while a person is to send it, those who may see the contact see the code',
    }),
    parts: z
      .strictObject({
        texts: z.array(z.string()),
        published: z.array(z.strictObject({ publishedId: z.string(), permalink: z.string().nullable() })),
      })
      .nullable()
      .meta({ description: 'Where it is too long for one message: how it is divided, and what stands, in order' }),
    state: z.enum(PUBLICATION_STATES),
    label: z.string(),
    needsPerson: z.boolean(),
    reason: z.string().nullable().meta({ description: 'A code: why it stands like this' }),
    explanation: z.string().nullable().meta({ description: 'The same for people, in Indonesian' }),
    actions: z
      .array(z.enum(['confirm', 'retry', 'decline', 'cancel']))
      .meta({ description: 'What a person can do now' }),
    attempt: z.int(),
    nextAt: instant.nullable().meta({ description: 'When the hub goes on by itself' }),
    publishedId: z.string().nullable().meta({ description: "The platform's id; where it is private, a hash of it" }),
    permalink: z.string().nullable(),
    reference: z.string().nullable().meta({ description: 'Of a forwarded report: the number it has there' }),
    publishedAt: instant.nullable(),
    receipt: z.unknown().meta({ description: 'What the platform said about it later' }),
    confirmedBy: id.nullable(),
    createdAt: instant,
    assist: z
      .strictObject({
        due: instant.meta({ description: 'When it should stand there; after that it is called for again and again' }),
        overdue: z.boolean(),
        reference: z.string().nullable().meta({ description: 'The number of the report or letter that it answers' }),
        answerBy: z.string().nullable().meta({ description: 'How the reporter wants to be answered' }),
        status: z
          .strictObject({ label: z.string(), code: z.string() })
          .nullable()
          .meta({ description: 'Of a status: as people call it, and what it is called there; `text` is its reason' }),
        title: z.string().nullable().meta({ description: 'Of a report to be entered there' }),
        location: z.string().nullable().meta({ description: 'Of a report to be entered there' }),
      })
      .nullable()
      .meta({
        description:
          'While a person is to publish it: `text` is what to paste (what does not stand yet), `target.permalink` where',
      }),
    attempts: z.array(attempt),
  })
  .meta({
    id: 'Publication',
    description: 'One answer at one place: published once, with its receipt',
    examples: [
      {
        id: EXAMPLE.publication,
        complaint: EXAMPLE.complaint,
        ticketNo: 'K7M-4QD-X2P',
        channel: 'fb-pemkab',
        kind: 'answer',
        draft: EXAMPLE.draft,
        target: { messageId: EXAMPLE.message, surface: 'comment', permalink: null },
        text: 'Terima kasih atas laporannya. Perbaikan dijadwalkan 27 November.',
        parts: null,
        state: 'published',
        label: 'Tayang',
        needsPerson: false,
        reason: null,
        explanation: null,
        actions: [],
        attempt: 1,
        nextAt: null,
        publishedId: '1_3',
        permalink: 'https://contoh.example/posting/1?comment=3',
        reference: null,
        publishedAt: EXAMPLE.at,
        receipt: null,
        confirmedBy: null,
        createdAt: EXAMPLE.at,
        assist: null,
        attempts: [],
      },
    ],
  });

export const publicationPage = z
  .strictObject({ items: z.array(publication), nextCursor })
  .meta({ id: 'PublicationPage', examples: [{ items: [], nextCursor: null }] });

export const publicationQuery = z.strictObject({
  state: many(z.enum(PUBLICATION_STATES)),
  channel: many(z.string().max(100)),
  complaint: id.optional(),
  needsPerson: flag,
  cursor,
  limit: limit(),
});

export const confirmBody = z
  .strictObject({
    permalink: z.url().max(4_000).optional().meta({
      description: 'Where it stands; needed unless it was said or handed over on a channel that people serve',
    }),
    note: reason.optional().meta({
      description: 'How the citizen got it, where it has no address',
      examples: ['Disampaikan lewat telepon kepada pelapor pukul 10.05'],
    }),
    publishedAt: givenInstant.optional(),
    publishedId: z.string().min(1).max(1_000).optional().meta({ description: "The platform's id, where it is known" }),
  })
  .meta({ id: 'Confirmation', examples: [{ permalink: 'https://contoh.example/posting/1?comment=3' }] });

export const retryBody = z
  .strictObject({
    notThere: z.literal(true).meta({ description: 'You looked at the platform, and the reply is not there' }),
    reason: optionalReason,
  })
  .meta({ id: 'Retry', examples: [{ notThere: true, reason: 'Sudah dicek di aplikasi, belum ada' }] });

export const declineBody = z
  .strictObject({ reason })
  .meta({ id: 'Declining', examples: [{ reason: 'Situs LaporGub sedang tidak dapat dibuka' }] });

export const cancelBody = z
  .strictObject({ reason: optionalReason })
  .meta({ id: 'Cancellation', examples: [{ reason: 'Jawaban diganti' }] });

export type PublicationView = z.infer<typeof publication>;
