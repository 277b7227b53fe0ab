import { type Author, rulesOf } from '#contract';
import { placeOn } from '../../config/channel.ts';
import { type AnswerTarget, answerFaults, answerWarnings } from '../../core/answer.ts';
import { canonicalJson } from '../../core/chain.ts';
import { ownerOf } from '../../core/family.ts';
import type { Hidden } from '../../core/leaks/index.ts';
import { Refusal } from '../../core/refusal.ts';
import { sha256 } from '../../core/sealed.ts';
import { channelStates } from '../../store/channels.ts';
import { type ComplaintRow, type FamilyMember, familyOf } from '../../store/complaints.ts';
import { uploadsOf } from '../../store/drafts.ts';
import { authorsOf, lastCitizenAt, messagesById } from '../../store/messages.ts';
import { answeredPrivately } from '../../store/publications.ts';
import type { Attachment, DraftTarget, Message } from '../../store/schema.ts';
import { ownContactsOf } from '../contacts.ts';
import type { DeskDeps } from '../deps.ts';
import type { Desk } from './desk.ts';
import { reachOn } from './reach.ts';
import { withWays } from './ways.ts';

/** What is to be said, where, with which files. */
export interface AnswerContent {
  text: string;
  attachmentIds: string[];
  targets: DraftTarget[];
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
  const family = await familyOf(desk.tx, complaint.id);
  const written = await authorsOf(
    desk.tx,
    family.map(({ id }) => id),
  );
  const authors = written.map(({ author_sealed, ...about }) => ({
    ...about,
    owner: ownerOf(family, about)?.id,
    ...(desk.deps.keyring.decryptJson(author_sealed, 'author') as Author),
  }));
  return Promise.all(
    messages.map((message) => {
      const target = targets.find(({ messageId }) => messageId === message.id);
      return describe(desk, complaint, message, { authors, family, ...(target && { target }) });
    }),
  );
}

type WrittenBy = Author & {
  channel_id: string;
  thread_id: string;
  public: boolean;
  /** The complaint in whose conversation it was written. */
  owner: string | undefined;
};

/** Names that everybody reads in this very thread may be used there; all other names and addresses may not. */
function hiddenAt(message: Message, authors: readonly WrittenBy[], anonymous: boolean): Hidden {
  const open = authors.filter(
    (author) =>
      author.public && !anonymous && author.channel_id === message.channel_id && author.thread_id === message.thread_id,
  );
  const shown = new Set(open.map((author) => author.name));
  return hiddenOf(
    authors.filter(({ name }) => !shown.has(name)),
    authors,
  );
}

/** Linked reporters without a name. What the reader is called as well may be said to them. */
function anonymousBeside(
  reader: { id: string },
  authors: readonly WrittenBy[],
  family: readonly FamilyMember[],
): Hidden {
  const anonymous = new Set(family.flatMap((member) => (member.anonymous ? member.id : [])));
  const own = hiddenOf(authors.filter(({ owner }) => owner === reader.id));
  const hidden = hiddenOf(authors.filter(({ owner }) => owner && owner !== reader.id && anonymous.has(owner)));
  return {
    names: hidden.names.filter((name) => !own.names.includes(name)),
    addresses: hidden.addresses.filter((address) => !own.addresses.includes(address)),
  };
}

function hiddenOf(named: readonly WrittenBy[], living: readonly WrittenBy[] = named): Hidden {
  return {
    names: [...new Set(named.flatMap(({ name }) => name || []))],
    addresses: [...new Set(living.flatMap(({ address }) => address || []))],
  };
}

interface Around {
  authors: readonly WrittenBy[];
  family: readonly FamilyMember[];
  target?: DraftTarget;
}

async function describe(
  { tx, deps }: Desk,
  complaint: ComplaintRow,
  message: Message,
  { authors, family, target }: Around,
): Promise<AnswerTarget> {
  const { privately = false, text, channelId = message.channel_id } = target ?? {};
  const reached = channelId === message.channel_id ? null : reachOn(deps, channelId, message);
  const channel = deps.config.channels.find((one) => one.id === channelId);
  const owner = ownerOf(family, message) ?? complaint;
  const surface = reached?.surface ?? message.surface;
  return {
    ...{ messageId: message.id, channelId, channel: channel?.label ?? channelId, surface },
    lastCitizenAt: privately ? message.at : await lastCitizenAt(tx, message),
    deleted: message.deleted_at !== null,
    secret: complaint.secret || owner.secret,
    hidden: hiddenAt(message, authors, owner.anonymous),
    others: hiddenOf(authors.filter((author) => author.owner !== owner.id)),
    anonymous: anonymousBeside(owner, authors, family),
    otherTickets: family.flatMap(({ id, ticket_no }) => (id !== owner.id && ticket_no ? [ticket_no] : [])),
    statusPage: deps.statusPages && owner.ticket_no ? `${deps.statusPages}/${owner.ticket_no}` : null,
    // A channel whose file is broken still has its adapter. A report of ours at a portal stands on another channel.
    rules: rulesOf(deps.adapters[channel?.adapter ?? owner.adapter], placeOn(channel, { surface, privately })),
    ...(text !== undefined && { text }),
    ...(privately && { privately, privatelyUsed: await answeredPrivately(tx, message.id) }),
  };
}

/** What an approval is bound to: the text, what is said instead of it anywhere, the files by their content, and where it goes. */
export function contentHash(content: AnswerContent, files: readonly Attachment[]): Buffer {
  const targets = content.targets.map(({ channelId, messageId, privately, text }) => [
    ...[channelId, messageId],
    ...(privately ? ['privately'] : []),
    ...(text === undefined ? [] : [{ text }]),
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
