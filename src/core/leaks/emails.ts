import type { Span } from './plain.ts';

// Every part is bounded and begins where a word begins: a hostile text must not take longer than its length.
const LOCAL = String.raw`(?<![\p{L}\p{N}._%+'-])[\p{L}\p{N}_][\p{L}\p{N}._%+'-]{0,63}`;
const NAME = String.raw`[\p{L}\p{N}-]{1,63}`;
const AT = String.raw`(?:\s?@\s?|\s{0,3}[[({<]\s{0,3}(?:at|@)\s{0,3}[\])}>]\s{0,3})`;
const DOT = String.raw`(?:\.|\s{0,3}[[({<]\s{0,3}(?:dot|titik)\s{0,3}[\])}>]\s{0,3}|\s{1,3}(?:dot|titik)\s{1,3})`;
const SPOKEN = String.raw`\s{1,3}at\s{1,3}`;
const PROVIDERS = '(?:gmail|googlemail|yahoo|ymail|outlook|hotmail|live|icloud|rocketmail|proton(?:mail)?)';

const WRITTEN = new RegExp(`(${LOCAL})${AT}(${NAME}(?:${DOT}${NAME}){1,6})`, 'giu');
const SAID = new RegExp(
  String.raw`(${LOCAL})${SPOKEN}(${PROVIDERS}(?:${DOT}${NAME}){0,3}|${NAME}(?:\s{1,3}(?:dot|titik)\s{1,3}${NAME}){1,6})`,
  'giu',
);

/**
 * E-mail addresses, also such as "nama [at] contoh (dot) com". `own`: addresses, or domains written `@contoh.go.id`, that
 * may be named; all in lower case.
 */
export function privateEmails(text: string, own: ReadonlySet<string>): Span[] {
  return [WRITTEN, SAID]
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .filter((match) => !isOwn(match[1]!, match[2]!, own))
    .map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

function isOwn(local: string, domain: string, own: ReadonlySet<string>): boolean {
  const host = domain.toLowerCase();
  return own.has(`${local.toLowerCase()}@${host}`) || own.has(`@${host}`);
}
