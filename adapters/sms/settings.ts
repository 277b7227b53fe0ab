import { z } from 'zod';
import { type ChannelContext, duration, REFUSAL_REASONS, secret } from '#contract';
import { condition, messageFields, path, words } from './fields.ts';
import { FORMS } from './phones.ts';

const header = () => z.string().regex(/^[A-Za-z][\w-]*$/, 'a name of a header, such as X-Api-Key');
const template = z.string().max(2_000);

/** Never in an address: those stand in the logs of every machine on the way. */
const auth = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer'), token: secret() }),
  z.strictObject({ kind: z.literal('basic'), user: z.string().min(1), password: secret() }),
  z.strictObject({ kind: z.literal('headers'), headers: z.record(header(), secret()) }),
  z.strictObject({
    kind: z.literal('body'),
    fields: z.record(z.string(), secret()).meta({ description: 'Fields of every request; each must be a POST' }),
  }),
]);

const request = {
  path: z.string().regex(/^\/[^?#\s]*$/, 'a path below baseUrl, such as /sms; the query stands in `query`'),
  query: z.record(z.string(), template).default({}),
  headers: z.record(header(), z.string()).default({}).meta({ description: 'Further headers, without secrets' }),
  body: z.enum(['json', 'form']).default('json').meta({ description: 'How `fields` are written' }),
  fields: z
    .record(z.string(), z.union([template, z.number(), z.boolean()]))
    .default({})
    .meta({ description: 'Fields of the body; in JSON, dots make members: messages.0.to' }),
};
const reading = { ...request, method: z.enum(['GET', 'POST']).default('GET') };

const code = z
  .strictObject({
    http: z.int().min(200).max(499).optional().meta({ description: 'The HTTP status' }),
    at: path().optional(),
    is: words().optional(),
    means: z.enum(['auth', 'throttled', ...REFUSAL_REASONS]),
  })
  .refine(({ http, at, is }) => (at === undefined) === (is === undefined) && (http ?? at) !== undefined, {
    message: 'write `http`, or `at` with `is`, or both',
  });

const answer = z.strictObject({
  id: path().meta({ description: 'Where the id of the message stands. A 2xx without it is in doubt' }),
  success: condition.optional().meta({ description: 'What the answer says when it was taken. Else it is in doubt' }),
  codes: z.array(code).default([]).meta({ description: 'What a 2xx or 4xx means by its content; the first that fits' }),
});

const common = {
  maxParts: z.int().min(1).max(10).default(4).meta({ description: 'How many SMS one answer may become' }),
  plainText: z.boolean().default(true).meta({
    description: 'Curly quotes, dashes and hard spaces go out as people type them, where that saves UCS-2',
  }),
  utcOffset: z
    .string()
    .regex(/^[+-]\d\d:\d\d$/, 'an offset such as +07:00 (WIB), +08:00 (WITA) or +09:00 (WIT)')
    .default('+07:00')
    .meta({ description: 'The zone of times that name none' }),
};

const gateway = z.strictObject({
  via: z.literal('gateway'),
  ...common,
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url).href.replace(/\/+$/, ''))
    .meta({ description: "The address of the gateway's API, without a query" }),
  auth: auth.default({ kind: 'none' }),
  from: z.string().max(50).optional().meta({ description: 'What {from} is; without it the account' }),
  numbers: z.enum(FORMS).default('e164').meta({ description: '+62812..., 62812... or 0812...' }),
  codings: z
    .strictObject({ gsm: z.string(), ucs2: z.string() })
    .default({ gsm: '0', ucs2: '8' })
    .meta({ description: 'What {coding} is, for gateways that must be told' }),
  timeout: duration().prefault('20s'),
  settleAfter: duration().prefault('30s').meta({ description: 'How soon a look-up surely sees what was taken' }),
  send: z.strictObject({ ...request, method: z.enum(['POST', 'PUT']).default('POST'), answer }),
  lookup: z
    .strictObject({
      ...reading,
      items: path().default('').meta({ description: 'Where the list stands; a single entry is a list of one' }),
      key: path().meta({ description: 'Where our {key} stands in an entry' }),
      id: path(),
    })
    .optional()
    .meta({ description: 'Asks for a message by our {key}. Without it a person settles doubtful sends' }),
  inbox: z
    .strictObject({
      ...reading,
      items: path().default(''),
      message: messageFields,
      next: path().optional().meta({ description: 'Where the answer names the next {cursor}' }),
      last: path().optional().meta({ description: 'Or: where each message holds it; its newest is asked for again' }),
      start: z.string().optional().meta({ description: '{cursor} of the very first poll' }),
      size: z.int().min(1).max(1_000).default(100).meta({ description: 'What {size} is: messages on a page' }),
    })
    .refine(({ next, last }) => (next === undefined) !== (last === undefined), {
      message: 'write `next` or `last`: one of the two says where to go on',
    })
    .optional()
    .meta({ description: 'Messages are fetched. Without it they come by webhook alone' }),
  check: z
    .strictObject({
      ...reading,
      balance: path().optional(),
      warnBelow: z.number().optional().meta({ description: 'Warns when the balance is lower' }),
    })
    .optional()
    .meta({ description: 'A request that changes nothing, such as the balance' }),
});
export type Gateway = z.infer<typeof gateway>;

const folder = () => z.string().regex(/^\/.*[^/]$|^\/$/, 'a folder from the root, such as /var/spool/gammu/inbox');

/** The folders as in `gammu-smsdrc`, service `files`. */
const gammu = z.strictObject({
  via: z.literal('gammu'),
  ...common,
  inbox: folder().meta({ description: 'InboxPath' }),
  outbox: folder().meta({ description: 'OutboxPath' }),
  sent: folder().meta({ description: 'SentSMSPath; not the outbox' }),
  error: folder().meta({ description: 'ErrorSMSPath; neither outbox nor sent' }),
  done: folder().optional().meta({ description: 'Where read messages go; without it the folder `done` in the inbox' }),
  charset: z.string().default('utf-8').meta({ description: 'Of files that do not begin with a byte order mark' }),
  settle: duration().prefault('5s').meta({ description: 'A file that was written so lately may still grow' }),
  partsWait: duration().prefault('10m').meta({ description: 'So long is waited for an earlier part' }),
  keep: duration().prefault('7d').meta({ description: 'So long nobody takes files out of `sent` and `error`' }),
  stuckAfter: duration().prefault('15m').meta({ description: 'The modem is said to stand still after so long' }),
});
export type Gammu = z.infer<typeof gammu>;

/** A channel's file. `account` is our number as citizens dial it, in E.164, or the short code. */
export const settings = z.discriminatedUnion('via', [gateway, gammu]);
export type Settings = z.infer<typeof settings>;
export type Context = ChannelContext<Settings>;
export type GatewayContext = ChannelContext<Gateway>;
export type GammuContext = ChannelContext<Gammu>;

export const isGateway = (ctx: Context): ctx is GatewayContext => ctx.settings.via === 'gateway';
export const isGammu = (ctx: Context): ctx is GammuContext => ctx.settings.via === 'gammu';
