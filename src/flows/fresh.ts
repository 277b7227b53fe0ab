import type { RawItem } from '#contract';

/**
 * Raw items that this process has just stored, so that `normalise` need not read and decrypt them again. A shortcut in
 * memory only: what is not here (another process stored it, there was no room, a restart) is read from its row.
 */
export interface FreshItems {
  /** Once their rows are committed. Items for which there is no room are left out. */
  keep(items: readonly FreshItem[]): void;
  /** Gives it away: a second look, after a failure, goes to the row. */
  take(id: string): RawItem['raw'] | undefined;
}

export interface FreshItem {
  id: string;
  raw: RawItem['raw'];
}

interface Kept {
  raw: RawItem['raw'];
  /** Milliseconds of a clock that only goes forward. */
  since: number;
}

/** Who has not asked within this time does not ask: the item's row was there already, or another process was quicker. */
const KEPT_MS = 20_000;

/** `maxBytes`: of all items together; a UTF-16 unit of text counts as one. */
export function createFreshItems(maxBytes: number, now: () => number = () => performance.now()): FreshItems {
  const kept = new Map<string, Kept>();
  let bytes = 0;

  const drop = (id: string): RawItem['raw'] | undefined => {
    const found = kept.get(id);
    if (found === undefined) return undefined;
    kept.delete(id);
    bytes -= found.raw.length;
    return found.raw;
  };
  // A map keeps its order: the oldest come first.
  const dropOld = (before: number): void => {
    for (const [id, { since }] of kept) {
      if (since >= before) return;
      drop(id);
    }
  };
  return {
    keep(items) {
      const since = now();
      dropOld(since - KEPT_MS);
      for (const { id, raw } of items) {
        if (bytes + raw.length > maxBytes) return;
        kept.set(id, { raw: wellFormed(raw), since });
        bytes += raw.length;
      }
    },
    take: drop,
  };
}

/** Text as its row gives it back: UTF-8 has no lone surrogates. */
const wellFormed = (raw: RawItem['raw']): RawItem['raw'] => (typeof raw === 'string' ? raw.toWellFormed() : raw);
