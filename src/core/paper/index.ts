/** Something that is printed: a receipt, a letter. The same on a screen and as PDF. */
export interface Paper {
  /** The letterhead, line by line. */
  head: readonly string[];
  /** `Contoh, 24 November 2026` */
  date?: string;
  title?: string;
  rows: readonly (readonly [label: string, value: string])[];
  /** Whom it is for, line by line. */
  to?: readonly string[];
  /** Paragraphs. */
  body: readonly string[];
  /** Who signs, line by line; an empty line leaves room. */
  sign?: readonly string[];
  foot: readonly string[];
}

/** Text as its author wrote it, to paragraphs. */
export const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
