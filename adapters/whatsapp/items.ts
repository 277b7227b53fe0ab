import type { Author, Item, MessageItem, NormaliseContext } from '#contract';
import { eventOf, type Fields, fieldsOf, fromSeconds, idOf, textOf, urlOf } from '../_meta/json.ts';
import { saidIn } from './parts.ts';
import type { Settings } from './settings.ts';
import { statusItem } from './statuses.ts';

/** One event of a WhatsApp number, as `unpack` made it. */
export function normalise(raw: string | Uint8Array, { settings }: NormaliseContext<Settings>): Item | null {
  const event = eventOf(raw);
  if (event.history === true && settings.history === 'ignore') return null;
  if (event.message !== undefined) return received(event, fieldsOf(event.message));
  if (event.echo !== undefined) return echoed(event, fieldsOf(event.echo));
  if (event.status !== undefined) return statusItem(fieldsOf(event.status));
  // Notices about the account: templates, quality, limits. They are looked at where the account is checked.
  if (typeof event.field === 'string') return null;
  throw new Error('This event of a number is of no kind that is known');
}

/** A citizen wrote, changed or took back. */
function received(event: Fields, message: Fields): Item | null {
  const person = personOf(message, fieldsOf(event.contact), 'from');
  return written(event, message, { person, own: false });
}

/** Somebody at the office answered in the WhatsApp Business app. */
function echoed(event: Fields, message: Fields): Item | null {
  return written(event, message, { person: personOf(message, fieldsOf(event.contact), 'to'), own: true });
}

interface Person {
  /** Digits. Missing for people who go by a user name. */
  phone?: string;
  /** Meta's id of this person for this business. */
  user?: string;
  name?: string;
  handle?: string;
}

/** `from` was also seen to hold the user id, so its shape decides. Source: Meta, "Business-scoped user IDs". */
function personOf(message: Fields, contact: Fields, side: 'from' | 'to'): Person {
  const given = [message[side], message[`${side}_user_id`], contact.wa_id, contact.user_id].flatMap(
    (id) => idOf(id) ?? [],
  );
  const phone = given.find((id) => /^\d{5,20}$/.test(id));
  const user = given.find((id) => !/^\d{5,20}$/.test(id));
  const { name, username } = fieldsOf(contact.profile);
  const handle = textOf(username)?.replace(/^@/, '');
  if (!phone && !user) throw new Error(`A message that does not say whom it is ${side}`);
  return {
    ...(phone && { phone }),
    ...(user && { user }),
    ...(textOf(name) && { name: textOf(name)!.slice(0, 500) }),
    ...(handle && { handle: handle.slice(0, 200) }),
  };
}

interface Side {
  person: Person;
  own: boolean;
}

function written(event: Fields, message: Fields, side: Side): Item | null {
  const objectId = idOf(message.id);
  const at = fromSeconds(message.timestamp);
  if (!objectId || !at) throw new Error('A message without its id or its time');
  if (message.type === 'revoke') return { type: 'deletion', objectId: originalOf(message.revoke), at };
  if (message.type === 'edit') {
    const changed = saidIn(fieldsOf(fieldsOf(message.edit).message));
    if (!changed) return null;
    return { ...changed, ...about(message, side, { objectId: originalOf(message.edit), at }), edited: true };
  }
  const said = saidIn(message);
  if (!said) return null;
  const old = event.history === true ? { automated: true, occurredAt: at } : {};
  return { ...said, ...about(message, side, { objectId, at }), ...quoted(message), ...old };
}

function originalOf(change: unknown): string {
  const id = idOf(fieldsOf(change).original_message_id);
  if (!id) throw new Error('A change that does not say of which message');
  return id;
}

function about(
  message: Fields,
  { person, own }: Side,
  { objectId, at }: { objectId: string; at: string },
): Omit<MessageItem, 'text'> {
  const group = idOf(message.group_id);
  const { phone, user } = person;
  return {
    ...{
      type: 'message',
      objectId,
      at,
      surface: 'message',
      threadId: group ? `group:${group}` : `wa:${user ?? phone}`,
    },
    ...(own ? { fromUs: true } : { author: authorOf(person) }),
    ref: { at, ...(phone && { to: phone }), ...(user && { user }), ...(group && { group }) },
  };
}

const authorOf = ({ phone, user, name, handle }: Person): Author => ({
  id: user ?? phone ?? '',
  ...(phone && { phone: `+${phone}` }),
  ...(name && { name }),
  ...(handle && { handle }),
});

/** What it answers, and the advertisement that it came from. */
function quoted({ context, referral }: Fields): Partial<MessageItem> {
  const parentId = idOf(fieldsOf(context).id);
  const { headline, body, source_url } = fieldsOf(referral);
  const text = [textOf(headline), textOf(body)].filter(Boolean).join('\n');
  const permalink = urlOf(source_url);
  const post = { ...(text && { text }), ...(permalink && { permalink }) };
  return { ...(parentId && { parentId }), ...(referral !== undefined && { context: { post } }) };
}
