import { weigh } from './weigh.ts';

/** What the mark at the end of each post takes: a space and `[25/25 a7f3k2]`. */
export const MARK_UNITS = 15;

/** What a post has for its text. */
export const roomOf = (maxChars: number): number => maxChars - MARK_UNITS;

/** Parts of at most `room` units, cut at line ends and spaces; a word that is longer is cut between two signs. Pure. */
export function splitText(text: string, room: number): string[] {
  if (weigh(text) <= room) return [text];
  const parts: string[] = [];
  let part = '';
  for (const piece of piecesOf(text, room)) {
    if (part !== '' && weigh((part + piece).trim()) > room) {
      parts.push(part.trim());
      part = '';
    }
    part += piece;
  }
  return [...parts, part.trim()].filter((one) => one !== '');
}

/** Words, each with the space before it. */
function piecesOf(text: string, room: number): string[] {
  const words = text.match(/\s*\S+/g) ?? [];
  return words.flatMap((word) => (weigh(word.trim()) > room ? signsOf(word, room) : [word]));
}

const signs = new Intl.Segmenter('id', { granularity: 'grapheme' });

/** A word that no post holds, in pieces that fit. */
function signsOf(word: string, room: number): string[] {
  const all = [...signs.segment(word)].map(({ segment }) => segment);
  const pieces: string[] = [];
  let piece = '';
  for (const sign of all) {
    if (piece !== '' && weigh((piece + sign).trim()) > room) {
      pieces.push(piece);
      piece = '';
    }
    piece += sign;
  }
  return piece === '' ? pieces : [...pieces, piece];
}

/** How much of the room of all parts a text takes: whole parts are full, however they end. Pure. */
export function measureIn(room: number): (text: string) => number {
  return (text) => {
    const parts = splitText(text, room);
    return (parts.length - 1) * room + weigh(parts.at(-1) ?? '');
  };
}
