import type { Span } from './plain.ts';

/**
 * NIK and family card numbers have 16 digits: region (province, regency, district), a date (of birth, a woman's day plus
 * 40; of issue on a family card) and four more. Source: Permendagri 102/2019 on population documents.
 */
const PROVINCES = new Set([
  ...[11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 31, 32, 33, 34, 35, 36, 51, 52, 53, 61, 62, 63, 64, 65],
  ...[71, 72, 73, 74, 75, 76, 81, 82, 91, 92, 93, 94, 95, 96, 97],
]);
const DIGITS = 16;
const LAST_REGENCY = 79;
const WOMAN = 40;
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Digits with at most three separators between two groups. */
const GROUPS = /\d+(?:[\s.\-–/:_]{1,3}\d+)*/gu;
const LABEL =
  /(?<kk>\bkk|kartu\s+keluarga)[^\d]{0,30}$|(?:\bnik|\be?-?ktp|identitas|induk\s+kependudukan)[^\d]{0,30}$/iu;
const MONEY = /rp\.?\s*$/i;

export interface IdentityNumber extends Span {
  kind: 'nik' | 'kk';
}

/** NIK and family card numbers, in one piece or in groups. A number that is called one need not be well-formed. */
export function identityNumbers(text: string): IdentityNumber[] {
  return [...text.matchAll(GROUPS)].flatMap((match) => inGroups(text, match[0], match.index));
}

function inGroups(text: string, run: string, offset: number): IdentityNumber[] {
  const groups = [...run.matchAll(/\d+/g)].map((match) => ({ digits: match[0], start: offset + match.index }));
  const found: IdentityNumber[] = [];
  for (let first = 0; first < groups.length; first++) {
    let digits = '';
    for (let last = first; last < groups.length && digits.length < DIGITS; last++) {
      const group = groups[last]!;
      digits += group.digits;
      const span = { start: groups[first]!.start, end: group.start + group.digits.length };
      const kind =
        digits.length === DIGITS ? kindOf(text.slice(Math.max(0, span.start - 60), span.start), digits) : null;
      if (!kind) continue;
      found.push({ ...span, kind });
      first = last;
    }
  }
  return found;
}

function kindOf(before: string, digits: string): 'nik' | 'kk' | null {
  const label = LABEL.exec(before);
  if (!label && (MONEY.test(before) || !isWellFormed(digits))) return null;
  return label?.groups?.kk ? 'kk' : 'nik';
}

function isWellFormed(digits: string): boolean {
  const [province, regency, district, day, month] = [0, 2, 4, 6, 8].map((at) => Number(digits.slice(at, at + 2)));
  if (!PROVINCES.has(province!) || regency! < 1 || regency! > LAST_REGENCY || district! < 1) return false;
  const born = day! > WOMAN ? day! - WOMAN : day!;
  return born >= 1 && born <= (DAYS[month! - 1] ?? 0);
}
