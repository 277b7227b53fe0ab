import { privateEmails } from './emails.ts';
import { identityNumbers } from './identity.ts';
import { type Hidden, hiddenNames, homeAddresses, NOTHING_HIDDEN, squeeze } from './people.ts';
import { parsePhone, privatePhones } from './phones.ts';
import { blank, originalSpan, plain, type Span } from './plain.ts';

export { type Hidden, NOTHING_HIDDEN } from './people.ts';

/** Kinds of personal data that must not be published. */
export const LEAKS = ['nik', 'kk', 'phone', 'email', 'address', 'name'] as const;
export type LeakKind = (typeof LEAKS)[number];

export interface Leak extends Span {
  kind: LeakKind;
}

/** Contacts of the government itself, which may be named anywhere; made by `ownContacts`. */
export interface OwnContacts {
  /** E.164. */
  phones: ReadonlySet<string>;
  /** Lower case; `@contoh.go.id` stands for every address of that domain. */
  emails: ReadonlySet<string>;
  /** As `squeeze` writes them. */
  addresses: readonly string[];
}

export interface Contacts {
  phones: readonly string[];
  emails: readonly string[];
  addresses: readonly string[];
}

export function ownContacts(lists: readonly Contacts[]): OwnContacts {
  return {
    phones: new Set(lists.flatMap((list) => list.phones.flatMap((phone) => parsePhone(phone)?.number ?? []))),
    emails: new Set(lists.flatMap((list) => list.emails.map((email) => email.toLowerCase()))),
    addresses: lists.flatMap((list) => list.addresses.map(squeeze)),
  };
}

/** Neither a run of digits nor an @ nor "at": most texts. */
const WORTH_A_LOOK = /\d(?:\D{0,3}\d){6}|@|[[({<]\s{0,3}at\s{0,3}[\])}>]|\sat\s/iu;

/**
 * Personal data in a text, in the order of the text, without overlaps. Digits in any script, grouping or disguise that
 * people use. Pure; the only knowledge of persons is what `hidden` says.
 */
export function findLeaks(text: string, own: OwnContacts, hidden: Hidden = NOTHING_HIDDEN): Leak[] {
  const read = plain(text);
  const known = [
    ...named('name', hiddenNames(read.text, hidden.names)),
    ...named('address', homeAddresses(read.text, hidden.addresses, own.addresses)),
  ];
  const contacts = WORTH_A_LOOK.test(read.text) ? contactsIn(read.text, own) : [];
  return withoutOverlaps([...contacts, ...known]).map((leak) => ({ ...leak, ...originalSpan(read, leak) }));
}

/** Each kind is looked for in what the ones before it left: a phone directly after a NIK is still a phone. */
function contactsIn(text: string, own: OwnContacts): Leak[] {
  const emails = named('email', privateEmails(text, own.emails));
  const identities = identityNumbers(blank(text, emails));
  const phones = named('phone', privatePhones(blank(text, [...emails, ...identities]), own.phones));
  return [...emails, ...identities, ...phones];
}

const named = (kind: LeakKind, spans: readonly Span[]): Leak[] => spans.map((span) => ({ ...span, kind }));

function withoutOverlaps(leaks: readonly Leak[]): Leak[] {
  const kept: Leak[] = [];
  for (const leak of leaks.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if (leak.start >= (kept.at(-1)?.end ?? 0)) kept.push(leak);
  return kept;
}

const MASKS: Record<LeakKind, string> = {
  nik: '[NIK disamarkan]',
  kk: '[nomor KK disamarkan]',
  phone: '[nomor telepon disamarkan]',
  email: '[email disamarkan]',
  address: '[alamat disamarkan]',
  name: '[nama disamarkan]',
};

/** The text for readers beyond the handlers: what a citizen wrote by mistake is masked, everything else stands. */
export const mask = (text: string, own: OwnContacts): string => maskLeaks(text, findLeaks(text, own));

export function maskLeaks(text: string, leaks: readonly Leak[]): string {
  return leaks.reduceRight(
    (masked, { start, end, kind }) => masked.slice(0, start) + MASKS[kind] + masked.slice(end),
    text,
  );
}
