import { z } from 'zod';
import { type ChannelContext, duration } from '#contract';
import { googleAddress, googleSettings } from '../_google/settings.ts';

/** A channel's file. `account` is the id of the YouTube channel (`UC...`). */
export const settings = z.strictObject({
  ...googleSettings,
  apiBase: googleAddress('https://www.googleapis.com/youtube/v3'),
  webUrl: googleAddress('https://www.youtube.com').meta({ description: 'Where people read; only for links' }),
  queues: z
    .array(z.enum(['heldForReview', 'likelySpam']))
    .default(['heldForReview', 'likelySpam'])
    .meta({ description: 'What YouTube holds back and is read, too' }),
  posts: z.array(z.string().min(1)).max(50).default([]).meta({
    description:
      'Ids of community posts whose comments are read by themselves, where the channel’s list leaves them out',
  }),
  maxChars: z.int().min(100).max(10_000).default(10_000).meta({ description: 'Longest reply' }),
  dailyUnits: z.int().min(100).default(10_000).meta({ description: 'Quota of the project for a day, in units' }),
  replyUnits: z.int().min(0).default(5_000).meta({
    description: 'Units of a day that polling leaves for replies; a reply costs 50',
  }),
  reread: duration().prefault('30d').meta({ description: 'How long the replies below a comment are looked for' }),
  rereadEvery: duration().prefault('1h').meta({ description: 'How often a known comment is looked at again' }),
  lookFor: duration()
    .prefault('5m')
    .meta({ description: 'A doubtful reply is looked for so long before it is sent again' }),
});
export type Settings = z.infer<typeof settings>;
export type Context = ChannelContext<Settings>;
