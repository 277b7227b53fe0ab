import type { Channel } from '../../../config/channel.ts';
import type { Actor } from '../../../core/access.ts';
import { type Chat, readChat } from '../../../core/imports/chat.ts';
import { type ChatEntry, chatItems, sameWords } from '../../../core/imports/chatItems.ts';
import { plain } from '../../../core/imports/fields.ts';
import { parsePhone } from '../../../core/leaks/phones.ts';
import { Refusal } from '../../../core/refusal.ts';
import { sha256 } from '../../../core/sealed.ts';
import { type FileStore, sniff } from '../../../platform/files.ts';
import { safeName } from '../../../platform/safeName.ts';
import { type ChatExport, openChatExport } from '../../../platform/tables/chatExport.ts';
import type { StoredFile } from '../../../store/attachments.ts';
import { knownKeys } from '../../../store/items.ts';
import { answersInThreads } from '../../../store/publications.ts';
import type { DeskDeps } from '../../deps.ts';
import { withCode } from '../../door/code.ts';
import { type Became, CHUNK, enterMany, type ManyEntry } from '../../enterMany.ts';
import { actorName } from '../desk.ts';
import { channelFor } from '../enter.ts';
import { hashOf, readable, recordImport, unreadable } from './file.ts';

export type ChatDeps = DeskDeps & { files: Pick<FileStore, 'put'> };

export interface ChatImport {
  channel: string;
  bytes: Uint8Array;
  /** The participant that is the office, as the export names them. */
  ours: string;
  /** The citizen's telephone number. */
  contact?: string | undefined;
  /** Several people write there: each is a thread. */
  group: boolean;
  dry: boolean;
}

export interface ChatResult {
  sha256: string;
  participants: string[];
  counts: Record<
    'messages' | 'new' | 'known' | 'ours' | 'echoes' | 'waiting' | 'failed' | 'skipped' | 'files' | 'filesMissing',
    number
  >;
  /** Answers of the hub that wait for a confirmation and stand in this chat. */
  toConfirm: { publicationId: string; at: Date }[];
}

/**
 * Takes in an exported WhatsApp chat: the citizen's messages as a thread, the office's as answers outside the hub. What
 * the hub itself had answered is recognised by its words. Refuses `unreadable_file`.
 */
export async function importChat(deps: ChatDeps, actor: Actor, order: ChatImport): Promise<ChatResult> {
  const channel = channelFor(deps, actor, { channel: order.channel, surface: 'message' });
  const opened = await readable((async () => openChatExport(Buffer.from(order.bytes)))());
  const chat = read(deps, opened.text);
  mustBeTold(chat, order);
  const contact = order.contact === undefined ? undefined : phoneOf(order.contact);
  const entries = chatItems(chat.messages, { ours: order.ours, contact, group: order.group });
  const { news, known } = await freshOf(deps, channel, entries);
  const { echoes, toConfirm } = await echoesOf(deps, actor, channel, news);
  const files = order.dry ? NO_FILES : await keep(deps, opened, news);
  const became = order.dry
    ? news.map((): Became => 'entered')
    : await enterMany(
        deps,
        { channel, by: actorName(actor) },
        news.map((entry) => manyOf(entry, { echoes, files: files.of })),
      );
  const counts = {
    ...{ messages: chat.messages.length, skipped: chat.skipped, files: files.of.size, filesMissing: files.missing },
    ...countsOf(news, became, { known, echoes }),
  };
  const result = { sha256: hashOf(order.bytes), participants: chat.participants, counts, toConfirm };
  const { sha256: hash } = result;
  if (!order.dry) await recordImport(deps, actor, { channel: channel.id, format: 'whatsapp', sha256: hash, counts });
  return result;
}

function read({ config, clock }: DeskDeps, text: string): Chat {
  const chat = readChat(text, { timezone: config.hub.site.timezone, now: clock.now() });
  if (chat && chat.messages.length > 0) return chat;
  throw unreadable('ini bukan ekspor obrolan WhatsApp; di WhatsApp pilih obrolannya, lalu Lainnya > Ekspor chat');
}

function mustBeTold({ participants }: Chat, { ours, group }: ChatImport): void {
  const others = participants.filter((one) => plain(one) !== plain(ours));
  const names = participants
    .slice(0, 20)
    .map((one) => `"${one}"`)
    .join(', ');
  if (others.length === participants.length && participants.length > 1)
    throw unreadable(`"${ours}" tidak ada dalam obrolan ini; yang ada: ${names}. Sebutkan nama kantor di "ours"`);
  if (others.length === 0) throw unreadable('tidak ada pesan warga dalam obrolan ini');
  if (others.length > 1 && !group)
    throw unreadable(
      `ini obrolan grup: ${names}. Bila memang dimaksud, ulangi dengan group=true: tiap orang menjadi satu aduan`,
    );
}

function phoneOf(written: string): string {
  const phone = parsePhone(written)?.number;
  if (!phone) throw new Refusal('unreadable_file', '"contact" is no telephone number; write it like 0812-3456-7890');
  return phone;
}

async function freshOf(deps: DeskDeps, channel: Channel, entries: readonly ChatEntry[]) {
  const keys = new Set<string>();
  for (let at = 0; at < entries.length; at += CHUNK * 10) {
    const hashes = entries.slice(at, at + CHUNK * 10).map(({ key }) => sha256(key));
    for (const key of await knownKeys(deps.db, channel.id, hashes)) keys.add(key);
  }
  const news = entries.filter(({ key }) => !keys.has(sha256(key).toString('hex')));
  return { news, known: entries.length - news.length };
}

/** Which of the office's messages are answers of the hub, pasted by hand: by their words, each for one message. */
async function echoesOf(deps: DeskDeps, actor: Actor, channel: Channel, news: readonly ChatEntry[]) {
  const echoes = new Map<string, string>();
  const toConfirm: ChatResult['toConfirm'] = [];
  const ours = news.filter(({ item }) => item.fromUs);
  const answers = await answersInThreads(deps.db, actor, channel.id, [
    ...new Set(ours.map(({ item }) => item.threadId)),
  ]);
  for (const { key, item } of ours) {
    const at = answers.findIndex(
      (one) => one.threadId === item.threadId && sameWords(withCode(deps.keyring, one, one.text), item.text),
    );
    const [answer] = at < 0 ? [] : answers.splice(at, 1);
    if (!answer) continue;
    echoes.set(key, answer.id);
    if (answer.state === 'assist' && answer.visible)
      toConfirm.push({ publicationId: answer.id, at: new Date(item.at) });
  }
  return { echoes, toConfirm };
}

interface Kept {
  of: ReadonlyMap<string, StoredFile>;
  /** Named in the chat and not exported, or too large. */
  missing: number;
}
const NO_FILES: Kept = { of: new Map(), missing: 0 };

/** Files of new messages, one after the other. They are stored first, so that no row points at nothing. */
async function keep(deps: ChatDeps, opened: ChatExport, news: readonly ChatEntry[]): Promise<Kept> {
  const kept = new Map<string, StoredFile>();
  const { maxBytes } = deps.config.hub.policies.attachments;
  const wanted = news.filter(({ file, item }) => file && !item.fromUs);
  for (const { key, file } of wanted) {
    const bytes = opened.file(file!);
    if (!bytes || bytes.length === 0 || bytes.length > maxBytes) continue;
    const mime = (await sniff(bytes)) ?? 'application/octet-stream';
    kept.set(key, { name: safeName(file!, mime), mime, ...(await deps.files.put(bytes)) });
  }
  return { of: kept, missing: wanted.length - kept.size };
}

function manyOf(
  { key, item }: ChatEntry,
  { echoes, files }: { echoes: ReadonlyMap<string, string>; files: ReadonlyMap<string, StoredFile> },
): ManyEntry {
  const publicationKey = echoes.get(key);
  const file = files.get(key);
  const told = publicationKey ? { ...item, publicationKey } : item;
  return { key, item: told, receivedAt: new Date(item.at), files: file ? [file] : [] };
}

function countsOf(
  news: readonly ChatEntry[],
  became: readonly Became[],
  { known, echoes }: { known: number; echoes: ReadonlyMap<string, string> },
) {
  const others = news.flatMap(({ key, item }, at) => (echoes.has(key) ? [] : [{ ...item, became: became[at] }]));
  const count = (what: Became, who?: 'us' | 'them') =>
    others.filter((one) => one.became === what && (!who || (who === 'us') === Boolean(one.fromUs))).length;
  return {
    ...{ new: count('entered', 'them'), ours: count('entered', 'us'), echoes: echoes.size },
    ...{ known: known + count('known'), waiting: count('waiting'), failed: count('failed') },
  };
}
