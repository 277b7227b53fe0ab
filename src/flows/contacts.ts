import type { HubConfig } from '../config/hub.ts';
import { type OwnContacts, ownContacts } from '../core/leaks/index.ts';

const read = new WeakMap<HubConfig, OwnContacts>();

/** The contacts of the district and its agencies, which may be named in any answer. */
export function ownContactsOf(hub: HubConfig): OwnContacts {
  const own = read.get(hub) ?? ownContacts([hub.site.contacts, ...hub.agencies.map((agency) => agency.contacts)]);
  read.set(hub, own);
  return own;
}
