import { ChannelError } from '#contract';

/** The longest reply, in bytes of UTF-8 (My Business API v4, `ReviewReply.comment`). */
export const MOST_BYTES = 4_096;

export const bytesOf = (text: string): number => Buffer.byteLength(text);

export interface Answer {
  /** Of its publication; empty for what was written outside the hub. */
  key: string;
  text: string;
  /** ISO 8601. */
  at: string;
}

const letters = new Intl.Segmenter('id', { granularity: 'grapheme' });

/** The longest beginning that fits, ending at a whole letter, with "…" where something is missing. Pure. */
export function cutToBytes(text: string, most: number): string {
  if (bytesOf(text) <= most) return text;
  let kept = '';
  let size = bytesOf('…');
  for (const { segment } of letters.segment(text)) {
    size += bytesOf(segment);
    if (size > most) break;
    kept += segment;
  }
  return kept === '' ? '' : `${kept.trimEnd()}…`;
}

/** Less than this of an earlier answer says nothing any more. */
const WORTH_BYTES = 40;

/**
 * All answers as the one reply that a review can have: the newest first and whole, earlier ones below it, each with its
 * date; what does not fit is cut from the oldest. Throws `refused` where that is not wanted or the newest alone is too long.
 */
export function renderReply(
  newest: string,
  earlier: readonly Answer[],
  { whenFull, timezone }: { whenFull: 'cut' | 'refuse'; timezone: string },
): string {
  if (bytesOf(newest) > MOST_BYTES) throw tooLong(`teksnya ${bytesOf(newest)} bita`);
  const date = new Intl.DateTimeFormat('id-ID', { dateStyle: 'long', timeZone: timezone });
  let whole = newest;
  for (const { text, at } of earlier.toReversed()) {
    const title = `\n\nJawaban sebelumnya (${date.format(new Date(at))}):\n`;
    const room = MOST_BYTES - bytesOf(whole) - bytesOf(title);
    if (bytesOf(text) > room && whenFull === 'refuse') throw tooLong('bersama jawaban sebelumnya');
    const fitting = bytesOf(text) <= room || room >= WORTH_BYTES ? cutToBytes(text, room) : '';
    if (fitting === '') return whole;
    whole += title + fitting;
  }
  return whole;
}

const tooLong = (why: string) =>
  new ChannelError(
    'refused',
    `Membalas ulasan: melebihi ${MOST_BYTES} bita, batas Google (${why}). Persingkat jawabannya.`,
    {
      reason: 'content',
    },
  );
