import { findLeaks, type Hidden, maskLeaks, type OwnContacts } from './leaks/index.ts';
import { localTime } from './receipt.ts';

export interface BriefFacts {
  ticketNo: string | null;
  channel: string;
  category: string | null;
  title: string | null;
  text: string;
  place: string | null;
  receivedAt: Date;
  timezone: string;
  hidden: Hidden;
  own: OwnContacts;
}

const MOST = 600;

/** A few lines about a complaint to paste into a group chat of the office. Nothing of the reporter, nothing they typed by mistake. */
export function briefOf(facts: BriefFacts): string {
  const { ticketNo, channel, category, place, receivedAt, timezone } = facts;
  const text = headed(facts.title, facts.text);
  const masked = maskLeaks(text, findLeaks(text, facts.own, facts.hidden));
  const cut = masked.length > MOST ? `${masked.slice(0, MOST).trimEnd()}…` : masked;
  return [
    `*Aduan ${ticketNo ?? 'belum bernomor'}*`,
    `Diterima ${localTime(receivedAt, timezone)} lewat ${channel}`,
    ...(category ? [`Jenis: ${category}`] : []),
    ...(place ? [`Lokasi: ${place}`] : []),
    '',
    cut.toWellFormed(),
  ].join('\n');
}

/** A title of its own goes first; one that was made of the text's beginning does not. */
const headed = (title: string | null, text: string): string =>
  title && !text.startsWith(title.replace(/…$/, '')) ? `${title}\n${text}` : text;
