import { z } from 'zod';
import { type ChannelContext, duration, secret } from '#contract';

/** An http or https address without a slash at its end; the real one unless a file says otherwise. */
const address = (real: string) =>
  z
    .url({ protocol: /^https?$/ })
    .transform((url) => new URL(url).href.replace(/\/+$/, ''))
    .prefault(real);

const usd = (real: number, description: string) =>
  z
    .number()
    .min(0)
    .max(1_000)
    .default(real)
    .meta({ description: `US dollars: ${description}` });

/** X API, "Pricing" (pay per use). */
const prices = z
  .strictObject({
    ownedRead: usd(0.001, 'a post read from our own mentions or timeline'),
    postRead: usd(0.005, 'any other post that is read'),
    userRead: usd(0.01, 'a user that is read'),
    includedUser: usd(0, 'a user that comes along with a post; whether X charges for it is not documented'),
    dmRead: usd(0.01, 'a direct message that is read'),
    reply: usd(0.01, 'a reply to a post that mentions us'),
    post: usd(0.015, 'any other post of ours, such as the next part of a long answer'),
    postWithUrl: usd(0.2, 'a post of ours with an address in it'),
    dm: usd(0.015, 'a direct message of ours'),
  })
  .prefault({});

const cost = z
  .strictObject({
    monthly: z.number().min(0).max(1_000_000).nullable().default(50).meta({
      description: 'US dollars that may be spent in a month; null: no cap',
    }),
    replies: z.number().min(0).max(1_000_000).default(35).meta({
      description: 'US dollars of them that reading leaves for answers',
    }),
    startDay: z
      .int()
      .min(1)
      .max(28)
      .default(1)
      .meta({ description: 'The day (UTC) on which the month of the bill begins' }),
    prices,
  })
  .prefault({});

const userId = z.string().regex(/^\d{1,20}$/);

const shape = z.strictObject({
  username: z
    .string()
    .regex(/^\w{1,15}$/)
    .meta({ description: 'The account’s handle, without @' }),
  consumerKey: secret().optional().meta({ description: 'OAuth 1.0a: API key of the app' }),
  consumerSecret: secret().optional().meta({ description: 'OAuth 1.0a: API key secret of the app' }),
  accessToken: secret().optional().meta({ description: 'OAuth 1.0a: access token of the account' }),
  accessSecret: secret().optional().meta({ description: 'OAuth 1.0a: access token secret of the account' }),
  clientId: z.string().min(1).optional().meta({ description: 'OAuth 2.0: client id of the app' }),
  clientSecret: secret().optional().meta({ description: 'OAuth 2.0: client secret, of a confidential client' }),
  refreshToken: secret().optional().meta({
    description: 'OAuth 2.0: the refresh token given with consent. Only the first one: X gives a new one with each use',
  }),
  bearer: secret().optional().meta({ description: 'App-only token; needed to look after the webhook' }),
  webhook: userId
    .optional()
    .meta({ description: 'Id of the webhook at X, to be made valid again when X has switched it off' }),
  apiBase: address('https://api.x.com'),
  webUrl: address('https://x.com').meta({ description: 'Where people read; only for links' }),
  authorizeUrl: address('https://x.com/i/oauth2/authorize').meta({ description: 'Where an administrator consents' }),
  search: z.array(z.string().min(1).max(512)).max(5).default([]).meta({
    description: 'Queries of the last seven days that are read as well, such as "@pemkab -is:retweet"',
  }),
  skip: z
    .array(z.enum(['quotes', 'replies']))
    .default([])
    .meta({
      description: 'What mentions us and is not taken: quote posts, replies to somebody else',
    }),
  directMessages: z.boolean().default(false).meta({ description: 'Read and answer direct messages' }),
  answerAny: z.boolean().default(false).meta({
    description:
      'X lets this app answer any post (Enterprise, Public Utility), not only posts that mention or quote us',
  }),
  maxChars: z
    .int()
    .min(280)
    .max(25_000)
    .default(280)
    .meta({ description: 'Longest post, as X counts; more with Premium' }),
  maxParts: z
    .int()
    .min(1)
    .max(25)
    .default(5)
    .meta({ description: 'The most posts that one answer may be divided into' }),
  overlap: duration()
    .prefault('45m')
    .meta({ description: 'How far back each look goes again: X lists some posts late' }),
  lookBack: duration().prefault('7d').meta({ description: 'How far back the very first look goes' }),
  recheckFor: duration().prefault('3d').meta({
    description:
      'How long it is looked after whether a post was deleted, as far as the month has money to spare; 0s: not at all',
  }),
  recheckEvery: duration().prefault('24h').meta({ description: 'How often that is looked after' }),
  lookFor: duration()
    .prefault('5m')
    .meta({ description: 'A doubtful reply is looked for so long before it is sent again' }),
  cost,
});

const OAUTH1 = ['consumerKey', 'consumerSecret', 'accessToken', 'accessSecret'] as const;

/** A channel's file. `account` is the id of the account, in figures. */
export const settings = shape.superRefine((given, ctx) => {
  const missing = OAUTH1.filter((name) => given[name] === undefined);
  if (missing.length === 0 || given.clientId) return;
  const message =
    missing.length < OAUTH1.length
      ? 'OAuth 1.0a needs all of consumerKey, consumerSecret, accessToken, accessSecret'
      : 'give clientId (OAuth 2.0), or consumerKey, consumerSecret, accessToken and accessSecret (OAuth 1.0a)';
  ctx.addIssue({ code: 'custom', path: [missing[0] ?? 'clientId'], message });
});

export type Settings = z.infer<typeof shape>;
export type Context = ChannelContext<Settings>;
