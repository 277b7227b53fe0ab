import type { AddressObject, EmailAddress, Headers, HeaderValue } from 'mailparser';

export interface Person {
  /** Lower case: who writes `Budi@Contoh.example` today and `budi@contoh.example` tomorrow is one person. */
  address: string;
  name?: string;
}

const ADDRESS = /^[^\s\p{Cc}<>,;:"()[\]\\@]{1,64}@[^\s\p{Cc}<>,;:"()[\]\\@]{1,255}$/u;

/** The first usable address of From, To and Reply-To. */
export function peopleOf(headers: Headers) {
  const first = (name: string) => firstOf(headers.get(name));
  return { from: first('from'), to: first('to'), replyTo: first('reply-to') };
}

function firstOf(value: HeaderValue | undefined): Person | undefined {
  const objects = (Array.isArray(value) ? value : [value]).filter(isAddressObject);
  const members = objects.flatMap(({ value: list }) => list.flatMap((one) => one.group ?? [one]));
  return members.map(personOf).find((one) => one !== undefined);
}

const isAddressObject = (value: unknown): value is AddressObject =>
  typeof value === 'object' && value !== null && Array.isArray((value as Partial<AddressObject>).value);

function personOf({ address, name }: EmailAddress): Person | undefined {
  const clean = address?.trim().toLowerCase() ?? '';
  if (!ADDRESS.test(clean)) return undefined;
  // A name that is an address is often another one than the sender's: a trick.
  const shown = name.trim().slice(0, 500);
  return { address: clean, ...(shown && !shown.includes('@') && { name: shown }) };
}
