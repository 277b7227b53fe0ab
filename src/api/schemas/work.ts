import { z } from 'zod';
import { KINDS, STATES, surface } from '#contract';
import { REFUSALS } from '../../core/refusal.ts';
import { DISMISSALS } from '../../core/routing.ts';
import { STEPS } from '../../flows/desk/steps.ts';
import {
  cursor,
  EXAMPLE,
  flag,
  id,
  instant,
  limit,
  many,
  optionalReason,
  queryInstant,
  reason,
  text,
} from './common.ts';
import { complaintSummary } from './complaint.ts';

const name = z.string().min(1).max(100);

export const inboxQuery = z.strictObject({
  channel: many(name),
  adapter: many(name),
  state: many(z.enum(STATES)),
  agency: many(name).meta({ description: '`none`: no agency yet' }),
  unit: many(name).meta({ description: '`none`: no unit yet' }),
  assignee: many(z.union([z.enum(['me', 'none']), z.uuid()])).meta({ description: '`me`, `none` or a user id' }),
  kind: many(z.enum(KINDS)),
  surface: many(surface),
  dismissedAs: many(z.enum(DISMISSALS)).meta({
    description: 'No complaint but praise, spam, a test or a post of our own',
  }),
  public: flag,
  reactionPending: flag.meta({ description: 'The citizen wrote after the answer' }),
  needsPerson: flag.meta({ description: 'Something that went out waits for a person' }),
  windowClosing: flag.meta({ description: 'The time to answer ends within 6 hours' }),
  from: queryInstant.optional().meta({ description: "Of the citizen's last activity; inclusive" }),
  to: queryInstant.optional().meta({ description: "Of the citizen's last activity; exclusive" }),
  q: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({
      description: 'Indonesian full text ("frasa", -bukan, or), or a ticket number with or without hyphens',
      examples: ['jalan berlubang'],
    }),
  cursor,
  limit: limit(),
});

const judgement = {
  reason: optionalReason,
  kind: z.enum(KINDS).optional(),
  category: text(200).optional(),
  agency: name.optional(),
  unit: name.optional(),
};
export const acceptBody = z
  .strictObject(judgement)
  .meta({ id: 'Acceptance', examples: [{ kind: 'complaint', agency: 'dpupr' }] });
const dismissal = {
  as: z.enum(DISMISSALS).optional().meta({ description: 'What it is instead; only with `dismiss`' }),
};
export const dismissBody = z
  .strictObject({ ...dismissal, reason: optionalReason })
  .meta({ id: 'Dismissal', examples: [{ as: 'praise', reason: 'Ucapan terima kasih' }] });
export const bulkBody = z
  .strictObject({ action: z.enum(['accept', 'dismiss']), ids: z.array(id).min(1).max(200), ...dismissal, ...judgement })
  .meta({ id: 'Bulk', examples: [{ action: 'dismiss', ids: [EXAMPLE.complaint] }] });
export const bulkResults = z
  .strictObject({
    results: z.array(
      z.strictObject({ id, ok: z.boolean(), code: z.enum(REFUSALS).optional(), detail: z.string().optional() }),
    ),
  })
  .meta({ id: 'BulkResults', examples: [{ results: [{ id: EXAMPLE.complaint, ok: true }] }] });

export const stepBody = z
  .strictObject({ step: z.enum(STEPS), reason: optionalReason })
  .meta({ id: 'Step', examples: [{ step: 'start' }] });
export const reasonBody = z
  .strictObject({ reason })
  .meta({ id: 'Reason', examples: [{ reason: 'Mohon sebutkan lokasi' }] });

const assignment = z.strictObject({ agency: name.nullable(), unit: name.nullable(), assignee: id.nullable() });
export const assignBody = z
  .strictObject({
    from: assignment.meta({ description: 'What you saw. When it is not so any more: `conflict`, and nothing changes' }),
    to: assignment,
    reason: optionalReason,
  })
  .meta({
    id: 'AssignOrder',
    examples: [
      {
        from: { agency: null, unit: null, assignee: null },
        to: { agency: 'dpupr', unit: 'bina-marga', assignee: EXAMPLE.user },
      },
    ],
  });

export const forwardBody = z
  .strictObject({
    channel: name.meta({ description: 'The channel of the portal; its `abilities` name `forward`' }),
    title: text(500).optional(),
    text: text(20_000).optional().meta({ description: "Absent: the citizen's own words" }),
  })
  .meta({ id: 'ForwardOrder', examples: [{ channel: 'lapor-bupati-kebumen' }] });
export const moderationBody = z
  .strictObject({ reason: optionalReason })
  .meta({ id: 'ModerationOrder', examples: [{ reason: 'Memuat nomor telepon orang lain' }] });
export const noteBody = z
  .strictObject({ text: text(20_000) })
  .meta({ id: 'NewNote', examples: [{ text: 'Sudah ditelepon, warga meminta foto perbaikan.' }] });
export const created = z.strictObject({ id }).meta({ id: 'Created', examples: [{ id: EXAMPLE.complaint }] });

export const mergeBody = z
  .strictObject({ into: id, reason })
  .meta({ id: 'Merge', examples: [{ into: EXAMPLE.complaint, reason: 'Jalan yang sama' }] });
export const suggestions = z
  .strictObject({
    items: z.array(
      z.strictObject({
        ...{ complaint: complaintSummary, channel: z.string(), channelLabel: z.string(), surface },
        title: z.string().nullable(),
        excerpt: z.string().meta({ description: 'At most 280 characters' }),
        permalink: z.string().nullable(),
        receivedAt: instant,
        score: z.number().min(0).max(1).meta({ description: 'How likely it is the same; the likeliest first' }),
        reasons: z
          .array(z.strictObject({ code: z.enum(['reporter', 'text', 'place']), label: z.string() }))
          .meta({ description: 'Why, in Indonesian' }),
      }),
    ),
  })
  .meta({
    id: 'DuplicateSuggestions',
    examples: [
      {
        items: [
          {
            complaint: {
              ...{ id: EXAMPLE.complaint, ticketNo: 'K7M-4QD-X2P', state: 'received', stateLabel: 'Diterima' },
              ...{ agency: 'dpupr', unit: null, assignee: null },
            },
            ...{ channel: 'wa-pemkab', channelLabel: 'WhatsApp Pemkab', surface: 'message', permalink: null },
            ...{ title: null, excerpt: 'Jalan depan SDN 2 berlubang', receivedAt: EXAMPLE.at, score: 0.81 },
            reasons: [
              { code: 'text', label: 'teks mirip 72 %' },
              { code: 'place', label: 'lokasi ± 300 m' },
            ],
          },
        ],
      },
    ],
  });
export const notDuplicateBody = z
  .strictObject({ of: id.meta({ description: 'The other complaint' }), reason: optionalReason })
  .meta({ id: 'NotDuplicate', examples: [{ of: EXAMPLE.complaint, reason: 'Jalan yang lain' }] });
export const unmergeBody = z.strictObject({ reason: optionalReason }).meta({ id: 'Unmerge', examples: [{}] });
const messages = z.array(id).min(1).max(200);
export const splitBody = z
  .strictObject({ messages, reason: optionalReason })
  .meta({ id: 'Split', examples: [{ messages: [EXAMPLE.message] }] });
export const moveBody = z
  .strictObject({ messages, to: id, reason: optionalReason })
  .meta({ id: 'MoveMessages', examples: [{ messages: [EXAMPLE.message], to: EXAMPLE.complaint }] });

export const draftBody = z
  .strictObject({
    text: text(100_000),
    messages: z.array(id).min(1).max(50).optional().meta({
      description: "The messages to answer, also of merged complaints; absent: the citizen's newest one",
    }),
    toAll: z.boolean().optional().meta({
      description: 'Answer what each reporter wrote last: of the complaint, and of those merged into it',
    }),
    texts: z.record(name, text(100_000)).optional().meta({
      description:
        'By channel, or by message: what is said there instead of `text`, such as something shorter. Approved together',
    }),
    attachments: z.array(id).max(20).optional().meta({ description: 'Uploaded before' }),
    privately: z.boolean().optional().meta({
      description: 'Answer what stands in public in private, where the platform knows that (once for each message)',
    }),
    through: name.optional().meta({
      description:
        'A channel that can write first (`abilities` name `reach`), such as SMS: the reporter is written to at the number or address that they left',
    }),
    submit: z.boolean().optional().meta({ description: 'Approve at once, where no second person is asked for' }),
  })
  .refine((draft) => !(draft.toAll && draft.messages), {
    path: ['toAll'],
    error: 'name the messages, or say toAll; not both',
  })
  .meta({
    id: 'NewDraft',
    examples: [
      { text: 'Terima kasih atas laporannya. Perbaikan dijadwalkan 27 November.', submit: true },
      {
        ...{ text: 'Terima kasih. Perbaikan dimulai 27 November dan selesai dalam seminggu.', toAll: true },
        texts: { 'x-pemkab': 'Terima kasih. Perbaikan dimulai 27 November.' },
      },
    ],
  });
export const draftResult = z
  .strictObject({
    id,
    number: z.int().meta({ description: 'The version' }),
    state: z.enum(['awaiting_approval', 'approved', 'returned', 'superseded']),
    warnings: z.array(z.string()).meta({ description: 'In Indonesian; they keep nobody back' }),
  })
  .meta({ id: 'DraftResult', examples: [{ id: EXAMPLE.draft, number: 1, state: 'approved', warnings: [] }] });
export const approvalResult = z.strictObject({ id, publications: z.array(id), complaint: complaintSummary }).meta({
  id: 'ApprovalResult',
  examples: [
    {
      id: EXAMPLE.draft,
      publications: [EXAMPLE.publication],
      complaint: {
        id: EXAMPLE.complaint,
        ticketNo: 'K7M-4QD-X2P',
        state: 'in_progress',
        stateLabel: 'Diproses',
        agency: 'dpupr',
        unit: null,
        assignee: null,
      },
    },
  ],
});

export const uploaded = z.strictObject({ id, name: z.string(), mime: z.string(), size: z.int() }).meta({
  id: 'Uploaded',
  examples: [{ id: EXAMPLE.item, name: 'perbaikan.jpg', mime: 'image/jpeg', size: 48_213 }],
});
