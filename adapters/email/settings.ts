import { z } from 'zod';
import { duration, secret } from '#contract';
import { oauthSettings } from './oauth/settings.ts';
import { security } from './security.ts';
import { smtpSettings } from './smtp/settings.ts';

const megabyte = 1024 * 1024;
const mailAddress = () => z.string().regex(/^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/, 'an address such as aduan@kabupaten.go.id');
const folder = (description: string) =>
  z
    .union([z.string().min(1), z.literal(false)])
    .optional()
    .meta({ description });

const folders = z
  .strictObject({
    inbox: z.string().min(1).default('INBOX'),
    junk: folder('Suspected spam is read too. Without this the folder is found by itself; false: not read'),
    sent: folder('Where the server files sent mail. Without this the folder is found by itself; false: nowhere'),
  })
  .prefault({});

const limits = z
  .strictObject({
    messageBytes: z
      .int()
      .min(10_000)
      .default(25 * megabyte)
      .meta({
        description: 'Larger mails are not fetched; they stand in quarantine with their reason',
      }),
    parts: z.int().min(10).max(10_000).default(500).meta({ description: 'Most parts of one mail' }),
    attachments: z.int().min(1).max(200).default(50).meta({ description: 'Most attachments of one mail' }),
  })
  .prefault({});

const shape = z.strictObject({
  host: z
    .string()
    .min(1)
    .meta({ description: 'IMAP server', examples: ['mail.kabupaten.go.id'] }),
  port: z.int().min(1).max(65_535).optional().meta({ description: '993 with tls, else 143' }),
  security,
  /** For a certificate of the district's own; never switches checking off. */
  certificate: z.string().startsWith('-----BEGIN CERTIFICATE-----').optional().meta({
    description: 'The authority (PEM) that signed the certificate of the server, where it is none of the public ones',
  }),
  user: z.string().min(1).meta({ description: 'Often the whole address' }),
  password: secret().optional().meta({ description: 'Password, or app password' }),
  oauth: oauthSettings.optional().meta({ description: 'Instead of a password: Gmail and Microsoft 365' }),
  smtp: smtpSettings.optional().meta({ description: 'Outgoing mail. Without it this mailbox is only read' }),
  folders,
  addresses: z.array(mailAddress()).max(100).default([]).meta({
    description: 'Further addresses that are ours: aliases, other mailboxes of the hub. What they send is no complaint',
  }),
  authServer: z.string().min(1).optional().meta({
    description:
      'authserv-id of the border server whose Authentication-Results are believed. Without it no sender counts as verified',
  }),
  firstConnect: z
    .union([z.literal('all'), duration()])
    .prefault('3d')
    .meta({
      description: 'How far back mail is taken when this mailbox is read for the first time: a duration, or all',
    }),
  watchdog: duration()
    .prefault('3m')
    .meta({ description: 'How often a connection that listens must prove that it lives' }),
  limits,
  fromName: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Name beside our address; without it only the address' }),
});
/** A mailbox. The channel's `account` is its address. */
export const settings = shape.refine(({ password, oauth }) => (password === undefined) !== (oauth === undefined), {
  path: ['password'],
  error: 'isi password, atau oauth untuk Gmail dan Microsoft 365; salah satu saja',
});
export type Settings = z.infer<typeof settings>;
