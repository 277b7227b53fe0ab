import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js';
import { blank, type Span, spansOf } from './plain.ts';

const COUNTRY = 'ID';
/** Numbers for everyone, nobody's private phone: free, shared and premium lines (ITU, national numbering plan of Indonesia). */
const SERVICE = /^(?:80[0479]|1500|14\d{3}$)/;

/** Digits that are surely something else: money, dates, times of day. */
const HARMLESS = [
  /rp\.?\s?\d[\d.,]*/giu,
  /(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}(?![.-]?\d)/gu,
  /(?<!\d)(?:19|20)\d{2}-\d{2}-\d{2}(?!\d)/gu,
  /(?<![\d.])(?:[01]?\d|2[0-4])[.:][0-5]\d(?!\.?\d|-\d{3})/gu,
];

const GAP = String.raw`[\s().\-–/_]{0,3}`;
const REST = (from: number, to: number) => String.raw`(?:${GAP}\d){${from},${to}}(?!\d)`;
const LABEL = String.raw`(?<=\b(?:wa|whats?app|hp|handphone|tel[pf]?|telepon|telpon|phone|ponsel|seluler|kontak|hubungi|nomor|no)\b[\s.:()]{0,4})`;
const CANDIDATES = [
  // A mobile number in one piece, whatever stands before it.
  /(?<!\d)(?:\+?62|0)8[1-9]\d{7,10}(?!\d)/gu,
  // In groups; not as the tail of a longer number such as 600/0812/2026.
  new RegExp(String.raw`(?<!\d[.,/\-]?)(?:\+?62|\(?0)${GAP}8${GAP}[1-9]${REST(6, 10)}`, 'gu'),
  // Without its zero, where the words say what it is.
  new RegExp(`${LABEL}8[1-9]${REST(7, 10)}`, 'giu'),
  // Area code and subscriber, told apart by a bracket or a gap, or after a word such as "telp".
  /(?<!\d[.,/-]?)\(?0[2-9]\d{1,2}\)?[\s.\-–]{1,3}\d{3,4}[\s.-]?\d{2,4}(?!\d|[.,/]\d)/gu,
  /(?<!\d[.,/-]?)\(0[2-9]\d{1,2}\)\d{5,8}(?!\d)/gu,
  new RegExp(String.raw`${LABEL}0[2-9]\d{7,10}(?!\d)`, 'giu'),
  new RegExp(String.raw`(?<!\d|\d[.,/-])(?:\+|00)${GAP}[1-9]${REST(7, 14)}`, 'gu'),
];

/** Phone numbers of persons, as far as digits can tell. `own`: E.164 numbers that may be named. */
export function privatePhones(text: string, own: ReadonlySet<string>): Span[] {
  const searched = blank(
    text,
    HARMLESS.flatMap((pattern) => spansOf(pattern, text)),
  );
  const spans = CANDIDATES.flatMap((pattern) => spansOf(pattern, searched));
  return spans.filter((span) => isPrivate(text.slice(span.start, span.end), own));
}

function isPrivate(candidate: string, own: ReadonlySet<string>): boolean {
  const number = parsePhone(candidate);
  if (!number) return false;
  return !own.has(number.number) && !(number.countryCallingCode === '62' && SERVICE.test(number.nationalNumber));
}

/** Reads a number as people write it in Indonesia; `undefined` when no telephone number has these digits. */
export function parsePhone(written: string): PhoneNumber | undefined {
  const digits = written.replace(/[^\d+]/g, '');
  const dialled = digits.replace(/^00|^(?=62)/, '+').replace(/^(?=8)/, '0');
  const number = parsePhoneNumberFromString(dialled, COUNTRY);
  return number?.isPossible() && (number.isValid() || isMobile(number)) ? number : undefined;
}

/** Prefixes are given out faster than tables are printed: what begins like a mobile number counts as one. */
const isMobile = ({ country, countryCallingCode, nationalNumber }: PhoneNumber): boolean =>
  (country === COUNTRY || countryCallingCode === '62') && /^8[1-9]\d{7,10}$/.test(nationalNumber);
