import { isSafeNumber, parse } from 'lossless-json';
import type { Json } from '#contract';

/** A number of sixteen figures or more outside of quotes: it may not fit into a JavaScript number. */
const LONG_NUMBER = /[:[,\s]-?\d{16}/;

/**
 * JSON as Meta writes it: the same id comes once as a string and once as a number, and numbers may be longer than 2^53.
 * Those become strings, figure by figure; everything else is as with JSON.parse. Throws SyntaxError, which may quote
 * content: replace it before it is shown.
 */
export function parseJson(text: string): Json {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text) as Json;
  return parse(text, undefined, { parseNumber: (digits) => (isSafeNumber(digits) ? Number(digits) : digits) }) as Json;
}

export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

/** The members of an object; of anything else none. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : NONE;

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** An id, whether it came as a string or as a number; `undefined` for anything else. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** An http or https address; `undefined` for anything else. */
export const urlOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^https?:\/\/[^\s]+$/.test(value) && value.length <= 4_000 ? value : undefined;

/** Seconds since 1970, as number or text, to ISO 8601; `undefined` for anything that is no such time. */
export const fromSeconds = (value: unknown): string | undefined => iso(Number(value) * 1_000);
/** The same from milliseconds. */
export const fromMillis = (value: unknown): string | undefined => iso(Number(value));

/** Some times come in seconds and, elsewhere, in milliseconds: after the year 5138 in seconds they must be milliseconds. */
export const fromEither = (value: unknown): string | undefined =>
  Number(value) > 100_000_000_000 ? fromMillis(value) : fromSeconds(value);

function iso(ms: number): string | undefined {
  if (!(ms > 0) || ms > 8_000_000_000_000_000) return undefined;
  return new Date(ms).toISOString();
}

/** `2026-11-21T09:15:04+0000`, as Meta writes times when they are read, to ISO 8601. */
export function fromGraphTime(value: unknown): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN;
  return iso(ms);
}

/** One event as it was stored. A parser's error quotes what it read, and a citizen's words do not belong in a log. */
export function eventOf(raw: string | Uint8Array): Fields {
  try {
    return fieldsOf(parseJson(typeof raw === 'string' ? raw : new TextDecoder().decode(raw)));
  } catch {
    throw new Error('The event is not JSON');
  }
}
