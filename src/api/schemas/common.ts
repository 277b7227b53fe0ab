import { z } from 'zod';
import { PROBLEM_CODES } from '../problems.ts';

/** Ids and times used in examples, so that the same complaint is meant everywhere. */
export const EXAMPLE = {
  complaint: '0199c2f0-6a10-7c3e-9d53-0b8f6f1f2a11',
  message: '0199c2f0-6a11-7a02-8c1b-5b6de0f7c921',
  draft: '0199c2f4-03b2-7d1a-a0cb-77d3a4a0be55',
  publication: '0199c2f5-91c0-7e6f-8a3d-2c54f1b7aa08',
  user: '0199c200-0000-7000-8000-000000000001',
  item: '0199c2f0-5511-7b10-9f0e-1d2c3b4a5968',
  event: '0199c2f0-6a12-7f00-b000-3c2b1a0f9e8d',
  at: '2026-11-24T02:15:00.000Z',
} as const;

export const id = z.uuid().meta({ description: 'UUIDv7', examples: [EXAMPLE.complaint] });
/** In answers: always UTC. */
export const instant = z.string().meta({ format: 'date-time', examples: [EXAMPLE.at] });
/** In request bodies; the route makes a date of it (a transforming schema would lose its examples). */
export const givenInstant = z.iso
  .datetime({ offset: true, error: 'an instant such as 2026-11-24T09:00:00+07:00' })
  .meta({ description: 'ISO 8601 with offset', examples: ['2026-11-24T09:00:00+07:00'] });
/** In queries. */
export const queryInstant = givenInstant.transform((text) => new Date(text));

export const reason = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .meta({ description: 'In words; kept beside the audit trail', examples: ['Laporan tidak menyebut lokasi'] });
export const optionalReason = reason.optional();

export const text = (max: number) => z.string().trim().min(1).max(max);

/** A query parameter that may come several times; any of the values counts. */
export const many = <T extends z.ZodType>(value: T) =>
  z
    .preprocess(
      (given) => (given === undefined || Array.isArray(given) ? given : [given]),
      z.array(value).max(50).optional(),
    )
    .optional();

export const flag = z
  .enum(['true', 'false'])
  .transform((given) => given === 'true')
  .optional();

export const limit = (most = 200, usual = 50) =>
  z.coerce
    .number()
    .int()
    .min(1)
    .max(most)
    .default(usual)
    .meta({ description: `How many; 1 to ${most}`, examples: [usual] });
export const cursor = z.string().max(200).optional().meta({ description: '`nextCursor` of the page before; opaque' });
export const nextCursor = z.string().nullable().meta({ description: 'null: this is the last page' });

export const byId = z.object({ id });

export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(PROBLEM_CODES as [string, ...string[]]).meta({ description: 'Stable; see docs/api.md' }),
    detail: z.string().meta({ description: 'What was wrong and what to do' }),
    instance: z.string().optional().meta({ description: 'Name it when you report the problem' }),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().optional(),
          code: z.string().optional(),
          message: z.string(),
          messageId: z.string().optional(),
          ways: z
            .array(
              z.strictObject({
                kind: z.enum(['public_reply', 'private_reply', 'message', 'reach']),
                ...{ channel: z.string(), complaintId: z.string(), messageId: z.string() },
              }),
            )
            .optional()
            .meta({ description: 'Where the same person can still be answered' }),
          tooLong: z
            .strictObject({
              ...{ channel: z.string(), length: z.int(), max: z.int(), over: z.int() },
              proposal: z.string().nullable(),
            })
            .optional()
            .meta({ description: 'By how much, as the platform counts, and what of the text would fit' }),
        }),
      )
      .optional(),
    allowed: z.array(z.string()).optional().meta({ description: 'With `unknown_parameter`: what is allowed' }),
  })
  .meta({
    id: 'Problem',
    description: 'A problem document (RFC 9457)',
    examples: [
      {
        type: 'urn:kanal-aduan:problem:illegal_state',
        title: 'Not possible in this state',
        status: 409,
        code: 'illegal_state',
        detail: '"close" is not possible for a complaint that is "new"; possible now: accept, dismiss, merge',
        instance: 'req-1a',
      },
    ],
  });

const problemResponse = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** Every address can answer with these. */
export const problems = {
  '4xx': problemResponse('The request was refused; `code` says why'),
  '5xx': problemResponse('The hub failed'),
};

/** A JSON answer with its description. */
export const ok = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});

/** It was done, and there is nothing to tell. */
export const done = z.undefined().meta({ description: 'Done' });

/** The complaint has left what the caller may see. */
export const gone = z.undefined().meta({ description: 'Done; the complaint is not in your view any more' });
