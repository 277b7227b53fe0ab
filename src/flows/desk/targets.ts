import { type Author, rulesOf } from '#contract';
import { placeOn } from '../../config/channel.ts';
import { type AnswerTarget, answerFaults, answerWarnings } from '../../core/answer.ts';
import { canonicalJson } from '../../core/chain.ts';
import type { Hidden } from '../../core/leaks/index.ts';
import { Refusal } from '../../core/refusal.ts';
import { sha256 } from '../../core/sealed.ts';
import { channelStates } from '../../store/channels.ts';
import { answerability, type ComplaintRow, duplicateIds } from '../../store/complaints.ts';
import { uploadsOf } from '../../store/drafts.ts';
import {
  authorsOf,
  forwardedMessages,
  lastCitizenAt,
  messagesById,
  newestCitizenMessage,
} from '../../store/messages.ts';
import { answeredPrivately } from '../../store/publications.ts';
import { isForwarded } from '../../store/register.ts';
import type { Attachment, DraftTarget, Message } from '../../store/schema.ts';
import { ownContactsOf } from '../contacts.ts';
import type { DeskDeps } from '../deps.ts';
import type { Desk } from './desk.ts';
import { withWays } from './ways.ts';

/** What is to be said, where, with which files. */
export interface AnswerContent {
  text: string;
  attachmentIds: string[];
  targets: DraftTarget[];
}

/**
 * Without a target the answer goes to what the citizen wrote last, where the complaint came from, and to the portals that
 * it was entered into.
 */
export async function chooseTargets(
  desk: Desk,
  complaint: ComplaintRow,
  messageIds?: readonly string[],
): Promise<Message[]> {
  if (messageIds) return namedTargets(desk, complaint, [...new Set(messageIds)]);
  const newest = await newestCitizenMessage(desk.tx, complaint.id, complaint.channel_id);
  if (newest) return [newest, ...(await forwardedMessages(desk.tx, [complaint.id]))];
  throw new Refusal('unknown_message', 'no message of the citizen stands any more; name the message to answer');
}

/** Messages of the complaint, or of those merged into it: one approved answer may go to all of them. */
async function namedTargets({ tx }: Desk, complaint: ComplaintRow, ids: readonly string[]): Promise<Message[]> {
  const family = [complaint.id, ...(await duplicateIds(tx, complaint.id))];
  const messages = await messagesById(tx, ids);
  return ids.map((id) => {
    const message = messages.find((one) => one.id === id && (one.direction === 'in' || isForwarded(one)));
    if (message && family.includes(message.complaint_id)) return message;
    throw new Refusal('unknown_message', `${id} is no message of a citizen in this complaint or its duplicates`);
  });
}

export interface Sendable {
  files: Attachment[];
  /** In plain Indonesian; they keep nobody back. */
  warnings: string[];
}

/** Refuses what could never be sent, before anybody writes more or approves it: `cannot_answer` with every fault. */
export async function mustBeSendable(desk: Desk, complaint: ComplaintRow, content: AnswerContent): Promise<Sendable> {
  const { tx, deps, at } = desk;
  const files = await uploadsOf(tx, complaint.id, content.attachmentIds);
  if (files.length < content.attachmentIds.length)
    throw new Refusal('unknown_attachment', 'an attachment was not uploaded for this complaint; upload it first');
  const targets = await targetsOf(desk, complaint, content.targets);
  const named = files.map(({ name, mime, size }) => ({ name, mime, size: size ?? 0 }));
  const answer = { ...{ text: content.text, files: named, targets, now: at }, own: ownContactsOf(deps.config.hub) };
  const found = answerFaults(answer);
  if (found.length === 0) return { files, warnings: answerWarnings(answer) };
  const faults = await withWays(desk, complaint, found);
  deps.log.info({ complaint: complaint.id, faults: faults.map((fault) => fault.code) }, 'draft: cannot be sent');
  throw new Refusal(
    'cannot_answer',
    `the answer cannot be sent as it is: ${faults.map((one) => one.code).join(', ')}`,
    faults,
  );
}

/** What an answer there would meet. The reporters' names are read, for comparison only. */
async function targetsOf(
  desk: Desk,
  complaint: ComplaintRow,
  targets: readonly DraftTarget[],
): Promise<AnswerTarget[]> {
  const messages = await messagesById(
    desk.tx,
    targets.map((target) => target.messageId),
  );
  const written = await authorsOf(desk.tx, [complaint.id, ...(await duplicateIds(desk.tx, complaint.id))]);
  const authors = written.map(({ channel_id, public: open, author_sealed }) => ({
    channelId: channel_id,
    public: open,
    ...(desk.deps.keyring.decryptJson(author_sealed, 'author') as Author),
  }));
  return Promise.all(
    messages.map((message) => {
      const privately = targets.some((target) => target.messageId === message.id && target.privately);
      return describe(desk, complaint, message, { authors, privately });
    }),
  );
}

/** Names that everybody reads there already may be used there; all other names and addresses may not. */
function hiddenAt(message: Message, authors: readonly WrittenBy[]): Hidden {
  const open = authors.filter((author) => author.public && author.channelId === message.channel_id);
  const shown = new Set(open.map((author) => author.name));
  const names = authors.flatMap((author) => (author.name && !shown.has(author.name) ? [author.name] : []));
  return {
    names: [...new Set(names)],
    addresses: [...new Set(authors.flatMap((author) => author.address ?? []))],
  };
}

type WrittenBy = Author & { channelId: string; public: boolean };

async function describe(
  { tx, deps }: Desk,
  complaint: ComplaintRow,
  message: Message,
  { authors, privately }: { authors: readonly WrittenBy[]; privately: boolean },
): Promise<AnswerTarget> {
  const channel = deps.config.channels.find((one) => one.id === message.channel_id);
  // A channel whose file is broken still has its adapter: the answer waits until the file is mended.
  const { adapter, secret } = await answerability(tx, message.complaint_id);
  const { surface } = message;
  return {
    messageId: message.id,
    channel: channel?.label ?? message.channel_id,
    surface,
    lastCitizenAt: privately ? message.at : await lastCitizenAt(tx, message),
    deleted: message.deleted_at !== null,
    secret: complaint.secret || secret,
    hidden: hiddenAt(message, authors),
    // A report of ours at a portal stands on another channel than its complaint.
    rules: rulesOf(deps.adapters[channel?.adapter ?? adapter], placeOn(channel, { surface, privately })),
    ...(privately && { privately, privatelyUsed: await answeredPrivately(tx, message.id) }),
  };
}

/** What an approval is bound to: the text, the files by their content, and where it goes. */
export function contentHash(content: AnswerContent, files: readonly Attachment[]): Buffer {
  const targets = content.targets.map(({ channelId, messageId, privately }) => [
    ...[channelId, messageId],
    ...(privately ? ['privately'] : []),
  ]);
  const attachments = files.map((file) => [file.id, file.sha256]);
  return sha256(canonicalJson([content.text, attachments, targets]));
}

/** Channels that will not send now, in plain Indonesian. They keep nobody from drafting. */
export async function channelWarnings(deps: DeskDeps, targets: readonly DraftTarget[]): Promise<string[]> {
  const states = new Map((await channelStates(deps.db)).map((state) => [state.channel_id, state]));
  return [...new Set(targets.map((target) => target.channelId))].flatMap((id) => {
    const state = states.get(id);
    const channel = deps.config.channels.find((one) => one.id === id);
    if (!channel) return [`Kanal ${id} salah setelan atau sudah dihapus: jawaban menunggu.`];
    if (!channel.enabled) return [`Kanal ${channel.label} tidak aktif: jawaban menunggu.`];
    if (state?.paused_at) return [`Kanal ${channel.label} sedang dijeda: jawaban menunggu.`];
    if (state && state.health !== 'ok') return [`Kanal ${channel.label} sedang terganggu: jawaban dapat tertunda.`];
    return [];
  });
}
