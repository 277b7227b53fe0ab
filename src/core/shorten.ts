/** How long a text may be, and what must stand at its end. */
export interface Room {
  max: number;
  /** As the platform counts. */
  measure(text: string): number;
  /** Where the whole stands; may be empty. */
  tail: string;
}

const SENTENCE_END = /[.!?…]["')\]]*(?=\s|$)|(?=\n)/gu;
const WORD_END = /(?=\s)/gu;
/** What ends with a full stop and goes on: *Jl. Merdeka No. 2*. */
const ABBREVIATED =
  /(?:^|[\s(])(?:jln?|no|kec|kab|ds|dsn|kel|bpk|bp|sdri?|dr|ir|h|hj|rt|rw|tgl|telp|km|gg|yth|dll)\.$/iu;

/** As much of a text as fits, cut after a sentence, or else after a word. `null`: not even one word fits. Pure. */
export function shorten(text: string, room: Room): string | null {
  const trimmed = text.trim();
  const sentences = endsOf(trimmed, SENTENCE_END).filter((end) => !ABBREVIATED.test(trimmed.slice(0, end)));
  return longest(trimmed, sentences, '', room) ?? longest(trimmed, endsOf(trimmed, WORD_END), '…', room);
}

const endsOf = (text: string, pattern: RegExp): number[] =>
  [...text.matchAll(pattern)]
    .map((match) => match.index + match[0].length)
    .filter((end) => end > 0 && end < text.length);

/** Halving finds the place quickly also in long texts; a platform counts a longer text never shorter. */
function longest(text: string, ends: readonly number[], mark: string, { max, measure, tail }: Room): string | null {
  const cut = (end: number) => [text.slice(0, end).trimEnd() + mark, tail].filter(Boolean).join('\n');
  let [fits, tooLong] = [-1, ends.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (measure(cut(ends[middle]!)) <= max) fits = middle;
    else tooLong = middle;
  }
  return fits === -1 ? null : cut(ends[fits]!);
}
