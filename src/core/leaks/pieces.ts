import { findLeaks, maskLeaks, type OwnContacts } from './index.ts';

interface Sizes {
  /** In UTF-16 units. */
  piece: number;
  /** More than the longest leak with the words around it that tell what it is. */
  margin: number;
}
const SIZES: Sizes = { piece: 16_000, margin: 500 };

/**
 * What `mask` gives, piece by piece, so that whoever masks a very long text can let others have their turn in between.
 * Each piece is looked at together with its margins, and a leak belongs to the piece in which it begins.
 */
export function* maskedPieces(text: string, own: OwnContacts, { piece, margin }: Sizes = SIZES): Iterable<string> {
  let done = 0;
  for (let start = 0; start < text.length; start += piece) {
    const end = Math.min(text.length, start + piece);
    const before = Math.max(0, start - margin);
    const leaks = findLeaks(text.slice(before, end + margin), own)
      .map((leak) => ({ ...leak, start: leak.start + before, end: leak.end + before }))
      .filter((leak) => leak.start >= Math.max(start, done) && leak.start < end);
    const until = Math.max(end, leaks.at(-1)?.end ?? 0);
    if (until <= done) continue;
    const from = done;
    yield maskLeaks(
      text.slice(from, until),
      leaks.map((leak) => ({ ...leak, start: leak.start - from, end: leak.end - from })),
    );
    done = until;
  }
}
