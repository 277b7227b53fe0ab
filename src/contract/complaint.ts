import { z } from 'zod';
import { KINDS, surface } from './item.ts';
import { state } from './state.ts';

export const COMPLAINT_EVENTS = ['created', 'message', 'edited', 'deleted', 'status', 'promoted'] as const;
export type ComplaintEvent = (typeof COMPLAINT_EVENTS)[number];

const instant = z.iso.datetime();

/**
 * The one published complaint format. It stands on the queue `complaints`, one job per event, and holds no contact of
 * the reporter: whoever needs one asks the API, where the reading is recorded.
 */
export const publishedComplaint = z
  .strictObject({
    schema: z.literal('kanal-aduan/complaint@1'),
    event: z.strictObject({ id: z.uuid(), type: z.enum(COMPLAINT_EVENTS), at: instant }),
    complaint: z.strictObject({
      id: z.uuid(),
      ticketNo: z
        .string()
        .nullable()
        .meta({ description: 'null while `new`', examples: ['K7M-4QD-X2P'] }),
      state,
      channel: z.string(),
      adapter: z.string(),
      surface,
      public: z.boolean(),
      threadId: z.string(),
      title: z.string().nullable(),
      text: z.string().meta({ description: "The citizen's words as they stand now" }),
      kind: z.enum(KINDS).nullable(),
      category: z.string().nullable(),
      agency: z.string().nullable(),
      unit: z.string().nullable(),
      anonymous: z.boolean(),
      secret: z.boolean(),
      rating: z.int().nullable(),
      location: z
        .strictObject({ text: z.string().optional(), lat: z.number().optional(), lon: z.number().optional() })
        .nullable(),
      permalink: z.string().nullable(),
      attachments: z.array(z.strictObject({ id: z.uuid(), name: z.string(), mime: z.string().nullable() })),
      messages: z.int(),
      sourceStatus: z.strictObject({ code: z.string(), label: z.string().nullable(), at: instant }).nullable(),
      occurredAt: instant.nullable(),
      receivedAt: instant,
      lastActivityAt: instant,
    }),
  })
  .meta({ id: 'PublishedComplaint', title: 'kanal-aduan/complaint@1' });

export type PublishedComplaint = z.infer<typeof publishedComplaint>;
