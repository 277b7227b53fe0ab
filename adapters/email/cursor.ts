import { z } from 'zod';

/** How far one folder has been read. UIDs mean something only together with `uidValidity` (RFC 9051 section 2.3.1.1). */
const position = z.strictObject({
  /** 64 bits: as text, since JSON numbers are shorter. */
  uidValidity: z.string(),
  /** Everything up to it has been taken. */
  lastUid: z.int(),
  /** The newest time at which the server took in a mail that was read. */
  newestAt: z.iso.datetime(),
  /** Only what the server took in since then is wanted: a first connection, or a folder that was rebuilt. */
  since: z.iso.datetime().nullable(),
  /** The daily second look at recent mail: how far it has come, and where it ends. */
  sweep: z.strictObject({ since: z.iso.datetime(), lastUid: z.int(), upTo: z.int() }).nullable(),
  /** The next mail is fetched alone: on a batch that began with it the connection broke. */
  alone: z.boolean(),
  /** Mails that could not be fetched. They keep nobody waiting, and are tried again. */
  pending: z.array(z.strictObject({ uid: z.int(), times: z.int(), nextAt: z.iso.datetime() })),
});
export type Position = z.infer<typeof position>;

export const cursor = z.strictObject({
  folders: z.record(z.string(), position),
  /** When the last daily look began. */
  sweptAt: z.iso.datetime(),
});
export type Cursor = z.infer<typeof cursor>;

const DAY_MS = 86_400_000;
/** A folder that was rebuilt may hold mails with a date somewhat before the newest that we know. */
const OVERLAP_MS = 7 * DAY_MS;
/** So far back the daily look goes: mails moved back into the folder, UIDs out of order on servers of several machines. */
const SWEEP_MS = 3 * DAY_MS;

const ago = (at: Date, ms: number): string => new Date(at.getTime() - ms).toISOString();

const fresh = (uidValidity: string) => ({
  ...{ uidValidity, lastUid: 0, since: null, sweep: null, alone: false, pending: [] },
});

/** What the server says about a folder when it is opened. */
export interface Opened {
  uidValidity: string;
  uidNext: number;
}

/** A folder that is read for the first time; `back`: milliseconds, or everything. */
export function firstPosition({ uidValidity, uidNext }: Opened, now: Date, back: number | 'all'): Position {
  const start = fresh(uidValidity);
  if (back === 'all') return { ...start, newestAt: new Date(0).toISOString() };
  if (back === 0) return { ...start, lastUid: uidNext - 1, newestAt: now.toISOString() };
  return { ...start, newestAt: ago(now, back), since: ago(now, back) };
}

/** The server gave the folder new UIDs: recent mail is looked at again, and known by its key. */
export function rebuilt(old: Position, uidValidity: string): Position {
  return { ...fresh(uidValidity), newestAt: old.newestAt, since: ago(new Date(old.newestAt), OVERLAP_MS) };
}

/** Begins the daily look in every folder when it is due. */
export function withSweep(from: Cursor, now: Date): Cursor {
  if (now.getTime() - Date.parse(from.sweptAt) < DAY_MS) return from;
  const look = (one: Position): Position => ({
    ...one,
    sweep: { since: ago(now, SWEEP_MS), lastUid: 0, upTo: one.lastUid },
  });
  const folders = Object.entries(from.folders).map(([path, one]) => [path, look(one)] as const);
  return { folders: Object.fromEntries(folders), sweptAt: now.toISOString() };
}
