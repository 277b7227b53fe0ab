import type { Span } from './plain.ts';

/** What must not be said of the reporter: names that are not public where the answer goes, and home addresses. */
export interface Hidden {
  names: readonly string[];
  addresses: readonly string[];
}

export const NOTHING_HIDDEN: Hidden = { names: [], addresses: [] };

const TITLE = '(?:bapak|ibu|bpk|pak|bu|sdr|sdri|saudara|saudari|mas|mbak|kak|kakak|bang|tuan|nyonya|ny|tn)';
const WORD = /[\p{L}\p{N}'’]+/gu;

/** The reporter's name: whole, two of its words in a row, or one of them after a form of address. */
export function hiddenNames(text: string, names: readonly string[]): Span[] {
  return names.flatMap((name) => {
    const words = (name.match(WORD) ?? []).filter((word) => word.length > 1);
    const pairs = words.slice(1).map((word, index) => `${words[index]!}\\W{1,3}${word}`);
    const single = words.filter((word) => word.length > 2).map((word) => `${TITLE}\\.?\\s+(?:\\p{L}+\\s+)?${word}`);
    const whole = words.length === 1 && words[0]!.length > 5 ? [words[0]!] : [];
    return [...pairs, ...single, ...whole].flatMap((pattern) =>
      [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'giu'))].map(spanOf),
    );
  });
}

const HOUSE =
  /(?:\b(?:jl|jln|gg)\.?|\b(?:jalan|gang|perum|perumahan|komplek|kompleks|griya|dusun|dukuh)\b)\s+[\p{L}\p{N} .'’-]{2,50}?,?\s*(?:\bno\.?|\bnomor|\bblok\s+\p{L}{1,2}\s*(?:no\.?|\/|-)?)\s*\d{1,4}\p{L}?\b(?![./]\d)/giu;
const HOME = /\b(?:rumah|kediaman|alamat|beralamat|tinggal|domisili|berdomisili)\b/iu;

/**
 * Home addresses: the reporter's own, as far as a street with a number tells it, and any house number that is said to be
 * somebody's home. Streets and RT/RW alone are where the work is done. `own`: addresses of offices, in lower case.
 */
export function homeAddresses(text: string, addresses: readonly string[], own: readonly string[]): Span[] {
  const houses = [...text.matchAll(HOUSE)].map(spanOf).filter((span) => {
    const house = squeeze(text.slice(span.start, span.end));
    if (own.some((address) => holds(address, house) || holds(house, address))) return false;
    return (
      addresses.some((address) => holds(squeeze(address), house)) ||
      HOME.test(text.slice(Math.max(0, span.start - 40), span.start))
    );
  });
  return [...houses, ...addresses.flatMap((address) => verbatim(text, address))];
}

const holds = (address: string, part: string): boolean => ` ${address} `.includes(` ${part} `);

/** A stored address of some length that stands in the text as it is. */
function verbatim(text: string, address: string): Span[] {
  const words = address.match(WORD) ?? [];
  if (words.length < 3) return [];
  return [...text.matchAll(new RegExp(words.join('[^\\p{L}\\p{N}]{1,3}'), 'giu'))].map(spanOf);
}

/** For comparison: lower case, one way to write street and number, no punctuation. */
export function squeeze(address: string): string {
  return address
    .toLowerCase()
    .replace(/\b(?:jalan|jln)\b/gu, 'jl')
    .replace(/\bnomor\b/gu, 'no')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const spanOf = (match: RegExpMatchArray): Span => ({ start: match.index!, end: match.index! + match[0].length });
