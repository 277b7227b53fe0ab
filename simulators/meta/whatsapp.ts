import { needs } from './access.ts';
import { GraphFailure, gone, invalid } from './errors.ts';
import type { PhoneSettings } from './options.ts';
import { type GraphCall, type GraphRoutes, type Parts, text } from './parts.ts';
import { phoneOf, statusEvent, userIdOf } from './phones.ts';
import type { Chat, ChatMessage } from './world.ts';

/** Numbers of WhatsApp. Some addresses have the form of others here: what is for no number is left to the next route. */
export const whatsappRoutes: GraphRoutes = [
  ['POST', /^\/(\d+)\/messages$/, (parts, call) => (isPhone(parts, call) ? send(parts, call) : undefined)],
  ['POST', /^\/(\d+)\/media$/, (parts, call) => upload(parts, call)],
  ['GET', /^\/(\d+)\/message_templates$/, (parts, call) => templates(parts, call)],
  ['GET', /^\/([0-9a-f]{12})$/, (parts, call) => media(parts, call)],
  ['GET', /^\/(\d+)$/, (parts, call) => (isPhone(parts, call) ? number(parts, call) : undefined)],
];

const DAY_MS = 86_400_000;
const MANAGE = 'whatsapp_business_management';
const SEND = 'whatsapp_business_messaging';

const isPhone = ({ settings }: Parts, { caught: [id] }: GraphCall): boolean =>
  settings.phones.some((one) => one.id === id);

type Body = { type?: string; template?: Template; [type: string]: unknown };
interface Template {
  name: string;
  language: { code: string };
  components?: { parameters: { text: string }[] }[];
}

function send(parts: Parts, { caught: [id = ''], fields, token }: GraphCall) {
  needs(token, SEND);
  const phone = phoneOf(parts, id);
  if (fields.status === 'read') return { success: true };
  const body = fields as Body;
  const chat = body.type === 'template' ? anyChat(parts, phone, fields) : chatOf(parts, phone, fields);
  const words = body.type === 'template' ? filled(phone, body.template) : within(chat, body);
  const made: ChatMessage = { mid: parts.world.nextId('wamid.OUT'), own: true, text: words, at: Date.now() };
  const key = text(fields.biz_opaque_callback_data);
  const photo = parts.world.uploads.get(text(partOf(body).id));
  if (photo) made.attachments = [{ type: 'image', url: `${parts.url()}/cdn/${photo}` }];
  parts.world.addMessage(chat, { ...made, ...(key && { metadata: key }) });
  const about = { account: id, target: chat.person.id, text: words, at: made.at };
  parts.world.land({ id: made.mid, kind: 'message', ...about, ...(key && { metadata: key }), ...(photo && { photo }) });
  for (const status of ['sent', 'delivered'] as const)
    parts.courier.add(statusEvent(parts, id, { mid: made.mid, to: chat.person.id, status, key }));
  const contact = { input: chat.person.id, wa_id: chat.person.id, user_id: userIdOf(chat.person) };
  return {
    ...{ messaging_product: 'whatsapp', contacts: [contact] },
    messages: [{ id: made.mid, message_status: 'accepted' }],
  };
}

function chatOf({ world }: Parts, { id }: PhoneSettings, { to, recipient }: Record<string, unknown>): Chat {
  const found = [...world.chats.values()].find(
    (one) =>
      one.platform === 'whatsapp' && one.account === id && (one.person.id === to || userIdOf(one.person) === recipient),
  );
  if (!found) throw new GraphFailure(131_026, undefined, { message: 'Message undeliverable' });
  return found;
}

/** A template may begin a chat: staff are told of work so. */
function anyChat(parts: Parts, phone: PhoneSettings, fields: Record<string, unknown>): Chat {
  const to = text(fields.to);
  return to ? parts.world.chatWith('whatsapp', phone.id, { id: to, name: `+${to}` }) : chatOf(parts, phone, fields);
}

const partOf = (body: Body): Record<string, unknown> => (body[body.type ?? ''] ?? {}) as Record<string, unknown>;

function within(chat: Chat, body: Body): string {
  const last = Math.max(0, ...chat.messages.filter((one) => !one.own).map((one) => one.at));
  if (Date.now() - last > DAY_MS) throw new GraphFailure(131_047, undefined, { message: 'Re-engagement message' });
  const { body: words, caption } = partOf(body);
  const said = text(words ?? caption);
  if (body.type === 'text' ? said === '' || said.length > 4_096 : said.length > 1_024)
    throw invalid('the text has no length that is allowed');
  return said;
}

function filled({ templates: known }: PhoneSettings, wanted: Template | undefined): string {
  const found = known.find((one) => one.name === wanted?.name && one.language === wanted.language.code);
  if (!found) throw new GraphFailure(132_001, undefined, { message: 'Template does not exist' });
  if (found.status !== 'APPROVED') throw new GraphFailure(132_015, undefined, { message: 'Template is paused' });
  const given = wanted?.components?.[0]?.parameters.map((one) => one.text) ?? [];
  if (given.length !== slots(found.body)) throw new GraphFailure(132_000, undefined, { message: 'Parameter count' });
  if (given.some((one) => /[\n\t]| {5}/.test(one)))
    throw new GraphFailure(132_012, undefined, { message: 'Parameter format' });
  return found.body.replace(/\{\{(\d+)\}\}/g, (_, n: string) => given[Number(n) - 1] ?? '');
}

const slots = (body: string): number => new Set(body.match(/\{\{\d+\}\}/g)).size;

function upload(parts: Parts, { file, token }: GraphCall) {
  needs(token, SEND);
  if (!file) throw invalid('file is needed');
  const name = parts.world.keepFile(file.mime, file.bytes);
  const id = name.split('.')[0]!;
  parts.world.uploads.set(id, name);
  return { id };
}

function media(parts: Parts, { caught: [id = ''] }: GraphCall) {
  const found = [...parts.world.files].find(([name]) => name.startsWith(`${id}.`));
  if (!found) throw gone();
  const [name, { mime, bytes }] = found;
  return {
    id,
    url: `${parts.url()}/cdn/${name}`,
    mime_type: mime,
    file_size: bytes.length,
    messaging_product: 'whatsapp',
  };
}

function templates({ settings }: Parts, { caught: [business = ''], token }: GraphCall) {
  needs(token, MANAGE);
  const all = settings.phones.filter((one) => one.business === business).flatMap((one) => one.templates);
  const data = all.map(({ body, ...about }) => ({ ...about, components: [{ type: 'BODY', text: body }] }));
  return { data };
}

function number(parts: Parts, { caught: [id = ''] }: GraphCall) {
  const { display, name } = phoneOf(parts, id);
  return { id, verified_name: name, display_phone_number: display, quality_rating: 'GREEN', status: 'CONNECTED' };
}
