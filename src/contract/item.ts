import { z } from 'zod';
import { state } from './state.ts';

/** Where anyone can read along. What stands here waits as `new` until a person or a rule judges it. */
export const PUBLIC_SURFACES = ['comment', 'mention', 'review', 'post'] as const;
/** What reaches only us. It is a complaint at once. */
export const PRIVATE_SURFACES = ['message', 'mail', 'report', 'form', 'call', 'letter'] as const;
export const SURFACES = [...PUBLIC_SURFACES, ...PRIVATE_SURFACES] as const;

export const surface = z.enum(SURFACES).meta({ description: 'Where the citizen wrote' });
export type Surface = z.infer<typeof surface>;

export const isPublic = (where: Surface): boolean => (PUBLIC_SURFACES as readonly string[]).includes(where);

export const KINDS = ['complaint', 'aspiration', 'information_request'] as const;

/** A platform's own id. Opaque: only the adapter looks inside. */
const platformId = z.string().min(1).max(1_000);
const instant = z.iso.datetime({ offset: true }).meta({ description: 'Instant, ISO 8601 with offset' });

/** JSON as it is stored. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
const json: z.ZodType<Json> = z.json();

export const author = z
  .strictObject({
    id: platformId.optional().meta({ description: "The platform's id of the person; opaque" }),
    name: z.string().max(500).optional(),
    handle: z.string().max(200).optional(),
    phone: z.string().max(50).optional(),
    email: z.string().max(320).optional(),
    address: z.string().max(2_000).optional(),
  })
  .meta({ id: 'Author', description: 'Who wrote. Stored encrypted; the name is public only where it already was' });
export type Author = z.infer<typeof author>;

export const attachmentSource = z
  .strictObject({
    name: z.string().max(1_000).optional(),
    mime: z.string().max(200).optional(),
    size: z.int().nonnegative().optional().meta({ description: 'Bytes, as announced' }),
    url: z.url().max(4_000).optional().meta({ description: 'Fetched at once, without credentials' }),
    ref: json.optional().meta({ description: "Fetched with the adapter's `media`" }),
    base64: z.string().optional().meta({ description: 'The content itself' }),
    inside: json.optional().meta({ description: "Inside the raw item; taken out of it with the adapter's `extract`" }),
  })
  .meta({ id: 'AttachmentSource', description: 'An attachment: exactly one of url, ref, base64 or inside' });
export type AttachmentSource = z.infer<typeof attachmentSource>;

const about = { objectId: platformId, at: instant };

/** Something that was written: by a citizen, or (`fromUs`) by our own account. */
export const messageItem = z.strictObject({
  type: z.literal('message'),
  ...about,
  edited: z.boolean().optional().meta({
    description: 'This is a later version of the object; `at` is the time of the edit. The newer event time wins',
  }),
  threadId: platformId.meta({
    description: 'Names the conversation; messages of one thread may belong to one complaint',
  }),
  parentId: platformId.optional().meta({ description: 'The message this one answers or quotes' }),
  ticketNo: z.string().max(50).optional().meta({
    description:
      'Our ticket number, where the writer names one. Counts only if this author wrote in that complaint before',
  }),
  claimed: z.boolean().optional().meta({
    description:
      'Thread and parent are what the writer says, and anyone can say so: by `parentId` it joins only where this author wrote before, and by `threadId` a stranger is marked as one',
  }),
  surface,
  fromUs: z
    .boolean()
    .optional()
    .meta({ description: 'Written by our own account: an echo, or an answer outside the hub' }),
  publicationKey: z.string().max(200).optional().meta({ description: 'On an echo: the key that the reply carried' }),
  automated: z.boolean().optional().meta({ description: 'Auto-reply, bounce or list mail: never acknowledged' }),
  unsure: z.boolean().optional().meta({
    description: 'May be no complaint at all, such as suspected spam: waits as `new` until a person judges it',
  }),
  author: author.optional(),
  verified: z.boolean().optional().meta({
    description: 'Is it proven that the author is who they say? Absent: nobody looked',
  }),
  title: z.string().max(2_000).optional(),
  text: z.string().max(2_000_000),
  full: z
    .strictObject({ text: z.string().max(2_000_000), html: z.string().max(2_000_000).optional() })
    .optional()
    .meta({
      description:
        'Everything, where `text` leaves out what was quoted. The hub takes out of `html` what runs or loads anything',
    }),
  attachments: z.array(attachmentSource).max(200).optional(),
  permalink: z.url().max(4_000).optional(),
  context: z
    .strictObject({
      post: z.strictObject({ text: z.string().optional(), permalink: z.url().optional() }).optional(),
      parent: z.strictObject({ text: z.string().optional(), author: z.string().optional() }).optional(),
    })
    .optional()
    .meta({ description: 'What a public item stands under' }),
  rating: z.int().min(1).max(5).optional(),
  kind: z.enum(KINDS).optional(),
  category: z.string().max(200).optional(),
  location: z
    .strictObject({
      text: z.string().max(2_000).optional(),
      lat: z.number().min(-90).max(90).optional(),
      lon: z.number().min(-180).max(180).optional(),
    })
    .optional(),
  occurredAt: instant.optional(),
  anonymous: z.boolean().optional().meta({ description: "The reporter's identity is hidden" }),
  secret: z.boolean().optional().meta({ description: 'The content is not published' }),
  ref: json.optional().meta({ description: 'What the adapter needs to answer here; opaque to the hub' }),
});

/** The object is gone at the platform. Final: a later edit of it changes nothing. */
export const deletionItem = z.strictObject({ type: z.literal('deletion'), ...about });

/** The platform's own status of a report, kept verbatim beside ours. */
export const statusItem = z.strictObject({
  type: z.literal('status'),
  ...about,
  code: z.string().max(200),
  label: z.string().max(500).optional(),
  state: state.optional().meta({
    description: 'What it means in our states. Moves the complaint where that is a step on, never back',
  }),
  unknown: z.boolean().optional().meta({
    description: "The channel's file does not say what this code means: kept word for word, and operators are told",
  }),
});

/** What became of something we published; `objectId` is the published id, or `publicationKey` names it. */
export const receiptItem = z.strictObject({
  type: z.literal('receipt'),
  ...about,
  publicationKey: z.string().max(200).optional().meta({
    description: 'The key that the reply carried, where the platform may know it by another id',
  }),
  state: z.enum(['sent', 'delayed', 'delivered', 'read', 'visible', 'rejected', 'removed', 'failed']).meta({
    description: 'With `publicationKey`, each of them proves that the platform has taken the reply',
  }),
  reason: z.string().max(1_000).optional(),
});

/** The one item format, `kanal-aduan/item@1`: what every adapter's `normalise` gives back. */
export const item = z
  .discriminatedUnion('type', [messageItem, deletionItem, statusItem, receiptItem])
  .meta({ id: 'Item', title: 'kanal-aduan/item@1' });

export type Item = z.infer<typeof item>;
export type MessageItem = z.infer<typeof messageItem>;
export type DeletionItem = z.infer<typeof deletionItem>;
export type StatusItem = z.infer<typeof statusItem>;
export type ReceiptItem = z.infer<typeof receiptItem>;
