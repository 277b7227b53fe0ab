import type { Event } from './courier.ts';
import type { PhoneSettings } from './options.ts';
import type { Parts } from './parts.ts';
import type { Chat, ChatMessage, Person } from './world.ts';

const seconds = (at: number): string => String(Math.floor(at / 1_000));
/** Meta's own id of a person, for this business. */
export const userIdOf = (person: Person): string => `ID.${person.id}`;

interface Said {
  /** Milliseconds since 1970; now, unless said. */
  at?: number;
  photo?: { mime: string; bytes: Uint8Array };
}

/** What people do on WhatsApp. A person's `id` is their number, in digits. */
export class Phones {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A text, or a photo with it as its caption. */
  message(phone: string, from: Person, text: string, { at = Date.now(), photo }: Said = {}): ChatMessage {
    const made: ChatMessage = { mid: this.#id(), own: false, text, at };
    if (!photo) return this.#write(phone, from, made, { type: 'text', text: { body: text } });
    const name = this.#parts.world.keepFile(photo.mime, photo.bytes);
    const image = { id: name.split('.')[0]!, mime_type: photo.mime, caption: text };
    made.attachments = [{ type: 'image', url: `${this.#parts.url()}/cdn/${name}` }];
    return this.#write(phone, from, made, { type: 'image', image });
  }

  edit(phone: string, from: Person, message: ChatMessage, text: string): void {
    message.text = text;
    const words = { type: 'text', text: { body: text } };
    this.#tell(phone, from, this.#id(), { type: 'edit', edit: { original_message_id: message.mid, message: words } });
  }

  /** Taken back by its author. */
  revoke(phone: string, from: Person, message: ChatMessage): void {
    message.unsent = true;
    this.#tell(phone, from, this.#id(), { type: 'revoke', revoke: { original_message_id: message.mid } });
  }

  /** Staff answer on the office's phone, beside the hub. */
  staffAnswer(phone: string, to: Person, text: string): ChatMessage {
    const made: ChatMessage = { mid: this.#id(), own: true, text, at: Date.now() };
    this.#parts.world.addMessage(this.#chat(phone, to), made);
    const between = { from: phoneOf(this.#parts, phone).display, to: to.id, to_user_id: userIdOf(to) };
    const echo = { ...between, id: made.mid, timestamp: seconds(made.at), type: 'text', text: { body: text } };
    const value = { message_echoes: [echo] };
    this.#parts.courier.add(eventOf(this.#parts, phone, 'smb_message_echoes', value));
    return made;
  }

  /** The citizen has read it. */
  read(phone: string, message: ChatMessage, by: Person): void {
    this.#parts.courier.add(statusEvent(this.#parts, phone, { mid: message.mid, to: by.id, status: 'read' }));
  }

  #write(phone: string, from: Person, made: ChatMessage, body: Record<string, unknown>): ChatMessage {
    this.#parts.world.addMessage(this.#chat(phone, from), made);
    this.#tell(phone, from, made.mid, body, made.at);
    return made;
  }

  #tell(phone: string, from: Person, id: string, body: Record<string, unknown>, at = Date.now()): void {
    const message = { from: from.id, from_user_id: userIdOf(from), id, timestamp: seconds(at), ...body };
    const contact = { profile: { name: from.name }, wa_id: from.id, user_id: userIdOf(from) };
    this.#parts.courier.add(eventOf(this.#parts, phone, 'messages', { contacts: [contact], messages: [message] }));
  }

  #chat(phone: string, person: Person): Chat {
    return this.#parts.world.chatWith('whatsapp', phone, person);
  }

  #id(): string {
    return this.#parts.world.nextId('wamid.SIM');
  }
}

export function phoneOf({ settings }: Pick<Parts, 'settings'>, id: string): PhoneSettings {
  const found = settings.phones.find((one) => one.id === id);
  if (!found) throw new Error(`there is no number ${id} here`);
  return found;
}

function eventOf(parts: Parts, phone: string, field: string, value: Record<string, unknown>): Event {
  const { business, display } = phoneOf(parts, phone);
  const metadata = { display_phone_number: display, phone_number_id: phone };
  return {
    ...{ object: 'whatsapp_business_account', entry: business, as: 'changes' },
    value: { field, value: { messaging_product: 'whatsapp', metadata, ...value } },
  };
}

export interface Status {
  mid: string;
  to: string;
  status: 'sent' | 'delivered' | 'read' | 'failed';
  key?: string;
  code?: number;
}

/** What became of a message of ours. */
export function statusEvent(parts: Parts, phone: string, { mid, to, status, key, code }: Status): Event {
  const told = {
    ...{ id: mid, status, timestamp: seconds(Date.now()), recipient_id: to },
    ...(key && { biz_opaque_callback_data: key }),
    ...(code && { errors: [{ code, title: 'said by Meta', error_data: { details: 'simulated' } }] }),
  };
  return eventOf(parts, phone, 'messages', { statuses: [told] });
}
