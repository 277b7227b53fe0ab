import { readDate } from './dates.ts';
import { evaluate, type Scope } from './expression.ts';
import { htmlToText } from './html.ts';
import { isYes, textOf } from './path.ts';
import type { Field } from './settings.ts';

/** The value of a field: the first of its expressions that gives something. */
export async function given(field: Field | undefined, scope: Scope): Promise<unknown> {
  for (const expression of field?.from ?? []) {
    const value = await evaluate(expression, scope);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

/** As text: of HTML only what people read, through the table. `undefined`: nothing is given. */
export async function textOfField(field: Field | undefined, scope: Scope): Promise<string | undefined> {
  if (!field) return undefined;
  const value = await given(field, scope);
  const plain = typeof value === 'string' ? value : typeof value === 'boolean' ? String(value) : textOf(value);
  const text = plain === undefined ? undefined : dressed(plain, field);
  if (!field.table) return text ?? field.default;
  return (text === undefined ? undefined : field.table[text]) ?? field.default;
}

function dressed(text: string, { html, table }: Field): string | undefined {
  const read = html === 'strip' ? htmlToText(text) : text;
  return (table ? read.trim() : read) || undefined;
}

/** As a time, ISO 8601. Throws where something is given that no format reads: a wrong time is worse than none. */
export async function timeOfField(field: Field | undefined, scope: Scope, name: string): Promise<string | undefined> {
  const value = await given(field, scope);
  if (!field || value === undefined) return undefined;
  const formats = field.format ?? ['iso'];
  const read = readDate(value, formats, field.zone ?? 'WIB');
  if (read === undefined)
    throw new Error(`map.${name}: waktunya tidak cocok dengan satu pun pola (${formats.join(', ')})`);
  return read;
}

/** As yes or no; through the table where there is one. */
export async function yesOfField(field: Field | undefined, scope: Scope): Promise<boolean | undefined> {
  if (!field) return undefined;
  return isYes(field.table || field.default ? await textOfField(field, scope) : await given(field, scope));
}

export async function numberOfField(field: Field | undefined, scope: Scope): Promise<number | undefined> {
  const text = await textOfField(field, scope);
  const number = text === undefined ? Number.NaN : Number(text.replace(',', '.'));
  return Number.isFinite(number) ? number : undefined;
}
