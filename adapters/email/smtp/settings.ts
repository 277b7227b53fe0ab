import { z } from 'zod';
import { secret } from '#contract';
import { security } from '../security.ts';

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
});
export type SmtpSettings = z.infer<typeof smtpSettings>;
