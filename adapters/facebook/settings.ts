import { z } from 'zod';
import { duration } from '#contract';
import { graphAddress, metaSettings } from '../_meta/settings.ts';

/** A channel's file. `account` is the number of the page. */
export const settings = z.strictObject({
  ...metaSettings,
  webUrl: graphAddress('https://www.facebook.com').meta({ description: 'Where people read; only for links' }),
  maxCommentChars: z.int().min(100).max(8_000).default(2_000).meta({ description: 'Longest public reply' }),
  humanAgent: z.boolean().default(false).meta({
    description: 'The feature "Human Agent" is approved: chats can be answered for 7 days instead of 24 hours',
  }),
  pollMentions: z.boolean().default(true).meta({ description: 'Polling also looks where the page is tagged' }),
  lookFor: duration()
    .prefault('10m')
    .meta({ description: 'A doubtful reply is looked for so long before it is sent again' }),
});
export type Settings = z.infer<typeof settings>;
