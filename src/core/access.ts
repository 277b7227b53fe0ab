import type { Role } from './roles.ts';

/** A role, for everything (`agencyId` null; only where the role allows it), an agency, or one of its units. */
export interface Grant {
  role: Role;
  agencyId: string | null;
  unitId: string | null;
}

/** Who acts: a user, narrowed by the key they came with. */
export interface Actor {
  userId: string;
  name: string;
  grants: readonly Grant[];
  /** A key may see less than its user. */
  keyScope: { agencyId: string | null; unitId: string | null };
}

/** What can be done with a complaint. `contact` is the reporter's name, phone and address. */
export const ABILITIES = [
  'read', 'enter', 'judge', 'assign', 'note', 'thread', 'step', 'hold', 'draft', 'publication', 'contact',
] as const; // biome-ignore format: one glance
export type Ability = (typeof ABILITIES)[number];

/** What can be done with the hub itself. `raw` is a delivery as it arrived, with everything in it. */
export const HUB_ABILITIES = ['channels', 'operate', 'quarantine', 'raw', 'trail', 'accessLog', 'anonymous'] as const;
export type HubAbility = (typeof HUB_ABILITIES)[number];

const DESK: readonly Ability[] = [
  'read', 'enter', 'judge', 'assign', 'note', 'thread', 'step', 'hold', 'draft', 'publication',
]; // biome-ignore format: one glance
const HANDLER: readonly Ability[] = [...DESK, 'contact'];
const STAFF: readonly Ability[] = ['read', 'enter', 'note', 'step', 'hold', 'draft', 'contact'];

const COMPLAINTS: Record<Role, readonly Ability[]> = {
  // Keeps the hub running; the reporter's contact is no part of that.
  system_admin: DESK,
  central_admin: HANDLER,
  intake_officer: HANDLER,
  agency_admin: HANDLER,
  liaison_officer: HANDLER,
  complaint_team: HANDLER,
  unit_head: HANDLER,
  unit_staff: STAFF,
  agency_head: HANDLER,
  auditor: ['read', 'contact'],
  privacy_officer: [],
  channel_admin: [],
};

const HUB: Record<Role, readonly HubAbility[]> = {
  system_admin: ['channels', 'operate', 'quarantine', 'raw', 'trail', 'accessLog'],
  central_admin: ['channels', 'operate', 'quarantine', 'raw', 'trail'],
  intake_officer: ['channels'],
  agency_admin: ['channels'],
  liaison_officer: ['channels'],
  complaint_team: ['channels'],
  unit_head: ['channels'],
  unit_staff: ['channels'],
  agency_head: ['channels'],
  auditor: ['channels', 'trail', 'accessLog'],
  // The only role that may see who an anonymous reporter is, on a complaint that another role of theirs shows them.
  privacy_officer: ['trail', 'accessLog', 'anonymous'],
  channel_admin: ['channels', 'operate', 'quarantine'],
};

/** Roles that may stand without an agency and then reach every complaint. Any other role without an agency reaches none. */
const DISTRICT_WIDE: ReadonlySet<Role> = new Set(['system_admin', 'central_admin', 'intake_officer', 'auditor']);

/** Complaints that somebody reaches: of everything, an agency, or a unit; `held`: also those on the sensitive hold. */
export interface Area {
  agencyId: string | null;
  unitId: string | null;
  held: boolean;
}

/** What of a complaint decides who sees it. */
export interface Place {
  agencyId: string | null;
  unitId: string | null;
  sensitive: boolean;
  sensitiveBy: string | null;
}

/** Where the actor has an ability, after the key's narrowing. Empty: nowhere. */
export function areas(actor: Actor, ability: Ability): Area[] {
  return actor.grants
    .filter((grant) => COMPLAINTS[grant.role].includes(ability))
    .filter((grant) => grant.agencyId !== null || DISTRICT_WIDE.has(grant.role))
    .flatMap((grant) => narrow(grant, actor.keyScope));
}

function narrow(grant: Grant, key: Actor['keyScope']): Area[] {
  const held = grant.role === 'auditor';
  if (grant.agencyId !== null && key.agencyId !== null && grant.agencyId !== key.agencyId) return [];
  if (grant.unitId !== null && key.unitId !== null && grant.unitId !== key.unitId) return [];
  return [{ agencyId: grant.agencyId ?? key.agencyId, unitId: grant.unitId ?? key.unitId, held }];
}

/** May the actor do this with a complaint that stands there? One on hold is for its marker and for auditors only. */
export function can(actor: Actor, ability: Ability, place: Place): boolean {
  const marker = place.sensitiveBy === actor.userId;
  return areas(actor, ability).some((area) => covers(area, place) && (!place.sensitive || area.held || marker));
}

const covers = (area: Area, place: Place): boolean =>
  (area.agencyId === null || area.agencyId === place.agencyId) &&
  (area.unitId === null || area.unitId === place.unitId);

/** May the actor do this with the hub itself? A key that is narrowed to an agency cannot operate what is everybody's. */
export function canHub(actor: Actor, ability: HubAbility): boolean {
  const narrowed = actor.keyScope.agencyId !== null;
  if (narrowed && ability !== 'channels') return false;
  return actor.grants.some((grant) => HUB[grant.role].includes(ability) && isHubWide(grant, ability));
}

/** Looking at channels is for everyone who works; the rest needs a grant that is not bound to one agency. */
const isHubWide = (grant: Grant, ability: HubAbility): boolean => ability === 'channels' || grant.agencyId === null;

/** Agencies whose channels the actor sees; `null`: all. */
export function channelAgencies(actor: Actor): string[] | null {
  const key = actor.keyScope.agencyId;
  if (key !== null) return [key];
  const wide = actor.grants.some((grant) => grant.agencyId === null && HUB[grant.role].includes('channels'));
  return wide ? null : actor.grants.flatMap((grant) => grant.agencyId ?? []);
}

/** Does the actor hold one of these roles for this agency (and unit)? Decides who may approve. */
export function holdsRole(actor: Actor, roles: readonly Role[], place: Place): boolean {
  const grants = actor.grants.filter((grant) => roles.includes(grant.role));
  return can({ ...actor, grants }, 'draft', place);
}
