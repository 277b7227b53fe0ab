import type { MessageItem } from '#contract';
import { type Filled, type FormErrors, formErrors } from '../../core/door/form.ts';
import { formItem, furtherItem } from '../../core/door/item.ts';
import { sha256 } from '../../core/sealed.ts';
import { doorComplaint, enteredAs } from '../../store/door.ts';
import { movePhotos } from '../../store/doorPhotos.ts';
import { enter } from '../enter.ts';
import type { DoorDeps } from './deps.ts';
import type { OpenDoor } from './door.ts';
import type { Looked } from './look.ts';
import { type FormToken, issueForm, readForm } from './token.ts';
import { forgetPhotos, storePhotos } from './waiting.ts';

/** Nobody reads and fills in the form faster; a robot does. */
const FASTEST_MS = 3_000;
/** A form that was shown longer ago gets a fresh key first, and loses nothing. */
const FRESH_MS = 12 * 60 * 60_000;
/** A form that is sent again leads to its complaint, but opens it only shortly after: the screen may be somebody else's by then. */
const AGAIN_MS = 60 * 60_000;

/** Why a form comes back although nothing in it is wrong. */
export type Doubt = 'robot' | 'fast' | 'stale';

export interface SentForm {
  /** As it came back; `null`: none of ours. */
  token: FormToken | null;
  /** What stood in the field that people do not see. */
  trap: string;
}

export const readSent = (deps: DoorDeps, token: string, trap: string): SentForm => ({
  token: readForm(deps.keyring, token),
  trap,
});

/** `null`: a person may have sent this. Never a reason to throw away what was written. */
export function doubtOf(deps: DoorDeps, { token, trap }: SentForm): Doubt | null {
  if (trap !== '') return 'robot';
  if (!token) return 'stale';
  const age = deps.clock.now().getTime() - token.shownAt.getTime();
  if (age < FASTEST_MS) return 'fast';
  return age > FRESH_MS ? 'stale' : null;
}

/** A new form; `filled`: it goes to somebody who has filled it in already, and need not take their time again. */
export function freshForm(deps: DoorDeps, { filled = false } = {}): string {
  const now = deps.clock.now().getTime();
  return issueForm(deps.keyring, new Date(filled ? now - FASTEST_MS : now));
}

/** The form under a new key, with its photos. A robot has to wait once more. */
export async function renewedForm(deps: DoorDeps, old: FormToken | null, doubt: Doubt | null): Promise<string> {
  const token = freshForm(deps, { filled: doubt === null || doubt === 'stale' });
  const key = readForm(deps.keyring, token)?.key;
  if (old && key) await movePhotos(deps.db, old.key, key);
  return token;
}

export interface Arrived {
  complaintId: string;
  ticketNo: string;
  /** May the browser that sent it see inside? */
  opens: boolean;
}

/** What this form became before, where it was sent already with the same words. */
export async function arrivedBefore(
  deps: DoorDeps,
  open: OpenDoor,
  { key }: FormToken,
  filled: Filled,
): Promise<Arrived | null> {
  const entered = await enteredAs(deps.db, open.channel.id, sha256(entryKey(key, Object.values(filled))));
  if (!entered) return null;
  await forgetPhotos(deps, key);
  const age = deps.clock.now().getTime() - entered.receivedAt.getTime();
  return arrived(deps, entered.complaintId, age <= AGAIN_MS);
}

/** Local date, `2026-11-24`. */
export const todayAt = (deps: DoorDeps): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: deps.config.hub.site.timezone }).format(deps.clock.now());

/** Enters a complaint. Gives back what is wrong with the form instead, where something is. */
export async function submit(
  deps: DoorDeps,
  open: OpenDoor,
  { key }: FormToken,
  filled: Filled,
): Promise<Arrived | { errors: FormErrors }> {
  const errors = formErrors(open.door, filled, todayAt(deps));
  if (Object.keys(errors).length > 0) return { errors };
  const about = {
    key: entryKey(key, Object.values(filled)),
    at: deps.clock.now(),
    timezone: deps.config.hub.site.timezone,
  };
  const { complaintId } = await bring(deps, open, key, formItem(open.door, filled, about));
  return arrived(deps, complaintId, true);
}

/**
 * Adds to a complaint. When it ended a moment before, the message becomes a complaint of its own, which is given back;
 * `null`: it joined as it should.
 */
export async function writeMore(
  deps: DoorDeps,
  open: OpenDoor,
  { complaint }: Looked,
  { key }: FormToken,
  text: string,
): Promise<Arrived | null> {
  const about = { key: entryKey(key, [text]), threadId: complaint.thread_id, at: deps.clock.now() };
  const { complaintId, opened } = await bring(deps, open, key, furtherItem(text, about));
  return opened ? arrived(deps, complaintId, true) : null;
}

async function bring(deps: DoorDeps, open: OpenDoor, form: string, item: MessageItem) {
  const { channel } = open;
  const files = await storePhotos(deps, form);
  const receivedAt = deps.clock.now();
  const entered = await enter(deps, {
    ...{ channel, key: item.objectId, item, files, receivedAt, by: `channel:${channel.id}` },
  });
  await forgetPhotos(deps, form);
  if (!entered.complaintId) throw new Error(`an entry of the form was not applied: ${entered.reason}`);
  const complaint = await doorComplaint(deps.db, entered.complaintId);
  const opened = entered.messageId !== null && complaint?.opening_message_id === entered.messageId;
  return { complaintId: entered.complaintId, opened };
}

async function arrived(deps: DoorDeps, complaintId: string, opens: boolean): Promise<Arrived> {
  const ticketNo = (await doorComplaint(deps.db, complaintId))?.ticket_no;
  if (!ticketNo) throw new Error(`the complaint ${complaintId} has no ticket number`);
  return { complaintId, ticketNo, opens };
}

/** Somebody who goes back, changes the words and sends the form again means something new. */
const entryKey = (form: string, words: readonly string[]): string =>
  `form:${form}:${sha256(JSON.stringify(words)).toString('base64url').slice(0, 16)}`;
