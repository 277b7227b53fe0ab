import type { AttachmentSource, MessageItem } from '#contract';
import { type Fields, fieldsOf, idOf, listOf, parseJson, textOf, urlOf } from '../_meta/json.ts';

/** What a message of any type says: its words, files, place. */
export type Said = Pick<MessageItem, 'text'> & Partial<Pick<MessageItem, 'title' | 'attachments' | 'location'>>;

const FILES = new Set(['image', 'video', 'audio', 'document', 'sticker']);
const UNSEEN = 'Pesan yang jenisnya tidak dibukakan WhatsApp; lihat di ponsel kantor atau minta warga menulis ulang';

/** `null`: it says nothing (a reaction, a notice of the system). */
export function saidIn(message: Fields): Said | null {
  const type = String(message.type);
  if (FILES.has(type)) return file(fieldsOf(message[type]), type);
  switch (type) {
    case 'text':
      return { text: textOf(fieldsOf(message.text).body) ?? '' };
    case 'location':
      return place(fieldsOf(message.location));
    case 'contacts':
      return { text: listOf(message.contacts).map(contactLine).join('\n') };
    case 'button':
      return { text: textOf(fieldsOf(message.button).text) ?? '' };
    case 'interactive':
      return { text: chosen(fieldsOf(message.interactive)) };
    case 'order':
      return { text: textOf(fieldsOf(message.order).text) ?? '', title: 'Pesanan dari katalog' };
    case 'reaction':
    case 'system':
      return null;
    default:
      return { text: '', title: UNSEEN };
  }
}

/** Named by Meta's number: fetched at once, since the number ends after a week. */
function file(media: Fields, type: string): Said {
  const id = idOf(media.id);
  if (!id) throw new Error(`A message of type ${type} without its file`);
  const mime = textOf(media.mime_type)?.split(';')[0]?.trim();
  const sha256 = textOf(media.sha256);
  const name = textOf(media.filename);
  const attachment: AttachmentSource = {
    ref: { media: id, ...(sha256 && { sha256 }) },
    ...(mime && { mime }),
    ...(name && { name: name.slice(0, 1_000) }),
  };
  return { text: textOf(media.caption) ?? '', attachments: [attachment] };
}

function place({ latitude, longitude, name, address, url }: Fields): Said {
  const [lat, lon] = [Number(latitude), Number(longitude)];
  const words = [textOf(name), textOf(address), urlOf(url)].filter(Boolean).join('\n');
  if (!(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return { text: words, title: 'Lokasi' };
  const text = [name, address].flatMap((part) => textOf(part) ?? []).join(', ');
  return { text: words, title: 'Lokasi', location: { lat, lon, ...(text && { text: text.slice(0, 2_000) }) } };
}

function contactLine(given: unknown): string {
  const { name, phones } = fieldsOf(given);
  const numbers = listOf(phones).flatMap((one) => textOf(fieldsOf(one).phone) ?? []);
  return `Kontak: ${[textOf(fieldsOf(name).formatted_name), ...numbers].filter(Boolean).join(', ')}`;
}

function chosen(interactive: Fields): string {
  const { title, description } = { ...fieldsOf(interactive.button_reply), ...fieldsOf(interactive.list_reply) };
  if (title !== undefined) return [textOf(title), textOf(description)].filter(Boolean).join('\n');
  return formLines(fieldsOf(interactive.nfm_reply));
}

/** A filled form comes as JSON inside a string, which need not be an object. */
function formLines({ response_json: json, body }: Fields): string {
  const answers = Object.entries(fieldsOf(parsed(json))).filter(([name]) => name !== 'flow_token');
  const lines = answers.map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [textOf(body), ...lines].filter(Boolean).join('\n') || (textOf(json) ?? '');
}

function parsed(json: unknown): unknown {
  try {
    return typeof json === 'string' ? parseJson(json) : undefined;
  } catch {
    return undefined;
  }
}
