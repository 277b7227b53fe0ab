import { z } from 'zod';
import { duration, secret } from '#contract';
import { security } from '../security.ts';

const text = (max: number) => z.string().max(max);

/** The letter around an answer. `{name}`, `{ticketNo}` and `{agency}` are filled in; a line that would stay empty goes. */
const letter = z
  .strictObject({
    greeting: text(500).default('Yth. Bapak/Ibu {name},'),
    closing: text(2_000).default('Terima kasih atas laporan Bapak/Ibu.'),
    signature: text(2_000).default('Hormat kami,\n{agency}'),
    footer: text(2_000).default('Nomor aduan: {ticketNo}. Untuk menambah keterangan, cukup balas surel ini.'),
  })
  .prefault({})
  .meta({ description: 'Salam, penutup dan tanda tangan di sekeliling jawaban' });

/** Where answers leave. `user` and `password` are those of the mailbox unless they stand here. */
export const smtpSettings = z.strictObject({
  host: z
    .string()
    .min(1)
    .meta({ description: 'Server of outgoing mail', examples: ['mail.kabupaten.go.id'] }),
  port: z.int().min(1).max(65_535).optional().meta({ description: '465 with tls, 587 with starttls, 25 with none' }),
  security,
  user: z.string().min(1).optional(),
  password: secret().optional(),
  login: z.boolean().default(true).meta({
    description: 'false: the server takes mail from this machine without a login',
  }),
  sentCopies: z.enum(['provider', 'hub', 'none']).default('hub').meta({
    description:
      'Who files sent mail in the mailbox. provider: the server does (Gmail, Microsoft 365), so a doubtful send can be looked up. hub: we do, after the server took it. none: nobody',
  }),
  settleAfter: duration().prefault('15m').meta({
    description:
      'With provider: how long after a doubtful send an empty search proves that it did not go out. Servers may take minutes to accept a mail',
  }),
  plusAddress: z.boolean().default(true).meta({
    description: 'Answers come back to account+token@domain; false where the server knows no subaddresses',
  }),
  nullSender: z.boolean().default(false).meta({
    description: 'Receipts leave with an empty envelope sender (RFC 3834). Many providers do not let one through',
  }),
  subjectTag: z
    .boolean()
    .default(true)
    .meta({ description: 'The ticket number in brackets at the end of the subject' }),
  maxBytes: z
    .int()
    .min(10_000)
    .default(18 * 1024 * 1024)
    .meta({ description: 'All files of one answer together; in a mail they grow by a third' }),
  letter,
});
export type SmtpSettings = z.infer<typeof smtpSettings>;
