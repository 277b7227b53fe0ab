import type { AttachmentSource, Item, MessageItem } from '#contract';
import { type Fields, fieldsOf, fromEither, idOf, listOf, textOf, urlOf } from './json.ts';
import { fileAt } from './media.ts';

/** Threads of chats begin so: the number of a person must not be taken for the number of a comment. */
const CHAT = 'dm:';
export const chatOf = (person: string): string => `${CHAT}${person}`;

/** Who a chat is with: as `normalise` noted it, or from the thread's name. */
export function personOf({ ref, threadId }: { ref?: unknown; threadId: string }): string {
  return idOf(fieldsOf(ref).to) ?? (threadId.startsWith(CHAT) ? threadId.slice(CHAT.length) : threadId);
}

/**
 * One event of `messaging` or `standby`, of Messenger or Instagram. `null`: nothing that anyone wrote or that became of
 * what we wrote. Throws for what cannot be read.
 */
export function normaliseChat(account: string, event: Fields, standby = false): Item | null {
  const at = fromEither(event.timestamp);
  if (event.message !== undefined) return inStandby(messageItem(account, event, fieldsOf(event.message), at), standby);
  if (event.message_edit !== undefined) return editItem(account, event, fieldsOf(event.message_edit), at);
  if (event.postback !== undefined) return postbackItem(account, event, fieldsOf(event.postback), at);
  const receipt = event.delivery ?? event.read;
  if (receipt !== undefined) return receiptItem(receipt, event.read === undefined ? 'delivered' : 'read', at);
  const known = ['reaction', 'referral', 'optin', 'policy_enforcement', 'pass_thread_control', 'take_thread_control'];
  if ([...known, 'request_thread_control', 'app_roles', 'response_feedback'].some((name) => event[name] !== undefined))
    return null;
  throw new Error('This event of a chat is of no kind that is known');
}

/** Another application has the chat just now: what is written there is kept, and not answered from here. */
function inStandby(item: Item, standby: boolean): Item {
  if (!standby || item.type !== 'message' || item.fromUs) return item;
  const ref = { ...(item.ref as { to: string; at: string }), standby };
  return { ...item, ref, title: item.title ?? 'Percakapan ini sedang ditangani aplikasi lain' };
}

function messageItem(account: string, event: Fields, message: Fields, at: string | undefined): Item {
  const objectId = idOf(message.mid);
  if (!objectId || !at) throw new Error('A message without its id or its time');
  if (message.is_deleted === true) return { type: 'deletion', objectId, at };
  const own = message.is_echo === true || idOf(fieldsOf(event.sender).id) === account;
  const key = own ? textOf(message.metadata) : undefined;
  const { attachments, words, location, title } = attached(listOf(message.attachments).map(fieldsOf));
  const unsupported = message.is_unsupported === true ? UNSUPPORTED : undefined;
  const text = [textOf(message.text) ?? '', ...words].filter(Boolean).join('\n');
  return {
    ...partsOf(event, own, objectId, at),
    text,
    ...(key && key.length <= 200 && { publicationKey: key }),
    ...(attachments.length > 0 && { attachments }),
    ...(location && { location }),
    ...((title ?? unsupported) && { title: title ?? unsupported }),
    ...quoted(fieldsOf(message.reply_to)),
  };
}

function partsOf(event: Fields, own: boolean, objectId: string, at: string): Omit<MessageItem, 'text'> {
  const person = idOf(fieldsOf(own ? event.recipient : event.sender).id);
  if (!person) throw new Error('A message without the person it is from or for');
  return {
    ...{ type: 'message', objectId, at, surface: 'message', threadId: chatOf(person) },
    ...(own ? { fromUs: true } : { author: { id: person } }),
    ref: { to: person, at },
  };
}

/** What it answers: another message, or our story. */
function quoted(reply: Fields): Partial<MessageItem> {
  const parentId = idOf(reply.mid);
  const story = fieldsOf(reply.story);
  const permalink = urlOf(story.url);
  if (reply.story === undefined) return parentId ? { parentId } : {};
  return { context: { post: { text: 'Balasan untuk Story akun ini', ...(permalink && { permalink }) } } };
}

function editItem(account: string, event: Fields, edit: Fields, at: string | undefined): Item {
  const objectId = idOf(edit.mid);
  const text = textOf(edit.text);
  if (!objectId || !at || text === undefined) throw new Error('An edit without its message, its time or its text');
  const own = idOf(fieldsOf(event.sender).id) === account;
  return { ...partsOf(event, own, objectId, at), text, edited: true };
}

function postbackItem(account: string, event: Fields, postback: Fields, at: string | undefined): Item {
  const objectId = idOf(postback.mid) ?? `postback ${idOf(fieldsOf(event.sender).id) ?? ''} ${String(event.timestamp)}`;
  if (!at) throw new Error('A button was pressed at no time');
  const own = idOf(fieldsOf(event.sender).id) === account;
  return { ...partsOf(event, own, objectId, at), text: textOf(postback.title) ?? '' };
}

/** `read` of Messenger tells a time up to which everything was read, and no message: that is nothing for one reply. */
function receiptItem(given: unknown, state: 'delivered' | 'read', at: string | undefined): Item | null {
  const objectId = idOf(fieldsOf(given).mid);
  return objectId && at ? { type: 'receipt', objectId, at, state } : null;
}

interface Attached {
  attachments: AttachmentSource[];
  /** What a link or a shared post says of itself. */
  words: string[];
  location?: { lat: number; lon: number };
  title?: string;
}

const UNSUPPORTED = 'Jenis pesan ini tidak didukung; buka aplikasinya untuk melihat';
const FILES = new Set(['image', 'video', 'audio', 'file']);
const STORY = 'story_mention';
const HEART = 'like_heart';

function attached(all: readonly Fields[]): Attached {
  const found: Attached = { attachments: [], words: [] };
  for (const one of all) {
    const payload = fieldsOf(one.payload);
    const url = urlOf(payload.url);
    const type = String(one.type);
    if (url && (FILES.has(type) || type === STORY)) found.attachments.push(fileAt(url, textOf(payload.name)));
    else if (type === 'location') addPlace(found, fieldsOf(payload.coordinates));
    else if (type === HEART) found.words.push('❤');
    else found.words.push([textOf(one.title) ?? textOf(payload.title), url].filter(Boolean).join('\n'));
    if (type === STORY) found.title = 'Menyebut akun ini di Story';
    if (type === 'unsupported_type') found.title = UNSUPPORTED;
  }
  return found;
}

function addPlace(found: Attached, { lat, long }: Fields): void {
  const [latitude, longitude] = [Number(lat), Number(long)];
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) found.location = { lat: latitude, lon: longitude };
}
