import type { Json } from '#contract';

const NUL = /\0/g;

/**
 * PostgreSQL stores neither NUL nor a lone surrogate (22021, 22P05, 22P02). Both become U+FFFD here; the raw original
 * stays as it came in `source_item` and `envelope`.
 */
export function storable(text: string): string {
  return text.toWellFormed().replace(NUL, '\uFFFD');
}

/** `storable` for every string and member name in a JSON value. */
export function storableDeep<T extends Json | undefined>(value: T): T {
  return map(value) as T;
}

function map(value: Json | undefined): Json | undefined {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map((member) => map(member) as Json);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [storable(key), map(member) as Json]));
}

/** Emoji, punctuation and the words that thank, in Indonesian and Javanese. */
const THANKS =
  /^(?:(?:terima\s*kasih|terimakasih|trima\s*kasih|makasih|makasi|mksh|tks|thx|thanks|thank you|matur\s*(?:sembah\s*)?(?:nuwun|suwun|tengkyu)|nuwun|suwun|nggih|njih|inggih|siap|baik|oke?|ok|sip|mantap|alhamdulillah|banyak|sekali|atas|infonya|informasinya|jawabannya|tanggapannya|responnya|bantuannya|min|admin|kak|pak|bu|bapak|ibu|ya|sudah|selesai)(?=$|[^\p{L}\p{N}])|[^\p{L}\p{N}?])+$/iu;

/** Does a message say nothing but thanks? It then changes nothing about an answered complaint. A question never is. */
export function isPlainThanks(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length > 0 && trimmed.length <= 200 && THANKS.test(trimmed);
}

/** The first line or sentence, for complaints that come without a title. At most `max` characters, cut at a word. */
export function titleOf(text: string, max = 80): string {
  const line = text.trim().split(/\r?\n/, 1)[0] ?? '';
  if (line.length <= max) return line;
  const cut = line
    .slice(0, max)
    .toWellFormed()
    .replace(/\uFFFD$/, '');
  const atWord = cut.replace(/\s+\S*$/, '');
  return `${atWord.length > max / 2 ? atWord : cut}…`;
}
