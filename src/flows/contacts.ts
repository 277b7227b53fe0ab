import type { Author } from '#contract';
import type { HubConfig } from '../config/hub.ts';
import { type OwnContacts, ownContacts } from '../core/leaks/index.ts';
import { parsePhone } from '../core/leaks/phones.ts';
import type { Keyring } from '../platform/keyring.ts';

const read = new WeakMap<HubConfig, OwnContacts>();

/** The contacts of the district and its agencies, which may be named in any answer. */
export function ownContactsOf(hub: HubConfig): OwnContacts {
  const own = read.get(hub) ?? ownContacts([hub.site.contacts, ...hub.agencies.map((agency) => agency.contacts)]);
  read.set(hub, own);
  return own;
}

/** By these somebody is found again who writes on another channel: keyed hashes of their telephone number and e-mail address. */
export function contactBlinds(keyring: Pick<Keyring, 'blindIndex'>, { phone, email }: Author): Buffer[] {
  const number = phone && parsePhone(phone)?.number;
  const address = email?.trim().toLowerCase();
  return [number && `phone ${number}`, address && `email ${address}`].flatMap((one) =>
    one ? [keyring.blindIndex(one, 'contact')] : [],
  );
}
