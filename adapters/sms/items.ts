import { createHash } from 'node:crypto';
import type { Item, MessageItem, NormaliseContext, RawItem, ReceiptItem } from '#contract';
import { eventOf, type Fields, fieldsOf, listOf } from '../_meta/json.ts';
import { type MessageFields, textAt, at as valueAt } from './fields.ts';
import { e164 } from './phones.ts';
import type { Settings } from './settings.ts';
import { decode, inboxName, publicationKeyOf } from './spool/names.ts';
import { readTime } from './times.ts';

export const digest = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 32);
};

/** Our number, or short code, as a channel's file names it. */
export const accountOf = (written: string): string => e164(written) ?? written.trim();

/** Longer ones do not fit into a key. */
const LONGEST_ID = 200;

/** A message of a gateway, whether it was delivered or fetched: the same event has the same key. */
export function messageRaw(entry: unknown, fields: MessageFields, account: string): RawItem {
  const [given, from, at, own] = [fields.id, fields.from, fields.at, fields.to].map((one) => textAt(entry, one));
  const text = wordsAt(entry, fields.text);
  // Without either, the names are wrong: what stands there must not be taken for one empty message after the other.
  if (from === undefined || text === undefined) return strangeRaw(entry, account);
  const id = given && given.length <= LONGEST_ID ? given : digest(given ?? '', from, at ?? '', text);
  const raw = JSON.stringify({ message: { id, from, text, at } });
  return { account: own === undefined ? account : accountOf(own), key: `in:${id}`, raw };
}

/** Not trimmed: what a citizen wrote stays as it is. Empty is a message, too. */
function wordsAt(entry: unknown, place: string): string | undefined {
  const value = valueAt(entry, place);
  return typeof value === 'string' ? value : textAt(entry, place);
}

/** Kept as it came, so that somebody sees it. */
export function strangeRaw(entry: unknown, account: string): RawItem {
  const raw = JSON.stringify({ strange: entry ?? null });
  return { account, key: `strange:${digest(raw)}`, raw };
}

/** One event as it was stored: of a gateway, or of the spool's folders. */
export function normalise(raw: string | Uint8Array, ctx: NormaliseContext<Settings>): Item | null {
  const event = eventOf(raw);
  if (event.message !== undefined) return received(fieldsOf(event.message), ctx);
  if (event.report !== undefined) return reported(fieldsOf(event.report), ctx);
  if (event.files !== undefined) return fromSpool(event, ctx);
  if (event.kept !== undefined) return filed(fieldsOf(event.kept));
  return again(event.strange, ctx);
}

/** What was fetched under wrong names is read once they are right; a delivery is unpacked anew anyway. */
function again(entry: unknown, ctx: NormaliseContext<Settings>): MessageItem {
  const fields = ctx.settings.via === 'gateway' ? ctx.settings.inbox?.message : undefined;
  const read = fields && eventOf(messageRaw(entry, fields, ctx.channel.account).raw).message;
  if (read !== undefined) return received(fieldsOf(read), ctx);
  throw new Error(
    'The entry holds no sender or no text: compare the names in `message` (or `inbox.message`) with the gateway',
  );
}

function received({ id, from, text, at }: Fields, ctx: NormaliseContext<Settings>): MessageItem {
  if (typeof id !== 'string' || typeof from !== 'string') throw new Error('A message without its sender');
  const when = readTime(typeof at === 'string' ? at : undefined, ctx.settings.utcOffset);
  return message({ id, from, text: String(text), at: when ?? ctx.receivedAt.toISOString() });
}

/** A telephone number names the conversation. Short codes and names are robots: nobody can answer them. */
function message({ id, from, text, at }: { id: string; from: string; text: string; at: string }): MessageItem {
  const phone = e164(from);
  const who = phone ?? from.trim();
  const about = { type: 'message', objectId: id.slice(0, 1_000), at, surface: 'message', text } as const;
  if (phone) return { ...about, threadId: phone, author: { id: phone, phone } };
  return {
    ...about,
    threadId: who.slice(0, 200),
    author: { id: who.slice(0, 200), name: who.slice(0, 200) },
    automated: true,
  };
}

/** `null` for a word that the endpoint's settings do not explain: it says nothing about the delivery. */
function reported({ id, key, state, at, reason }: Fields, ctx: NormaliseContext<Settings>): ReceiptItem | null {
  const objectId = typeof id === 'string' ? id : key;
  if (typeof objectId !== 'string') throw new Error('A delivery report that does not say of which message');
  if (typeof state !== 'string') return null;
  const when = readTime(typeof at === 'string' ? at : undefined, ctx.settings.utcOffset);
  return {
    ...{ type: 'receipt', objectId, at: when ?? ctx.receivedAt.toISOString(), state: state as ReceiptItem['state'] },
    ...(typeof key === 'string' && { publicationKey: key }),
    ...(typeof reason === 'string' && { reason: reason.slice(0, 1_000) }),
  };
}

const GAP = '[bagian sebelumnya tidak sampai] ';

/** Parts of one message, in order. What is not text (settings of an operator, MMS) is not for us. */
function fromSpool({ files, gap }: Fields, ctx: NormaliseContext<Settings>): MessageItem | null {
  const { settings, receivedAt } = ctx;
  const read = listOf(files)
    .map(fieldsOf)
    .map(({ name, base64 }) => ({
      name: inboxName(String(name)),
      bytes: Buffer.from(String(base64), 'base64'),
    }));
  const [first] = read;
  if (!first?.name) throw new Error('A file of the modem whose name says no sender');
  if (first.name.kind === 'bin') return null;
  const charset = settings.via === 'gammu' ? settings.charset : 'utf-8';
  const text = decode(
    read.map((one) => one.bytes),
    charset,
  );
  const at = readTime(first.name.at, settings.utcOffset) ?? receivedAt.toISOString();
  const id = `${first.name.stem}-${digest(...read.map((one) => one.bytes)).slice(0, 8)}`;
  return message({ id, from: first.name.sender, text: gap === true ? GAP + text : text, at });
}

/** A file of ours that gammu-smsd has put among the sent ones, or among the errors. */
function filed({ name, state, at }: Fields): ReceiptItem {
  const objectId = String(name);
  const publicationKey = publicationKeyOf(objectId);
  return {
    ...{ type: 'receipt', objectId, at: String(at), state: state === 'sent' ? 'sent' : 'failed' },
    ...(publicationKey && { publicationKey }),
    ...(state !== 'sent' && {
      reason: 'Modem tidak dapat mengirimnya. Periksa pulsa, sinyal dan nomor, lalu tulis jawaban baru.',
    }),
  };
}
