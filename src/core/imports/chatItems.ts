import { createHash } from 'node:crypto';
import type { MessageItem } from '#contract';
import { authorOf } from '../entry.ts';
import { parsePhone } from '../leaks/phones.ts';
import type { ChatMessage } from './chat.ts';
import { plain } from './fields.ts';

export interface ChatEntry {
  key: string;
  item: MessageItem;
  /** The name of a file that came with it. */
  file: string | null;
}

export interface ChatOrder {
  /** Which of them is the office. */
  ours: string;
  /** The number of the citizen, where it is known: then a name that is saved later changes nothing. */
  contact?: string | undefined;
  group: boolean;
}

/**
 * Each citizen is a thread; what the office wrote belongs to whoever wrote last before it. A message is known again by its
 * time, author and words, and the how manieth of those it is: a longer export of the same chat adds only what is new. Pure.
 */
export function chatItems(messages: readonly ChatMessage[], { ours, contact, group }: ChatOrder): ChatEntry[] {
  const times = new Map<string, number>();
  const usual = messages.find(({ author }) => plain(author) !== plain(ours))?.author;
  let last = usual;
  return messages.flatMap((message): ChatEntry[] => {
    const fromUs = plain(message.author) === plain(ours);
    if (!fromUs) last = message.author;
    const citizen = group ? last : usual;
    if (citizen === undefined) return [];
    const person = personOf(citizen, group ? undefined : contact);
    const words = JSON.stringify([person.id, message.at.toISOString(), fromUs, message.text, message.file]);
    const ordinal = (times.get(words) ?? 0) + 1;
    times.set(words, ordinal);
    const name = createHash('sha256').update(`${words} ${ordinal}`).digest('hex').slice(0, 40);
    const text = message.text || `[Berkas: ${message.file}]`;
    const item: MessageItem = {
      ...{
        type: 'message',
        objectId: `obrolan-${name}`,
        threadId: `obrolan ${person.id}`,
        at: message.at.toISOString(),
      },
      ...{ surface: 'message', text, ...(fromUs ? { fromUs } : { author: person }) },
    };
    return [{ key: `chat ${name}`, item, file: message.file }];
  });
}

/** Of a contact that is not saved, the phone shows the number. */
function personOf(shown: string, contact: string | undefined) {
  const phone = contact ?? (/^[+\d\s().-]+$/.test(shown) ? parsePhone(shown)?.number : undefined);
  const name = phone && plain(shown) === plain(phone) ? undefined : shown;
  const isNumber = /^[+\d\s().-]+$/.test(shown);
  return authorOf({ ...(name && !isNumber && { name }), ...(phone && { phone }) }, phone || plain(shown) || shown);
}

/** The same words, however they were broken into lines. */
export const sameWords = (a: string, b: string): boolean => squeezed(a) === squeezed(b);
const squeezed = (text: string): string => text.replace(/[\s\u200b-\u200f\ufeff]+/g, ' ').trim();
