import { z } from 'zod';
import { secret } from '#contract';
import { metaSettings } from '../_meta/settings.ts';

/** What a template's `{{1}}`, `{{2}}`, ... may be filled with. */
export const FILLINGS = ['text', 'ticketNo', 'agency'] as const;

const template = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/, 'the name of an approved template: small letters, digits and _')
    .meta({ description: 'Name of an approved template' }),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(_[A-Z]{2})?$/, 'a language code such as id or en_US')
    .default('id'),
  parameters: z
    .array(z.enum(FILLINGS))
    .max(10)
    .default(['ticketNo', 'text'])
    .meta({ description: 'What fills {{1}}, {{2}}, ... of its body, in this order' }),
  maxChars: z
    .int()
    .min(20)
    .max(1_024)
    .default(900)
    .meta({ description: 'Longest answer that fits: its body may have 1,024 characters in all' }),
});
export type Template = z.infer<typeof template>;

export const NOTICE_FILLINGS = ['count', 'ticketNo', 'site'] as const;

const noticeTemplate = template
  .omit({ maxChars: true })
  .extend({ parameters: z.array(z.enum(NOTICE_FILLINGS)).max(5).default(['count', 'ticketNo']) });
export type NoticeTemplate = z.infer<typeof noticeTemplate>;

/** A channel's file. `account` is the number's own id at Meta (`phone_number_id`), not the telephone number. */
export const settings = z.strictObject({
  ...metaSettings,
  /** Numbers are not connected at a consent screen of ours: the token comes from Meta Business Suite. */
  token: secret().meta({ description: 'Token of a system user with access to the number' }),
  business: z
    .string()
    .regex(/^\d{5,30}$/, 'the number of the WhatsApp business account')
    .meta({ description: 'Number of the WhatsApp business account that the phone number belongs to' }),
  answerTemplate: template.optional().meta({
    description:
      'Answers more than 24 hours after the citizen wrote go out as this template; without it they are refused',
  }),
  noticeTemplates: z
    .strictObject({
      new: noticeTemplate.optional(),
      approval: noticeTemplate.optional(),
      deadline: noticeTemplate.optional(),
      assist: noticeTemplate.optional(),
    })
    .default({})
    .meta({
      description:
        'Templates for staff: new complaints, answers that wait for approval, deadlines near, answers that nobody has published by hand',
    }),
  alertTemplate: template
    .omit({ maxChars: true, parameters: true })
    .optional()
    .meta({ description: 'Template with one parameter, for news about the hub itself; see policies.alarms' }),
  history: z.enum(['ignore', 'take']).default('ignore').meta({
    description: 'Old chats that the WhatsApp Business app hands over when it is connected; taken without receipts',
  }),
});
export type Settings = z.infer<typeof settings>;
export type AlertTemplate = NonNullable<Settings['alertTemplate']>;
