import { z } from 'zod';
import { type ChannelContext, duration } from '#contract';
import { googleAddress, googleSettings } from '../_google/settings.ts';

const number = z.string().regex(/^\d{1,30}$/, 'digits only, in quotes');

const place = z.strictObject({
  id: number.meta({ description: 'Number after `locations/` in Business Profile' }),
  name: z.string().min(1).max(200).optional().meta({ description: 'What officers call the place' }),
});

/** A channel's file. `account` is the number after `accounts/` in Business Profile. */
export const settings = z.strictObject({
  ...googleSettings,
  locations: z
    .array(place)
    .min(1)
    .max(500)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'a location stands here twice')
    .meta({ description: 'The places of this account whose reviews are read' }),
  apiBase: googleAddress('https://mybusiness.googleapis.com').meta({ description: 'Reviews (My Business API v4)' }),
  infoBase: googleAddress('https://mybusinessbusinessinformation.googleapis.com').meta({
    description: 'Business Information API v1, to check the locations',
  }),
  noticeBase: googleAddress('https://mybusinessnotifications.googleapis.com').meta({
    description: 'Notifications API v1, only with `topic`',
  }),
  topic: z
    .string()
    .regex(/^projects\/[^/]+\/topics\/[^/]+$/, 'projects/<project>/topics/<topic>')
    .optional()
    .meta({ description: 'Pub/Sub topic that Google is to tell of reviews; kept set up' }),
  batch: z.boolean().default(false).meta({
    description:
      'Read up to 50 locations with one request. Finds new reviews only if Google orders them across locations',
  }),
  overlap: duration().prefault('1d').meta({ description: 'How far behind the newest review each poll looks again' }),
  history: duration().prefault('30d').meta({ description: 'How old a review may be when the channel is new' }),
  fullEvery: duration()
    .prefault('7d')
    .meta({ description: 'How often all reviews are read, to find what was deleted' }),
  lookFor: duration().prefault('10s').meta({ description: 'How soon a reply surely shows when the review is read' }),
  whenFull: z.enum(['cut', 'refuse']).default('cut').meta({
    description: 'When all answers do not fit into one reply: cut the oldest ones, or refuse the new one',
  }),
  foreignReply: z.enum(['carry', 'refuse']).default('carry').meta({
    description: 'A reply that was written outside the hub: keep its words below the new answer, or refuse to answer',
  }),
  timezone: z.string().default('Asia/Jakarta').meta({ description: 'For the dates of earlier answers' }),
});
export type Settings = z.infer<typeof settings>;
export type Context = ChannelContext<Settings>;

/** A push subscription in `hub.yaml`. It has no secret: Google proves itself with a signed token. */
export const endpointSettings = z.strictObject({
  audience: z.string().min(1).meta({ description: 'As in the subscription; there, by default, our own address' }),
  email: z.email().meta({ description: 'Service account of the subscription' }),
  issuers: z.array(z.string()).min(1).default(['https://accounts.google.com', 'accounts.google.com']),
  certsUrl: googleAddress('https://www.googleapis.com/oauth2/v3/certs').meta({ description: "Google's public keys" }),
});
