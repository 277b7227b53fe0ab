import { needs } from './access.ts';
import { GraphFailure, gone, invalid } from './errors.ts';
import { chatEvent } from './events.ts';
import { type GraphCall, type GraphRoutes, graphTime, type Parts, text } from './parts.ts';
import { rowsOf } from './reading.ts';
import type { Chat, Comment, Person, Post } from './world.ts';

/** Messenger and Instagram Direct. */
export const chatRoutes: GraphRoutes = [
  ['POST', /^\/(\d+)\/messages$/, (parts, call) => send(parts, call)],
  ['GET', /^\/(\d+)\/conversations$/, (parts, call) => conversations(parts, call)],
  ['GET', /^\/(t_[\w]+)$/, (parts, call) => conversation(parts, call)],
];

const DAY_MS = 86_400_000;

function send(parts: Parts, call: GraphCall) {
  const [account = ''] = call.caught;
  const recipient = call.fields.recipient as Record<string, string> | undefined;
  const message = call.fields.message as { text?: string; metadata?: string } | undefined;
  const words = text(message?.text);
  if (!recipient || words === '') throw invalid('recipient and message.text are needed');
  const about = { account, words, metadata: text(message?.metadata) };
  const target = recipient.comment_id ?? recipient.post_id;
  if (target !== undefined) return sendPrivately(parts, call, target, about);
  const chat = [...parts.world.chats.values()].find(
    (one) => one.person.id === recipient.id && belongs(parts, one, account),
  );
  if (!chat) throw new GraphFailure(100, 2018001, { message: 'No matching user found' });
  needs(call.token, chat.platform === 'instagram' ? 'instagram_manage_messages' : 'pages_messaging');
  mustBeOpen(parts, chat, call);
  mustBeShort(chat.platform, words);
  return {
    recipient_id: chat.person.id,
    message_id: deliver(parts, chat, { ...about, kind: 'message', target: chat.person.id }),
  };
}

/** A page answers the chats of the Instagram account behind it, too. */
function belongs({ settings }: Parts, chat: Chat, account: string): boolean {
  const page = settings.pages.find((one) => one.id === account || one.instagram?.id === account);
  return page !== undefined && (chat.account === page.id || chat.account === page.instagram?.id);
}

/** Free for 24 hours after the citizen's last message; with the tag for seven days, where that is approved. */
function mustBeOpen({ settings }: Parts, chat: Chat, { fields }: GraphCall): void {
  const last = Math.max(0, ...chat.messages.filter((one) => !one.own).map((one) => one.at));
  const age = Date.now() - last;
  if (age <= DAY_MS) return;
  const page = settings.pages.find((one) => one.id === chat.account || one.instagram?.id === chat.account);
  const tagged = fields.messaging_type === 'MESSAGE_TAG' && fields.tag === 'HUMAN_AGENT';
  if (tagged && page?.humanAgent && age <= 7 * DAY_MS) return;
  throw new GraphFailure(10, 2534022, { message: 'This message is sent outside of allowed window' });
}

function mustBeShort(platform: Chat['platform'], words: string): void {
  const tooLong = platform === 'instagram' ? Buffer.byteLength(words) > 1_000 : words.length > 2_000;
  if (tooLong) throw new GraphFailure(100, 2534037, { message: 'The text is too long' });
}

interface Words {
  account: string;
  words: string;
  metadata: string;
}

/** Once for each comment or post, within seven days of it. */
function sendPrivately(parts: Parts, call: GraphCall, id: string, about: Words) {
  needs(call.token, 'pages_messaging');
  const target: Comment | Post | undefined = parts.world.comments.get(id) ?? parts.world.posts.get(id);
  if (!target || target.removed) throw gone();
  const used = 'post' in target && target.privateReply;
  if (used || Date.now() - target.at > 7 * DAY_MS) throw new GraphFailure(100, 2534025, { message: 'Already replied' });
  const instagram = parts.settings.pages.some((one) => one.instagram?.id === target.account);
  const platform = instagram ? 'instagram' : 'messenger';
  mustBeShort(platform, about.words);
  if ('post' in target) target.privateReply = true;
  // Who writes in public has another number in chats.
  const person: Person = { ...target.from, id: `77${target.from.id.slice(-12)}` };
  const chat = parts.world.chatWith(platform, target.account, person);
  return { recipient_id: person.id, message_id: deliver(parts, chat, { ...about, kind: 'private', target: id }) };
}

function deliver(parts: Parts, chat: Chat, about: Words & { kind: 'private' | 'message'; target: string }): string {
  const mid = parts.world.nextId('m_sim');
  const { words, metadata, kind, target, account } = about;
  const made = { mid, own: true, text: words, at: Date.now(), ...(metadata && { metadata }) };
  parts.world.addMessage(chat, made);
  parts.world.land({ id: mid, kind, account, target, text: words, at: made.at, ...(metadata && { metadata }) });
  parts.courier.add(chatEvent(parts, chat, made));
  return mid;
}

function conversations(parts: Parts, call: GraphCall) {
  const [account = ''] = call.caught;
  const { platform, user_id: person } = call.fields;
  const chats = [...parts.world.chats.values()].filter(
    (one) =>
      one.platform === platform && belongs(parts, one, account) && (person === undefined || one.person.id === person),
  );
  const newest = (chat: Chat): number => chat.messages.at(-1)?.at ?? 0;
  const ordered = chats.toSorted((a, b) => newest(b) - newest(a));
  return rowsOf(ordered, call, (one) => ({ id: one.id, updated_time: graphTime(newest(one)) }));
}

/** Only the newest messages can be read. */
function conversation({ world }: Parts, { caught: [id = ''] }: GraphCall) {
  const chat = world.chats.get(id);
  if (!chat) throw gone();
  const [own, citizen] = [{ id: chat.account, name: 'Akun resmi' }, chat.person];
  const data = chat.messages
    .filter((one) => !one.unsent)
    .slice(-20)
    .reverse()
    .map((one) => ({
      ...{ id: one.mid, created_time: graphTime(one.at), message: one.text },
      ...{ from: one.own ? own : citizen, to: { data: [one.own ? citizen : own] } },
      ...(one.attachments && { attachments: { data: one.attachments.map(({ url }) => ({ image_data: { url } })) } }),
    }));
  return { id: chat.id, messages: { data } };
}
