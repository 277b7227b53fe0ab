import { z } from 'zod';
import { fieldsOf } from '../_meta/json.ts';

/** A place in an answer or a delivery: steps between dots, names or numbers into lists. Empty: the thing itself. */
export const path = () =>
  z.string().regex(/^$|^[\w-]+(\.[\w-]+)*$/, 'names with dots between them, such as data.0.id; empty for the whole');

/** The value at a path; what is not there is `undefined`. Pure. */
export function at(root: unknown, place: string): unknown {
  let value = root;
  for (const step of place === '' ? [] : place.split('.'))
    value = Array.isArray(value) ? value[Number(step)] : fieldsOf(value)[step];
  return value ?? undefined;
}

/** A text or a number at a path, as text. An empty text counts as none. */
export function textAt(root: unknown, place: string | undefined): string | undefined {
  const value = place === undefined ? undefined : at(root, place);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** A word as an answer writes it: `"0"`, 0 and true are written alike in a file. */
const word = z.union([z.string(), z.number(), z.boolean()]).transform(String);
export const words = () => z.array(word).min(1);

/** "What stands there is one of these." */
export const condition = z.strictObject({ at: path(), is: words() });
export const holds = (root: unknown, { at: place, is }: z.infer<typeof condition>): boolean =>
  is.includes(textAt(root, place) ?? '');

/** Where the parts of an incoming message stand. */
/** Without id and time, a second message with the same words would be taken for the first one come again, and be lost. */
export const messageFields = z
  .strictObject({
    id: path()
      .optional()
      .meta({ description: 'The id of the message; without it one is made of sender, time and text' }),
    from: path().meta({ description: 'The sender' }),
    to: path().optional().meta({ description: 'Our number, which is `account` of the channel' }),
    text: path(),
    at: path().optional().meta({ description: 'When it was sent; without it: when it reached us' }),
  })
  .refine(({ id, at }) => id !== undefined || at !== undefined, {
    message: 'tulis `id`, `at`, atau keduanya: tanpa itu SMS kedua dengan isi yang sama hilang',
  });
export type MessageFields = z.infer<typeof messageFields>;

const PLACE = /\{([A-Za-z]+)\}/g;

/** Names between braces in a template. */
export const placesIn = (template: string): { name: string; offset: number }[] =>
  [...template.matchAll(PLACE)].map((match) => ({ name: match[1] ?? '', offset: match.index }));

/** `undefined` when a value is missing: then the field is left out. */
export function fill(template: string, values: Readonly<Record<string, string | undefined>>): string | undefined {
  if (placesIn(template).some(({ name }) => values[name] === undefined)) return undefined;
  return template.replace(PLACE, (_, name: string) => values[name] ?? '');
}
