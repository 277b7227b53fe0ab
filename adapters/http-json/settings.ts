import { z } from 'zod';
import { type ChannelContext, duration, type SecretRef, secret, state } from '#contract';
import { isDateFormat, ZONE_NAMES } from './dates.ts';
import { PATH } from './path.ts';
import { request } from './requests.ts';

const path = () => z.string().max(300).regex(PATH, 'a path such as results.data: names with dots between them');
const paths = () =>
  z.union([path(), z.array(path()).min(1)]).transform((given) => (typeof given === 'string' ? [given] : given));

const format = z.string().refine(isDateFormat, {
  error:
    'bukan bentuk tanggal; tulis iso, unix, atau pola seperti "d-m-Y H:i:s" (24-11-2026 08:15:00) atau "dd MMMM yyyy HH:mm"',
});
const formats = z
  .union([format, z.array(format).min(1)])
  .transform((given) => (typeof given === 'string' ? [given] : given));
const zone = z.enum(ZONE_NAMES).default('WIB').meta({ description: 'Where a time names no zone of its own' });
const text = () => z.string().min(1).max(4_000);

/** How one field of a complaint is read: an expression, or the first of several that gives something. */
const field = z
  .union([
    text(),
    z.array(text()).min(1),
    z.strictObject({
      from: z
        .union([text(), z.array(text()).min(1)])
        .meta({ description: 'JSONata; of several, the first that gives something' }),
      html: z.literal('strip').optional().meta({ description: 'It is HTML: only its text counts' }),
      table: z.record(z.string(), z.string()).optional().meta({ description: "The portal's word: ours" }),
      default: z.string().optional().meta({ description: 'Where nothing is given, or the table does not know it' }),
      format: formats.optional(),
      zone: zone.optional(),
    }),
  ])
  .transform(
    (given): Field =>
      typeof given === 'string' || Array.isArray(given)
        ? { from: [given].flat() }
        : { ...given, from: [given.from].flat() },
  );

export interface Field {
  from: string[];
  html?: 'strip' | undefined;
  table?: Record<string, string> | undefined;
  default?: string | undefined;
  format?: string[] | undefined;
  zone?: string | undefined;
}

const tokenText = z
  .string()
  .regex(
    /^([A-Za-z][\w-]* )?\$\{[A-Z][A-Z0-9_]{0,63}\}$/,
    'a reference to a secret, such as ${SP4N_KEY} or "Bearer ${SP4N_KEY}"',
  )
  .transform((given) => {
    const at = given.indexOf('${');
    return { prefix: given.slice(0, at), ref: given.slice(at) as SecretRef };
  });

const auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('headers'), headers: z.record(z.string(), tokenText) }),
  z.strictObject({ kind: z.literal('bearer'), token: secret() }),
  z.strictObject({ kind: z.literal('basic'), user: text(), password: secret() }),
  z.strictObject({
    ...{
      kind: z.literal('oauth2'),
      tokenUrl: z.url({ protocol: /^https?$/ }),
      clientId: text(),
      clientSecret: secret(),
    },
    scope: text().optional(),
  }),
]);

const next = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }).meta({ description: 'Everything stands on one page' }),
  z.strictObject({
    ...{ kind: z.literal('page'), first: z.int().min(0).default(1), last: path().optional() },
    until: z.enum(['empty', 'short']).default('empty'),
  }),
  z.strictObject({ kind: z.literal('offset') }),
  z
    .strictObject({ kind: z.literal('link'), from: path() })
    .meta({ description: 'The answer holds the address of the next page' }),
  z
    .strictObject({ kind: z.literal('cursor'), from: path(), more: path().optional(), keep: z.boolean().default(true) })
    .meta({ description: 'The answer says where to go on; keep: that is also where the next poll begins' }),
]);

const since = z
  .strictObject({
    from: paths(),
    ...{ format: formats.prefault('iso'), zone },
    send: format.optional().meta({ description: 'How {{since}} is written; absent: as it is read' }),
    overlap: duration().prefault('10m'),
    order: z.enum(['oldest', 'newest', 'none']).default('oldest').meta({ description: 'Of the changes in the list' }),
  })
  .meta({ description: 'When a report changed last: where the next poll begins' });

const detail = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z]\w{0,30}$/)
    .default('detail'),
  ...{ request, item: path().optional().meta({ description: 'Where the report stands in the answer' }) },
});

const attachments = z.strictObject({
  from: path(),
  ...{ of: z.string().optional(), id: paths().optional(), name: paths().optional(), mime: paths().optional() },
  url: paths(),
});

const author = z.strictObject({
  ...{ id: field.optional(), name: field.optional(), phone: field.optional(), email: field.optional() },
  address: field.optional(),
});

const map = z.strictObject({
  text: field,
  ...{ title: field.optional(), at: field.optional(), anonymous: field.optional(), secret: field.optional() },
  ...{ kind: field.optional(), category: field.optional(), location: field.optional(), lat: field.optional() },
  ...{ lon: field.optional(), occurredAt: field.optional(), permalink: field.optional(), rating: field.optional() },
  ticket: field.optional().meta({ description: 'The number by which people there know it' }),
  ours: field.optional().meta({ description: 'The key of a report that we created there, where the portal keeps it' }),
  author: author.optional(),
  ref: z.record(z.string(), field).default({}).meta({ description: 'What requests need later, as {{ref.name}}' }),
  attachments: attachments.optional(),
});

const status = z.strictObject({
  from: paths(),
  label: field.optional(),
  at: field.optional(),
  table: z.record(z.string(), state).default({}).meta({ description: "The portal's status: ours" }),
  hold: z
    .array(z.string())
    .default([])
    .meta({ description: 'Statuses that are known and say nothing about our state' }),
});

const entries = z.strictObject({
  from: path(),
  of: z.string().optional().meta({ description: 'The name of the detail that holds them; absent: the report' }),
  id: paths(),
  type: field.meta({ description: 'ours, citizen or ignore' }),
  text: field,
  ...{ at: field.optional(), author: author.optional(), key: field.optional() },
  attachments: attachments.optional(),
});

const look = z.strictObject({
  request,
  items: path(),
  id: paths().optional(),
  key: paths().optional().meta({ description: 'Where our key stands' }),
  match: z.record(z.string(), z.string()).default({}).meta({ description: 'Path: the text that must stand there' }),
  ...{ text: paths().optional(), html: z.literal('strip').optional() },
  at: z.strictObject({ from: paths(), format: formats.prefault('iso'), zone }).optional(),
});
export type Look = z.infer<typeof look>;

/** What the portal answers when it has taken something, and how it is found again. */
const sending = z.strictObject({
  request,
  id: paths().optional().meta({ description: 'Where the id stands that proves it' }),
  reference: paths().optional().meta({ description: 'Where the number stands by which people there know it' }),
  permalink: text().optional().meta({ description: 'An address with {{id}}, {{answerId}} or {{reference}}' }),
  ok: z.strictObject({ from: path(), is: z.array(z.string()).min(1) }).optional(),
  refused: z.strictObject({ from: path(), is: z.array(z.string()).min(1) }).optional(),
  lookup: look.optional(),
});
export type Sending = z.infer<typeof sending>;

const files = z.strictObject({
  maxCount: z.int().min(1).max(20).default(5),
  maxBytes: z
    .int()
    .min(1)
    .default(10 * 1024 * 1024),
  mimes: z.array(z.string()).min(1).default(['image/jpeg', 'image/png', 'application/pdf']),
  upload: z
    .strictObject({ request, field: text(), id: paths() })
    .optional()
    .meta({ description: 'Each file goes first, by a request of its own; {{files}} are their ids' }),
  field: text().optional().meta({ description: 'The name of a file in a multipart reply; {{n}} counts from 0' }),
});

const refusing = sending.extend({ states: z.array(state).min(1).default(['out_of_scope']) });

const send = z.strictObject({
  idempotency: z.enum(['native', 'lookup', 'none']).default('none'),
  keyHeader: z.string().default('Idempotency-Key').meta({ description: 'native: the header that carries our key' }),
  settleAfter: duration().prefault('10s'),
  lookFor: duration().prefault('1m').meta({ description: 'lookup: so long is searched before it counts as absent' }),
  maxChars: z.int().min(1).max(100_000).default(5_000),
  files: files.optional(),
  reply: sending.optional(),
  status: sending.extend({ table: z.partialRecord(state, z.string()) }).optional(),
  refuse: refusing.optional().meta({ description: 'Bukan wewenang' }),
  create: sending.optional().meta({ description: 'Forwarding: creates a report' }),
});

const errors = z.partialRecord(
  z.string().regex(/^[1-5]\d\d$/),
  z.enum(['retry', 'throttled', 'auth', 'content', 'window', 'gone', 'forbidden', 'unsupported', 'invalid']),
);

const clean = (url: string): string => new URL(url).href.replace(/\/+$/, '');

/** A channel's file: everything that is particular to one portal. */
export const settings = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).transform(clean),
  timeout: duration().prefault('20s'),
  headers: z.record(z.string(), z.string()).default({}),
  auth: auth.default({ kind: 'none' }),
  errors: errors.default({}).meta({ description: 'What an HTTP status means here, where it is not as usual' }),
  rate: z
    .strictObject({ perMinute: z.int().min(1).optional(), concurrency: z.int().min(1).max(16).default(2) })
    .prefault({}),
  list: z.strictObject({
    request,
    items: path().meta({ description: 'Where the list stands in the answer' }),
    id: paths(),
    version: paths().optional().meta({ description: 'What changes whenever the report does' }),
    size: z.int().min(1).max(500).default(50).meta({ description: '{{size}}, the most reports on a page' }),
  }),
  next: next.default({ kind: 'none' }),
  since: since.optional(),
  details: z.array(detail).max(5).default([]),
  withdrawn: z.strictObject({ from: path(), is: z.array(z.string()).min(1) }).optional(),
  map,
  status: status.optional(),
  entries: z.array(entries).max(5).default([]),
  tables: z
    .record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])))
    .default({})
    .meta({ description: 'For {{value|table:name}}' }),
  probe: request.optional().meta({ description: 'A request that changes nothing; absent: the list' }),
  send: send.prefault({}),
});
export type Settings = z.infer<typeof settings>;
export type Context = ChannelContext<Settings>;
export type Entries = Settings['entries'][number];
export type Attachments = z.infer<typeof attachments>;
