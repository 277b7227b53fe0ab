/** A text in plain characters, each with the place of the original one it stands for. */
export interface Plain {
  text: string;
  /** Index in the original of each unit of `text`, and its length at the end. Absent: the same indexes. */
  at?: readonly number[];
}

const OUTSIDE_ASCII = /[^\p{ASCII}]/u;
const INVISIBLE = /\p{Cf}|\p{Mn}/u;
/** Zeros of the digit rows that people in Indonesia may type and that compatibility forms do not cover. */
const ZEROS = [0x0660, 0x06f0, 0xa9d0];

/**
 * Digits and letters as the reader sees them: full-width and styled forms become ordinary ones, digits of other scripts
 * become 0 to 9, and what cannot be seen (a zero-width space between two digits) is left out.
 */
export function plain(original: string): Plain {
  if (!OUTSIDE_ASCII.test(original)) return { text: original };
  const at: number[] = [];
  let text = '';
  let index = 0;
  for (const char of original) {
    const seen = INVISIBLE.test(char) ? '' : digit(char.normalize('NFKC'));
    text += seen;
    for (let unit = 0; unit < seen.length; unit++) at.push(index);
    index += char.length;
  }
  at.push(original.length);
  return { text, at };
}

function digit(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const zero = ZEROS.find((first) => code >= first && code < first + 10);
  return zero === undefined ? char : String(code - zero);
}

/** A stretch of a text, `end` exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** The same stretch in the original. */
export function originalSpan({ at }: Plain, { start, end }: Span): Span {
  if (!at) return { start, end };
  return { start: at[start] ?? start, end: at[end] ?? end };
}

/** The text with these stretches made unreadable, at the same length, so that what follows is found where it stands. */
export function blank(text: string, spans: readonly Span[]): string {
  let result = text;
  for (const { start, end } of spans)
    result = result.slice(0, start) + '\u0001'.repeat(end - start) + result.slice(end);
  return result;
}

/** All matches of a global pattern. */
export function spansOf(pattern: RegExp, text: string): Span[] {
  return [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}
