import { z } from 'zod';
import { type ChannelContext, duration, secret } from '#contract';
import { googleAddress } from '../_google/settings.ts';

/** A channel's file. `account` is the account's `open_id` (`_000…`), which every call names as `business_id`. */
export const settings = z.strictObject({
  clientId: z.string().min(1).meta({ description: 'App ID at business-api.tiktok.com' }),
  clientSecret: secret().meta({ description: 'Secret of the same app' }),
  refreshToken: secret().optional().meta({
    description: 'Not needed after "kanal channel connect"; only where a token was made by other means',
  }),
  apiBase: googleAddress('https://business-api.tiktok.com/open_api/v1.3'),
  authorizeUrl: googleAddress('https://www.tiktok.com/v2/auth/authorize').meta({
    description:
      'Consent screen, as the portal shows it ("TikTok account holder authorization URL"), without its query',
  }),
  webUrl: googleAddress('https://www.tiktok.com').meta({ description: 'Where people read; only for links' }),
  handle: z
    .string()
    .regex(/^@?[\w.]{1,40}$/, 'the name of the account, such as @pemkab')
    .transform((name) => name.replace(/^@/, ''))
    .optional()
    .meta({ description: 'Name of the account; only for links' }),
  maxChars: z.int().min(20).max(1_200).default(150).meta({
    description: 'Longest public reply. The app takes 150; the API is said to take 1,200 for some accounts',
  }),
  mention: z.boolean().default(true).meta({
    description: 'Begin an answer to a reply with @name: it stands below the first comment of the thread',
  }),
  mentions: z.boolean().default(false).meta({
    description:
      'Also read where others mention the account. A ranked sample, never all; needs the permission "Mentions"',
  }),
  messages: z.boolean().default(false).meta({
    description: 'Take business messages. Not for accounts of the EEA, Switzerland and the United Kingdom',
  }),
  history: duration().prefault('30d').meta({ description: 'How old a comment may be when the channel is new' }),
  videos: z.int().min(1).max(500).default(100).meta({ description: 'How many of the newest videos are watched' }),
  recheck: duration().prefault('1d').meta({
    description: 'How often all comments of a video are read, also when its counter says that nothing changed',
  }),
  lookFor: duration().prefault('10m').meta({
    description: 'A doubtful reply is looked for so long before it is sent again: its webhook may be five minutes late',
  }),
});
export type Settings = z.infer<typeof settings>;
export type Context = ChannelContext<Settings>;

/** An endpoint in `hub.yaml`. TikTok knows one address for each app, whatever the account. */
export const endpointSettings = z.strictObject({
  secrets: z.array(secret()).min(1).max(5).meta({ description: 'App secrets; two while one replaces the other' }),
  tolerance: duration().prefault('5m').meta({
    description: 'How old a signature may be. An older one that fits only makes the comments be read',
  }),
});
export type EndpointSettings = z.infer<typeof endpointSettings>;
