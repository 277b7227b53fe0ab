import { z } from 'zod';
import type { HttpResponse, Json } from '#contract';
import { at, isYes, textAt } from './path.ts';
import type { Settings } from './settings.ts';

/** Where a poll goes on. */
export const cursor = z.strictObject({
  /** Changes from then on, ISO 8601; `null`: from the beginning. */
  since: z.string().nullable(),
  /** Page, offset, link or the portal's own cursor within that; `null`: the first page. */
  at: z.string().nullable(),
  /** The latest change that this walk has seen on its first page, and on all of them. */
  first: z.string().nullable(),
  high: z.string().nullable(),
  /** The portal's time when this walk began, and how often it had to begin again. */
  began: z.string().nullable(),
  again: z.int(),
  /** Versions of the reports that were read lately. */
  seen: z.record(z.string(), z.string()),
});
export type Cursor = z.infer<typeof cursor>;

export const START: Cursor = { since: null, at: null, first: null, high: null, began: null, again: 0, seen: {} };

interface Answer {
  rows: readonly Json[];
  body: Json;
  response: Pick<HttpResponse, 'headers'>;
  /** When each row changed, where it says so. */
  changes: readonly (string | undefined)[];
}

/** A walk whose list keeps moving is begun anew so often; then the next poll goes on where this one began. */
const MOST_AGAIN = 3;
const ORDINARY = { first: null, high: null, began: null, again: 0 };

/** Where to go on after a page, and whether right now. Pure. */
export function positionAfter(settings: Settings, position: Cursor, answer: Answer): { next: Cursor; more: boolean } {
  const place = nextPlace(settings, position, answer);
  if (settings.next.kind === 'cursor') return byTheirCursor(settings.next, position, answer);
  const walked = witness(position, answer);
  if (settings.since?.order === 'oldest') {
    const forward = movedOn(settings.since.overlap, walked, position.at === null);
    if (forward && place !== null) return { next: { ...walked, ...ORDINARY, since: forward, at: null }, more: true };
  }
  if (place !== null) return { next: { ...walked, at: place }, more: true };
  return ending(settings, walked, position.at !== null);
}

/** The portal keeps count of what we have read. */
function byTheirCursor(
  { from, more, keep }: Extract<Settings['next'], { kind: 'cursor' }>,
  position: Cursor,
  { body, rows }: Answer,
): { next: Cursor; more: boolean } {
  const place = textAt(body, [from]) ?? null;
  const further =
    (more === undefined ? rows.length > 0 : isYes(at(body, more))) && place !== null && place !== position.at;
  if (further) return { next: { ...position, at: place }, more: true };
  return { next: { ...position, at: keep ? (place ?? position.at) : null }, more: false };
}

function witness(position: Cursor, { changes, response }: Answer): Cursor {
  const latest = changes.reduce<string | null>((high, one) => (one && (!high || one > high) ? one : high), null);
  const higher = (old: string | null): string | null => (latest && (!old || latest > old) ? latest : old);
  const date = Date.parse(response.headers.date ?? '');
  const began = position.began ?? (Number.isNaN(date) ? null : new Date(date).toISOString());
  return { ...position, began, first: position.at === null ? latest : position.first, high: higher(position.high) };
}

/**
 * A list from the oldest change on may move while it is walked: what changes goes to its end, and what follows moves up.
 * Pages after the first may therefore miss something. What the first page holds is whole, so the next request begins
 * with its latest change, and page numbers are needed only where more than a page lies within the overlap.
 */
function movedOn(overlap: number, { first, since }: Cursor, firstPage: boolean): string | null {
  if (!firstPage || first === null) return null;
  const candidate = back(first, overlap);
  return since === null || candidate > since ? candidate : null;
}

const back = (time: string, ms: number): string => new Date(Date.parse(time) - ms).toISOString();

/** The end of a walk: the next one begins where everything older was surely seen. */
function ending({ since }: Settings, walked: Cursor, several: boolean): { next: Cursor; more: boolean } {
  const over = { ...walked, ...ORDINARY, at: null };
  if (!since) return { next: over, more: false };
  const { high, began, again } = walked;
  // Something changed while several pages were read: another may have moved up to a page that was read before.
  const moved = several && since.order !== 'newest' && high !== null && began !== null && high >= back(began, 1_000);
  if (moved && again < MOST_AGAIN) return { next: { ...over, again: again + 1 }, more: true };
  const upTo = since.order === 'newest' ? walked.first : high;
  if (upTo === null || moved) return { next: over, more: false };
  const next = back(upTo, since.overlap);
  return { next: { ...over, since: over.since === null || next > over.since ? next : over.since }, more: false };
}

/** The place of the next page within this walk; `null`: this was the last. */
function nextPlace({ next, list }: Settings, position: Cursor, { rows, body }: Answer): string | null {
  switch (next.kind) {
    case 'none':
    case 'cursor':
      return null;
    case 'link':
      return textAt(body, [next.from]) ?? null;
    case 'offset':
      return rows.length === 0 ? null : String(Number(position.at ?? 0) + rows.length);
    case 'page': {
      const page = Number(position.at ?? next.first);
      const last = next.last === undefined ? undefined : Number(textAt(body, [next.last]));
      const over =
        last !== undefined && Number.isFinite(last)
          ? page >= last
          : rows.length === 0 || (next.until === 'short' && rows.length < list.size);
      return over ? null : String(page + 1);
    }
  }
}
