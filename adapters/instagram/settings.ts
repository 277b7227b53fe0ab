import { z } from 'zod';
import { duration } from '#contract';
import { graphAddress, metaSettings, webAddress } from '../_meta/settings.ts';

const HOSTS = { facebook: 'https://graph.facebook.com', instagram: 'https://graph.instagram.com' } as const;

/** A channel's file. `account` is the number of the Instagram account (1784…). */
export const settings = z
  .strictObject({
    ...metaSettings,
    flavour: z.enum(['facebook', 'instagram']).default('facebook').meta({
      description: 'facebook: the account is linked to a page; instagram: it stands alone, with its own app and token',
    }),
    pageId: z
      .string()
      .regex(/^\d+$/)
      .optional()
      .meta({ description: 'Number of the linked page; needed with flavour facebook' }),
    username: z
      .string()
      .min(1)
      .meta({ description: 'Name of the account, without @: our own comments are known by it, too' }),
    graphUrl: webAddress().optional(),
    loginUrl: graphAddress('https://www.instagram.com').meta({ description: 'Consent screen of flavour instagram' }),
    exchangeUrl: graphAddress('https://api.instagram.com').meta({ description: 'Takes its codes' }),
    webUrl: graphAddress('https://www.instagram.com').meta({ description: 'Where people read; only for links' }),
    maxCommentChars: z
      .int()
      .min(50)
      .max(2_200)
      .default(300)
      .meta({ description: 'Longest public reply, in characters' }),
    addressReplies: z
      .boolean()
      .default(true)
      .meta({ description: 'Begin an answer to a reply with @name: it stands below the comment above that reply' }),
    humanAgent: z.boolean().default(false).meta({ description: 'Chats for 7 days instead of 24 hours, once approved' }),
    pollTags: z
      .boolean()
      .default(true)
      .meta({ description: 'Polling also looks where the account is tagged in a picture' }),
    lookFor: duration()
      .prefault('10m')
      .meta({ description: 'A doubtful reply is looked for so long before it is sent again' }),
  })
  .refine(({ flavour, pageId }) => flavour === 'instagram' || pageId !== undefined, {
    path: ['pageId'],
    error: 'isi nomor Halaman yang terhubung (atau flavour: instagram bila akun berdiri sendiri)',
  })
  .transform(({ graphUrl, username, ...given }) => ({
    ...given,
    username: username.replace(/^@/, ''),
    graphUrl: graphUrl ?? HOSTS[given.flavour],
  }));
export type Settings = z.infer<typeof settings>;
