import { z } from 'zod';
import type { Json } from '#contract';

const method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional();
/** A file of YAML holds nothing that JSON does not. */
const value = z.unknown().transform((given) => given as Json);

/** One request as a channel's file describes it; `{{name}}` is filled in. */
export const request = z
  .union([
    z.string().startsWith('/'),
    z.strictObject({
      method,
      path: z.string().startsWith('/'),
      query: z.record(z.string(), z.string()).optional(),
      headers: z.record(z.string(), z.string()).optional(),
      json: value.optional(),
      form: z.record(z.string(), z.string()).optional(),
      multipart: z.record(z.string(), z.string()).optional(),
    }),
  ])
  .transform((given): Request => (typeof given === 'string' ? { path: given } : given))
  .refine(({ json, form, multipart }) => [json, form, multipart].filter((one) => one !== undefined).length <= 1, {
    error: 'json, form dan multipart tidak dapat dipakai bersama',
  });

export interface Request {
  path: string;
  method?: z.infer<typeof method>;
  query?: Record<string, string> | undefined;
  headers?: Record<string, string> | undefined;
  json?: Json | undefined;
  form?: Record<string, string> | undefined;
  multipart?: Record<string, string> | undefined;
}
