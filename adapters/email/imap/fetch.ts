import type { FetchMessageObject } from 'imapflow';
import type { RawItem } from '#contract';
import { identify, keyOf, packMail, type Source } from '../raw.ts';
import type { Context, Session } from './client.ts';
import type { Folder } from './folders.ts';
import { rangeOf } from './folders.ts';

/** What may still go onto a page. Counts down. */
export interface Room {
  items: number;
  bytes: number;
}

/** An open folder. */
export interface Open {
  session: Session;
  ctx: Context;
  folder: Folder;
  uidValidity: string;
}

export interface Batch {
  items: RawItem[];
  /** The last mail of the wanted ones, in order, that was taken or is not there any more; `undefined`: not even one. */
  last: number | undefined;
  newestAt: string | undefined;
  /** What broke off the batch. What came before it is good. */
  failure?: unknown;
}

type Listed = Pick<FetchMessageObject, 'uid' | 'size' | 'internalDate'>;

/**
 * Fetches mails from the first of `uids` on, as many as there is room for; at least one, be it larger than the room. First
 * their sizes, so that memory stays small and a mail over the limit is not fetched at all; then their bytes, in one
 * command, which does not mark them as read.
 */
export async function fetchBatch(open: Open, uids: readonly number[], room: Room): Promise<Batch> {
  const asked = uids.slice(0, Math.max(1, room.items));
  const query = { uid: true, size: true, internalDate: true };
  const listed = new Map<number, Listed>();
  for (const row of await open.session.client.fetchAll(rangeOf(asked), query, { uid: true })) listed.set(row.uid, row);
  const wanted = withinRoom(asked, listed, room);
  const got = new Map<number, RawItem>();
  const failure = await fetchSources(open, wanted, listed, got);
  return { ...settled(wanted, listed, got, failure !== undefined), ...(failure !== undefined && { failure }) };
}

function withinRoom(asked: readonly number[], listed: ReadonlyMap<number, Listed>, room: Room): number[] {
  const wanted: number[] = [];
  for (const uid of asked) {
    const size = listed.get(uid)?.size ?? 0;
    if (wanted.length > 0 && size > room.bytes) break;
    wanted.push(uid);
    room.items -= 1;
    room.bytes -= size;
  }
  return wanted;
}

/** The server has the mail and gives nothing of it: not the same as a mail that is gone. */
export class NoContent extends Error {}

/** Fills `got`; gives back what broke it off. */
async function fetchSources(
  open: Open,
  wanted: readonly number[],
  listed: ReadonlyMap<number, Listed>,
  got: Map<number, RawItem>,
): Promise<unknown> {
  const { messageBytes } = open.ctx.settings.limits;
  const isLarge = (uid: number) => (listed.get(uid)?.size ?? 0) > messageBytes;
  const there = wanted.filter((uid) => listed.has(uid));
  const normal = there.filter((uid) => !isLarge(uid));
  try {
    if (normal.length > 0) {
      const empty: number[] = [];
      for await (const row of open.session.client.fetch(rangeOf(normal), { uid: true, source: true }, { uid: true })) {
        const about = listed.get(row.uid);
        if (about && row.source) got.set(row.uid, await itemOf(open, about, row.source));
        else if (about) empty.push(row.uid);
      }
      if (empty.length > 0) return new NoContent();
    }
    for (const uid of there.filter(isLarge)) got.set(uid, await largeItem(open, listed.get(uid)!));
    return undefined;
  } catch (error) {
    return error ?? new Error('broken off');
  }
}

/**
 * The mails in order up to the first gap. A gap in an answer that came to its end is a mail that was deleted meanwhile; in
 * one that was broken off it is a mail still to be fetched.
 */
function settled(
  wanted: readonly number[],
  listed: ReadonlyMap<number, Listed>,
  got: ReadonlyMap<number, RawItem>,
  broken: boolean,
): Omit<Batch, 'failure'> {
  const gap = broken ? wanted.findIndex((uid) => listed.has(uid) && !got.has(uid)) : -1;
  const done = gap < 0 ? wanted : wanted.slice(0, gap);
  const items = done.flatMap((uid) => got.get(uid) ?? []);
  const times = done.flatMap((uid) => timeOf(listed.get(uid)) ?? []);
  return { items, last: done.at(-1), newestAt: times.sort().at(-1) };
}

export function timeOf(row: Listed | undefined): string | undefined {
  const at = row?.internalDate === undefined ? undefined : new Date(row.internalDate);
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}

function sourceOf({ folder, uidValidity }: Open, row: Listed): Source {
  const at = timeOf(row);
  return {
    ...{ folder: folder.path, role: folder.role, uidValidity, uid: row.uid },
    ...(at !== undefined && { at }),
    ...(row.size !== undefined && { size: row.size }),
  };
}

async function itemOf(open: Open, row: Listed, mail: Buffer): Promise<RawItem> {
  const identity = await identify(mail);
  const about = { ...sourceOf(open, row), fingerprint: identity.fingerprint };
  return { account: open.ctx.channel.account, key: keyOf(identity), raw: packMail(about, mail) };
}

const HEAD_BYTES = 64 * 1024;

/** Only the head of a mail over the limit: enough to say whose it is and where it lies. */
async function largeItem(open: Open, row: Listed): Promise<RawItem> {
  const limit = open.ctx.settings.limits.messageBytes;
  const left = `Surat ini ${row.size} bita, lebih besar dari ${limit} yang diambil. Bacalah di kotak surat.`;
  const got = await open.session.client.fetchOne(String(row.uid), { uid: true, headers: true }, { uid: true });
  return leftItem(open, row, left, got ? (got.headers ?? Buffer.alloc(0)) : Buffer.alloc(0));
}

/** A mail that is not fetched, with the reason for operators. */
export function leftItem(open: Open, row: Listed, left: string, head: Buffer): RawItem {
  const { account } = open.ctx.channel;
  const key = `left ${open.uidValidity} ${row.uid} ${open.folder.path}`;
  return { account, key, raw: packMail({ ...sourceOf(open, row), left }, head.subarray(0, HEAD_BYTES)) };
}
