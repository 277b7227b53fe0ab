import { z } from 'zod';
import type { ReplyTarget } from '#contract';

const id = z.string().min(1).max(998);

/**
 * What an answer needs of the mail it answers; `normalise` puts it into `ref`. Ids without `<>`, oldest first. No
 * address: what stands here is stored readable, and where to answer is `author.email`.
 */
export const refSchema = z.object({
  messageId: id.optional(),
  references: z.array(id).max(100),
  subject: z.string().max(2_000),
});
export type MailRef = z.infer<typeof refSchema>;

/** A mail without any header that can be used is answered all the same. */
export const refOf = ({ ref }: Pick<ReplyTarget, 'ref'>): MailRef =>
  refSchema.safeParse(ref).data ?? { references: [], subject: '' };
