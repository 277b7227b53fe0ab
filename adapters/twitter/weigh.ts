/**
 * The length of a text as X counts it (X, "Counting characters"; configuration version 3 of its library twitter-text):
 * most letters 1, everything else and an emoji 2, an address 23, in NFC. Written here because the library is large and this
 * has to be there at once; tests hold it against the library. It may count more than X, never less: an address that X may
 * find or not counts as well as its signs, and an emoji made of several as its parts.
 */
const URL_WEIGHT = 23;

/** Of these one unit: Latin, Greek, Cyrillic and the like, and plain punctuation. */
const isLight = (code: number): boolean =>
  code <= 0x10ff ||
  (code >= 0x2000 && code <= 0x200d) ||
  (code >= 0x2010 && code <= 0x201f) ||
  (code >= 0x2032 && code <= 0x2037);

const EMOJI = /\p{RGI_Emoji}/gv;
/** X may not know these together yet: joined ones, and those with the colour of a skin. */
const COMPOSED = /\u200d|\p{Emoji_Modifier}/u;

/** Ends of hosts that X surely knows. */
const KNOWN = '(?:id|com|org|net|info|gov|edu|io|co|me|tv|be|gl|ly|app|dev)';
const HOST = '(?:[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?\\.)+';
const PATH = '(?:/(?:[a-z0-9_\\-./~%+=#]*[a-z0-9_=#/\\-])?(?:\\?[a-z0-9_\\-.&=%~/]*[a-z0-9_&=#/\\-])?)?';
/** By itself between spaces, perhaps in brackets or at the end of a sentence: of these X sees just the address. */
const SURE = new RegExp(`(?<=(?:^|\\s)\\(?)(?:https?://)?${HOST}${KNOWN}${PATH}(?=[.,;:!?)]{0,2}(?:\\s|$))`, 'giu');
/** Whatever has a dot before letters. */
const MAYBE = /\S*[^\s.]\.\p{L}{2,}\S*/gu;

export function weigh(text: string): number {
  let addresses = 0;
  let doubtful = 0;
  const rest = text
    .normalize('NFC')
    .replace(SURE, () => {
      addresses += 1;
      return '';
    })
    .replace(MAYBE, (word) => {
      doubtful += [...word.matchAll(/\.\p{L}{2,}/gu)].length;
      return word;
    });
  return (addresses + doubtful) * URL_WEIGHT + signs(rest);
}

function signs(text: string): number {
  let total = 0;
  const rest = text.replace(EMOJI, (emoji) => {
    if (COMPOSED.test(emoji)) return emoji;
    total += 2;
    return '';
  });
  for (const sign of rest) total += isLight(sign.codePointAt(0) ?? 0) ? 1 : 2;
  return total;
}

/** May X find an address in it, so that the post costs more? */
export const hasUrl = (text: string): boolean => /[^\s.]\.\p{L}{2,}/u.test(text);
