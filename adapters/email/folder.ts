import type { RawItem } from '#contract';
import { firstPosition, type Position, rebuilt } from './cursor.ts';
import type { Context, Session } from './imap/client.ts';
import { isRefusal } from './imap/errors.ts';
import { type Batch, fetchBatch, leftItem, NoContent, type Open, type Room } from './imap/fetch.ts';
import { type Folder, found } from './imap/folders.ts';

export interface Step {
  position: Position;
  items: RawItem[];
  /** Is there more in this folder right now? */
  more: boolean;
}

const WHAT = 'Reading the mailbox';
/** So many mails may be put off; more mean that the server is not well. */
const MAX_PENDING = 20;
const MAX_TRIES = 5;
const TRY_AGAIN_MS = 10 * 60_000;

/** One step through a folder: new mail first, then what was put off, then the daily second look. */
export async function readFolder(
  session: Session,
  ctx: Context,
  folder: Folder,
  known: Position | undefined,
  room: Room,
): Promise<Step> {
  const box = await session.client.mailboxOpen(folder.path, { readOnly: true });
  const opened = { uidValidity: String(box.uidValidity), uidNext: box.uidNext ?? 0 };
  const open: Open = { session, ctx, folder, uidValidity: opened.uidValidity };
  const position = positionNow(known, opened, ctx);
  const uids = box.exists === 0 ? [] : await newUids(open, position);
  if (uids.length > 0) return readNew(open, position, { uids, uidNext: opened.uidNext }, room);
  const upToDate = caughtUp(position, opened.uidNext);
  const step = await tryPending(open, upToDate);
  if (step) return step;
  return upToDate.sweep
    ? readSweep(open, upToDate, upToDate.sweep, room)
    : { position: upToDate, items: [], more: false };
}

function positionNow(known: Position | undefined, opened: { uidValidity: string; uidNext: number }, ctx: Context) {
  if (!known) return firstPosition(opened, ctx.now(), ctx.settings.firstConnect);
  return known.uidValidity === opened.uidValidity ? known : rebuilt(known, opened.uidValidity);
}

/** `n:*` always names the newest mail, also when its UID is below n (RFC 9051 section 9, seq-range). */
async function newUids({ session }: Open, { lastUid, since }: Position): Promise<number[]> {
  const query = { uid: `${lastUid + 1}:*`, ...(since && { since: new Date(since) }) };
  return ascending(found(await session.client.search(query, { uid: true }), WHAT), lastUid);
}

const ascending = (uids: readonly number[], after: number): number[] =>
  uids.filter((uid) => uid > after).sort((a, b) => a - b);

/** Nothing new: all that the server had when the folder was opened is behind us. */
function caughtUp(position: Position, uidNext: number): Position {
  return { ...position, since: null, alone: false, lastUid: Math.max(position.lastUid, uidNext - 1) };
}

interface New {
  uids: readonly number[];
  uidNext: number;
}

async function readNew(open: Open, position: Position, { uids, uidNext }: New, room: Room): Promise<Step> {
  const { alone, pending } = position;
  const batch = await fetchBatch(open, alone ? uids.slice(0, 1) : uids, room);
  const next = advanced({ ...position, alone: false }, batch);
  if (batch.last === uids.at(-1) && batch.failure === undefined)
    return { position: caughtUp(next, uidNext), items: batch.items, more: next.sweep !== null || pending.length > 0 };
  if (batch.last !== undefined) return { position: next, items: batch.items, more: true };
  mustBeOneMail(open, batch);
  const [first = 0] = uids;
  if (!alone) return { position: { ...next, alone: true }, items: [], more: true };
  // That many at once are no bad mails but a bad server.
  if (pending.length >= MAX_PENDING) throw batch.failure;
  open.ctx.log.warn({ channel: open.ctx.channel.id, uid: first }, 'email: a mail could not be fetched, put off');
  const putOff = { uid: first, times: 1, nextAt: later(open.ctx, 1) };
  return { position: { ...next, lastUid: first, pending: [...pending, putOff] }, items: [], more: true };
}

const later = (ctx: Context, times: number): string =>
  new Date(ctx.now().getTime() + times * TRY_AGAIN_MS).toISOString();

function advanced(position: Position, { last, newestAt }: Batch): Position {
  const newest = newestAt !== undefined && newestAt > position.newestAt ? newestAt : position.newestAt;
  return { ...position, lastUid: last ?? position.lastUid, newestAt: newest };
}

/** A stop, a limit or a login that failed says nothing about a mail. */
function mustBeOneMail({ ctx, session }: Open, { failure }: Batch): void {
  if (ctx.signal.aborted || session.throttled()) throw failure;
  if (session.client.usable && !isRefusal(failure) && !(failure instanceof NoContent)) throw failure;
}

/** Tries one mail again that was put off; gives up after a while, and says so in quarantine. */
async function tryPending(open: Open, position: Position): Promise<Step | undefined> {
  const [due, ...others] = position.pending.toSorted((a, b) => (a.nextAt < b.nextAt ? -1 : 1));
  if (!due || due.nextAt > open.ctx.now().toISOString()) return undefined;
  const left = { ...position, pending: others };
  const batch = await fetchBatch(open, [due.uid], { items: 1, bytes: 0 });
  if (batch.last !== undefined) return { position: left, items: batch.items, more: true };
  mustBeOneMail(open, batch);
  if (due.times < MAX_TRIES) {
    const again = { uid: due.uid, times: due.times + 1, nextAt: later(open.ctx, due.times + 1) };
    return { position: { ...position, pending: [...others, again] }, items: [], more: true };
  }
  const reason = `Surat UID ${due.uid} di folder ${open.folder.path} tidak dapat diambil dari server. Bacalah di kotak surat.`;
  return { position: left, items: [leftItem(open, { uid: due.uid }, reason, Buffer.alloc(0))], more: true };
}

async function readSweep(
  open: Open,
  position: Position,
  sweep: NonNullable<Position['sweep']>,
  room: Room,
): Promise<Step> {
  const query = {
    since: new Date(sweep.since),
    uid: `${sweep.lastUid + 1}:${Math.max(sweep.upTo, sweep.lastUid + 1)}`,
  };
  const uids = ascending(found(await open.session.client.search(query, { uid: true }), WHAT), sweep.lastUid);
  const wanted = uids.filter((uid) => uid <= sweep.upTo);
  if (wanted.length === 0) return { position: { ...position, sweep: null }, items: [], more: false };
  const batch = await fetchBatch(open, wanted, room);
  // One that breaks the connection was put off or given up when it was new.
  const lastUid = batch.last ?? wanted[0]!;
  return { position: { ...position, sweep: { ...sweep, lastUid } }, items: batch.items, more: true };
}
