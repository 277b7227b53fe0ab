import { isPublic } from '#contract';
import { type Fault, Refusal } from '../../core/refusal.ts';
import { storable } from '../../core/text.ts';
import { type ComplaintRow, familyOf } from '../../store/complaints.ts';
import { forwardedMessages, messagesById, newestCitizenMessage, newestInThread } from '../../store/messages.ts';
import { isForwarded } from '../../store/register.ts';
import type { DraftTarget, Message } from '../../store/schema.ts';
import type { Desk } from './desk.ts';
import { reachingChannels, reachOn } from './reach.ts';

/** Where an answer is to go, and what is said there instead of its text. */
export interface Choice {
  messageIds?: readonly string[] | undefined;
  /** What each reporter of the complaint and of those merged into it wrote last. */
  toAll?: boolean | undefined;
  privately?: boolean | undefined;
  /** Another channel, on which the writers are reached by the number or address that they left. */
  through?: string | undefined;
  /** By channel, or by message. */
  texts?: Readonly<Record<string, string>> | undefined;
}

export async function targetsFor(desk: Desk, complaint: ComplaintRow, choice: Choice): Promise<DraftTarget[]> {
  const { through } = choice;
  const chosen = await chooseTargets(desk, complaint, choice);
  const messages = through === undefined ? chosen : reachedOnce(desk, through, chosen);
  mustMeanTargets(messages, choice.texts ?? {}, through);
  return messages.map((message) => {
    const channelId = channelFor(message, through);
    const own = choice.texts?.[message.id] ?? choice.texts?.[channelId];
    return {
      ...{ channelId, messageId: message.id },
      ...(choice.privately && isPublic(message.surface) && { privately: true as const }),
      ...(own !== undefined && { text: storable(own.trim()) }),
    };
  });
}

/**
 * Without a target the answer goes to what the citizen wrote last, where the complaint came from, and to the portals that
 * it was entered into.
 */
async function chooseTargets(desk: Desk, complaint: ComplaintRow, choice: Choice): Promise<Message[]> {
  const { messageIds, toAll } = choice;
  if (messageIds) return namedTargets(desk, complaint, [...new Set(messageIds)]);
  if (toAll) return everybody(desk, complaint);
  const newest = await newestCitizenMessage(desk.tx, complaint.id, complaint.channel_id);
  if (newest) return [newest, ...(await forwardedMessages(desk.tx, [complaint.id]))];
  throw new Refusal('unknown_message', 'no message of the citizen stands any more; name the message to answer');
}

/** Each in the thread of their own, and the portals that any of them was entered into. */
async function everybody({ tx }: Desk, complaint: ComplaintRow): Promise<Message[]> {
  const family = await familyOf(tx, complaint.id);
  const ids = family.map(({ id }) => id);
  const linked = family.filter(({ id }) => id !== complaint.id);
  const newest = await Promise.all([
    newestCitizenMessage(tx, complaint.id, complaint.channel_id),
    ...linked.map((member) => newestInThread(tx, [member.id, complaint.id], member)),
  ]);
  const found = newest.flatMap((message) => message ?? []);
  if (found.length === 0) throw new Refusal('unknown_message', 'no message of any citizen stands here any more');
  const targets = [...found, ...(await forwardedMessages(tx, ids))];
  return newestPerPlace(targets, placeOf);
}

function newestPerPlace(messages: readonly Message[], placeOf: (message: Message) => string): Message[] {
  const oldestFirst = messages.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const newestAt = new Map(oldestFirst.map((message) => [placeOf(message), message.id]));
  return messages.filter((message) => newestAt.get(placeOf(message)) === message.id);
}

/** In a chat the same thing is said once, however many complaints came of it; in public each writer is answered. */
const placeOf = ({ id, surface, channel_id, thread_id }: Message): string =>
  isPublic(surface) ? id : `${channel_id} ${thread_id}`;

/** Messages of the complaint, or of those merged into it: one approved answer may go to all of them. */
async function namedTargets({ tx }: Desk, complaint: ComplaintRow, ids: readonly string[]): Promise<Message[]> {
  const family = (await familyOf(tx, complaint.id)).map((member) => member.id);
  const messages = await messagesById(tx, ids);
  return ids.map((id) => {
    const message = messages.find((one) => one.id === id && (one.direction === 'in' || isForwarded(one)));
    if (message && family.includes(message.complaint_id)) return message;
    throw new Refusal('unknown_message', `${id} is no message of a citizen in this complaint or its duplicates`);
  });
}

/** A portal that it was entered into is no person: it is answered there. */
const channelFor = (message: Message, through: string | undefined): string =>
  isForwarded(message) ? message.channel_id : (through ?? message.channel_id);

/** One person gets it once, however many of their reports it answers. */
function reachedOnce({ deps }: Desk, through: string, messages: readonly Message[]): Message[] {
  const threadOf = new Map(messages.map((message) => [message.id, reachOn(deps, through, message)?.threadId]));
  mustReach(
    deps,
    through,
    messages.filter((message) => !isForwarded(message) && threadOf.get(message.id) === undefined),
  );
  return newestPerPlace(messages, ({ id }) => threadOf.get(id) ?? id);
}

function mustReach(deps: Desk['deps'], through: string, lost: readonly Message[]): void {
  if (lost.length === 0) return;
  const able = reachingChannels(deps).map(({ id }) => id);
  const message = `Pelapor tidak dapat dihubungi lewat ${through}: tidak ada nomor atau alamat yang dapat dipakai di sana. Kanal yang dapat menyurati lebih dulu: ${able.join(', ') || 'tidak ada'}.`;
  const faults: Fault[] = lost.map(({ id }) => ({ code: 'unreachable', message, messageId: id }));
  throw new Refusal('cannot_answer', `the reporter cannot be reached through "${through}"`, faults);
}

/** A text for a place where this answer does not go would be lost without a word. */
function mustMeanTargets(
  messages: readonly Message[],
  texts: Readonly<Record<string, string>>,
  through: string | undefined,
): void {
  const places = new Set(messages.flatMap((message) => [message.id, channelFor(message, through)]));
  const lost = Object.keys(texts).filter((key) => !places.has(key));
  if (lost.length === 0) return;
  const faults: Fault[] = lost.map((key) => ({
    code: 'no_target',
    message: `Ada teks untuk ${key}, tetapi jawaban ini tidak dikirim ke sana. Hapus teksnya, atau tambahkan tujuannya.`,
  }));
  throw new Refusal('cannot_answer', `texts name places where this answer does not go: ${lost.join(', ')}`, faults);
}
