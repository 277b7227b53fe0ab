/** The alphabet of an SMS: 3GPP TS 23.038, section 6.2.1. Everything else makes the whole message UCS-2. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Characters behind the escape: two septets each (6.2.1.1). */
const EXTENDED = '\f^{}\\[~]|€';

const SEPTETS: ReadonlyMap<string, number> = new Map([
  ...[...BASIC].map((one) => [one, 1] as const),
  ...[...EXTENDED].map((one) => [one, 2] as const),
]);

/** What one SMS holds, and what each part of a long one holds beside its header (3GPP TS 23.040, section 9.2.3.24). */
const ROOM = { gsm: { alone: 160, part: 153 }, ucs2: { alone: 70, part: 67 } } as const;
export type Coding = keyof typeof ROOM;

export interface Counted {
  coding: Coding;
  /** Septets, or UTF-16 units under UCS-2. */
  units: number;
  parts: number;
  /** Units of the last part, where there are several. */
  last: number;
}

export const codingOf = (text: string): Coding => ([...text].every((one) => SEPTETS.has(one)) ? 'gsm' : 'ucs2');

/** How many SMS a text becomes. An escape and its character, and the halves of a surrogate pair, are not parted. */
export function count(text: string): Counted {
  const coding = codingOf(text);
  const sizes = [...text].map((one) => (coding === 'gsm' ? (SEPTETS.get(one) ?? 1) : one.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const { alone, part } = ROOM[coding];
  if (units <= alone) return { coding, units, parts: 1, last: units };
  let parts = 1;
  let last = 0;
  for (const size of sizes) {
    if (last + size > part) {
      parts++;
      last = 0;
    }
    last += size;
  }
  return { coding, units, parts, last };
}

/**
 * The length of a text in septets, as if all of it were GSM-7: it is within `capacity(n)` exactly when the text fits into n
 * SMS. What stands in UCS-2 counts about 2.3 times as much.
 */
export function weigh(text: string): number {
  const { coding, units, parts, last } = count(text);
  if (parts === 1) return Math.ceil((units * ROOM.gsm.alone) / ROOM[coding].alone);
  const begun = Math.ceil((last * ROOM.gsm.part) / ROOM[coding].part);
  return Math.max((parts - 1) * ROOM.gsm.part + begun, ROOM.gsm.alone + 1);
}

export const capacity = (parts: number): number => (parts === 1 ? ROOM.gsm.alone : parts * ROOM.gsm.part);

/** Signs that a word processor puts in, and what people type for them: the same to every reader. */
const TWINS: readonly (readonly [RegExp, string])[] = [
  [/[\u2018\u2019\u201A\u201B\u2032\u0060\u00B4]/gu, "'"],
  [/[\u201C\u201D\u201E\u201F\u2033\u00AB\u00BB]/gu, '"'],
  [/[\u2010-\u2015\u2212\u2022\u00B7]/gu, '-'],
  [/\u2026/gu, '...'],
  [/[\u00A0\u2000-\u200A\u202F\u205F\u3000\t]/gu, ' '],
  [/[\u00AD\u200B-\u200D\u2060\uFEFF]/gu, ''],
  [/\u2028|\u2029|\r\n/gu, '\n'],
];

/**
 * The same text in the alphabet of an SMS, where that only takes other quotation marks, dashes and spaces. A text that needs
 * UCS-2 all the same stays as it is, sign for sign.
 */
export function plain(text: string): string {
  if (codingOf(text) === 'gsm') return text;
  const simple = TWINS.reduce((one, [signs, twin]) => one.replace(signs, twin), text.normalize('NFC'));
  return codingOf(simple) === 'gsm' ? simple : text;
}
