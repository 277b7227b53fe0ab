import type { Author, Door, MessageItem } from '#contract';
import { type Filled, isAnonymous } from './form.ts';

/** A form without fault, as the item that it is. `key` names it, and its conversation. Pure. */
export function formItem(
  door: Door,
  filled: Filled,
  { key, at, timezone }: { key: string; at: Date; timezone: string },
): MessageItem {
  const value = (field: keyof Filled): string => filled[field].trim();
  const anonymous = isAnonymous(door, filled);
  const contact = contactOf(value, anonymous);
  return {
    ...{ type: 'message', objectId: key, threadId: key, at: at.toISOString(), surface: 'form' },
    ...(value('title') && { title: value('title') }),
    text: value('text'),
    // Known by this one entry: whoever types the same number elsewhere may be somebody else.
    ...(Object.keys(contact).length > 0 && { author: { ...contact, id: key } }),
    ...(value('category') && { category: value('category') }),
    ...(value('place') && { location: { text: value('place') } }),
    ...(value('date') && { occurredAt: `${value('date')}T00:00:00${OFFSETS[timezone] ?? 'Z'}` }),
    ...{ anonymous, secret: filled.secret !== '' },
  };
}

/** A later message of the same conversation. */
export const furtherItem = (text: string, about: { key: string; threadId: string; at: Date }): MessageItem => ({
  ...{ type: 'message', objectId: about.key, threadId: about.threadId, at: about.at.toISOString() },
  ...{ surface: 'form', text: text.trim() },
});

/** Of somebody who stays anonymous only what they want to be told by: a name typed before that choice is not kept. */
function contactOf(value: (field: keyof Filled) => string, anonymous: boolean): Author {
  return {
    ...(!anonymous && value('name') && { name: value('name') }),
    ...(value('phone') && { phone: value('phone') }),
    ...(value('email') && { email: value('email') }),
    ...(!anonymous && value('address') && { address: value('address') }),
  };
}

/** Indonesia has three zones, and no summer time. */
const OFFSETS: Record<string, string> = {
  'Asia/Jakarta': '+07:00',
  'Asia/Makassar': '+08:00',
  'Asia/Jayapura': '+09:00',
};
