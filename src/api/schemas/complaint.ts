import { z } from 'zod';
import { KINDS, STATES, surface } from '#contract';
import { DISMISSALS } from '../../core/routing.ts';
import { ACTIONS } from '../../core/workflow.ts';
import { EXAMPLE, id, instant, nextCursor } from './common.ts';
import { publication } from './publication.ts';

const person = z.strictObject({ id, name: z.string() });
const json = z.unknown().meta({ description: 'Any JSON' });

const summaryShape = {
  id,
  ticketNo: z.string().nullable().meta({ description: 'null while `new`' }),
  state: z.enum(STATES),
  stateLabel: z.string(),
  agency: z.string().nullable(),
  unit: z.string().nullable(),
};
const summaryExample = {
  id: EXAMPLE.complaint,
  ticketNo: 'K7M-4QD-X2P',
  state: 'received',
  stateLabel: 'Diterima',
  agency: 'dpupr',
  unit: null,
};

export const complaintSummary = z.strictObject({ ...summaryShape, assignee: z.string().nullable() }).meta({
  id: 'ComplaintSummary',
  description: 'How a complaint stands now',
  examples: [{ ...summaryExample, assignee: null }],
});

const itemShape = {
  ...summaryShape,
  assignee: person.nullable(),
  channel: z.string(),
  channelLabel: z.string(),
  adapter: z.string(),
  surface,
  public: z.boolean().meta({ description: 'Anyone can read along where it stands' }),
  title: z.string().nullable(),
  author: z
    .string()
    .nullable()
    .meta({ description: 'Only where the name is public already, never for an anonymous report' }),
  kind: z.enum(KINDS).nullable(),
  category: z.string().nullable(),
  flags: z.strictObject({
    anonymous: z.boolean(),
    secret: z.boolean(),
    sensitive: z.boolean(),
    reactionPending: z.boolean().meta({ description: 'The citizen wrote after the answer; a person decides' }),
  }),
  rating: z.int().nullable(),
  dismissal: z
    .strictObject({ as: z.enum(DISMISSALS), label: z.string(), rule: z.string().nullable() })
    .nullable()
    .meta({ description: 'Of `not_complaint`: what it is instead, and the rule that said so (null: a person)' }),
  messages: z.int(),
  permalink: z.string().nullable(),
  context: json.meta({ description: 'What a public item stands under: the post, the parent comment' }),
  receivedAt: instant,
  lastActivityAt: instant,
  replyWindow: z.strictObject({ until: instant }).nullable().meta({ description: 'When the time to answer ends' }),
};
const itemExample = {
  ...summaryExample,
  assignee: { id: EXAMPLE.user, name: 'Siti Rahayu' },
  channel: 'fb-pemkab',
  channelLabel: 'Facebook Pemkab',
  adapter: 'facebook',
  surface: 'comment',
  public: true,
  title: 'Jalan berlubang di depan SDN 2',
  author: 'Budi Santoso',
  kind: 'complaint',
  category: null,
  flags: { anonymous: false, secret: false, sensitive: false, reactionPending: false },
  rating: null,
  dismissal: null,
  messages: 1,
  permalink: 'https://contoh.example/posting/1?comment=2',
  context: { post: { text: 'Perbaikan jalan tahap 2' } },
  receivedAt: EXAMPLE.at,
  lastActivityAt: EXAMPLE.at,
  replyWindow: null,
};

export const complaintItem = z
  .strictObject({
    ...itemShape,
    excerpt: z.string().meta({ description: 'At most 280 characters' }),
    attachments: z.int(),
    publication: z
      .strictObject({ state: z.string(), label: z.string(), needsPerson: z.boolean() })
      .nullable()
      .meta({ description: 'The newest publication' }),
  })
  .meta({
    id: 'ComplaintItem',
    examples: [
      { ...itemExample, excerpt: 'Jalan berlubang di depan SDN 2, sudah seminggu.', attachments: 1, publication: null },
    ],
  });

export const inboxPage = z.strictObject({ items: z.array(complaintItem), nextCursor }).meta({
  id: 'InboxPage',
  examples: [{ items: [], nextCursor: null }],
});

const attachment = z.strictObject({
  id,
  name: z.string(),
  mime: z.string().nullable(),
  size: z.int().nullable(),
  state: z.enum(['waiting', 'stored', 'failed', 'refused']),
  reason: z.string().nullable(),
});

const message = z.strictObject({
  id,
  direction: z.enum(['in', 'out']),
  channel: z.string(),
  surface,
  threadId: z.string().meta({ description: 'The same for messages of one conversation; where it is private, a hash' }),
  parentId: z.string().nullable().meta({ description: 'What it answers; where it is private, a hash' }),
  title: z.string().nullable(),
  text: z.string(),
  author: z.string().nullable(),
  automated: z.boolean(),
  stranger: z.boolean().meta({ description: 'Joined by a reference to us, from someone who never wrote here before' }),
  verified: z.boolean().nullable().meta({ description: 'Is it proven that the author is who they say? null: unknown' }),
  full: json.meta({
    description: 'What `text` leaves out, such as quoted mails: `{ text, html }`, cleaned; null: nothing',
  }),
  outsideHub: z.boolean().meta({ description: 'Answered by our account without the hub (dijawab di luar hub)' }),
  publication: id.nullable(),
  permalink: z.string().nullable(),
  at: instant,
  edited: z.boolean(),
  versions: z.int().meta({ description: 'How many versions are kept' }),
  deletedAt: instant.nullable(),
  attachments: z.array(attachment),
});

const draft = z.strictObject({
  id,
  number: z.int(),
  state: z.enum(['awaiting_approval', 'approved', 'returned', 'superseded']),
  text: z.string(),
  targets: z.array(
    z.strictObject({
      ...{ channelId: z.string(), messageId: id, privately: z.literal(true).optional() },
      text: z.string().optional().meta({ description: 'Said there instead of the text' }),
    }),
  ),
  attachments: z.array(id),
  author: person,
  createdAt: instant,
  approval: z.strictObject({ by: person, at: instant }).nullable(),
});

const event = z.strictObject({
  id,
  seq: z.int(),
  at: instant,
  actor: z.string(),
  type: z.string(),
  data: json,
  reason: z.string().nullable(),
});

const reporter = z.strictObject({
  hidden: z
    .enum(['anonymous', 'role', 'none'])
    .nullable()
    .meta({ description: 'Why there is no contact: an anonymous report, your role, or nothing is known' }),
  contact: json.nullable().meta({ description: 'Name, phone, e-mail, address. Each reading is recorded' }),
});

export const complaintDetail = z
  .strictObject({
    ...itemShape,
    text: z.string(),
    threadId: z.string(),
    location: json,
    sourceStatus: json,
    occurredAt: instant.nullable(),
    recordedAt: instant,
    answeredAt: instant.nullable(),
    closedAt: instant.nullable(),
    mergedInto: id.nullable(),
    duplicates: z.array(z.strictObject({ id, ticketNo: z.string().nullable(), channel: z.string() })),
    reporter,
    messages: z.array(message),
    uploads: z.array(attachment).meta({ description: 'Files uploaded for answers' }),
    drafts: z.array(draft),
    publications: z.array(publication),
    notes: z.array(z.strictObject({ id, author: person, text: z.string(), at: instant })),
    events: z.array(event),
    actions: z.array(z.enum(ACTIONS)).meta({ description: 'Moves that are legal in this state' }),
    approval: z.strictObject({ required: z.boolean(), by: z.array(z.string()) }),
  })
  .meta({
    id: 'Complaint',
    examples: [
      {
        ...{ ...itemExample, messages: [] },
        text: 'Jalan berlubang di depan SDN 2, sudah seminggu.',
        threadId: '1_2',
        location: null,
        sourceStatus: null,
        occurredAt: null,
        recordedAt: EXAMPLE.at,
        answeredAt: null,
        closedAt: null,
        mergedInto: null,
        duplicates: [],
        reporter: { hidden: 'none', contact: null },
        uploads: [],
        drafts: [],
        publications: [],
        notes: [],
        events: [],
        actions: ['start', 'close', 'withdraw', 'return', 'reject', 'merge', 'dismiss'],
        approval: { required: true, by: ['agency_head'] },
      },
    ],
  });

export type ComplaintItem = z.infer<typeof complaintItem>;
export type ComplaintDetail = z.infer<typeof complaintDetail>;
export type ComplaintSummary = z.infer<typeof complaintSummary>;

export const briefText = z.strictObject({ text: z.string() }).meta({
  id: 'Brief',
  examples: [{ text: '*Aduan K7M-4QD-X2P*\nDiterima 24 November 2026 09.15 WIB lewat WhatsApp\n\nJalan berlubang' }],
});
