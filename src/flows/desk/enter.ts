import { isPublic, type MessageItem, type Surface } from '#contract';
import type { Channel } from '../../config/channel.ts';
import { type Actor, areas } from '../../core/access.ts';
import { authorOf, type EntryField, missingFields, type Reporter } from '../../core/entry.ts';
import { type Name, nameOf } from '../../core/entryName.ts';
import { Refusal } from '../../core/refusal.ts';
import { sha256 } from '../../core/sealed.ts';
import { type ComplaintChange, changeComplaint, lockForRouting } from '../../store/complaints.ts';
import { inTransaction, type Tx } from '../../store/database.ts';
import { claimUploads } from '../../store/drafts.ts';
import { appendEvents } from '../../store/events.ts';
import { knownKeys } from '../../store/items.ts';
import { lockChannel, messagesByObject } from '../../store/register.ts';
import { saveRouting } from '../../store/routing.ts';
import { type DeskDeps, findChannel } from '../deps.ts';
import { enterInto } from '../enter.ts';
import { routeAll, routedEvents } from '../routing.ts';
import { mustExist } from './assign.ts';
import { actorName } from './desk.ts';

/** A complaint as an officer heard or read it: at the counter, on the telephone, in a letter, on a page by hand. */
export interface EntryOrder {
  channel: string;
  /** Absent: what the channel is usually used for. */
  surface?: Surface | undefined;
  /** When it reached the office; absent: now. */
  receivedAt?: Date | undefined;
  /** Who took it, where that is not whoever enters it. */
  receivedBy?: string | undefined;
  title?: string | undefined;
  text: string;
  kind?: MessageItem['kind'];
  category?: string | undefined;
  agency?: string | undefined;
  unit?: string | undefined;
  occurredAt?: Date | undefined;
  location?: MessageItem['location'];
  reporter?: Reporter | undefined;
  anonymous?: boolean | undefined;
  secret?: boolean | undefined;
  /** Uploaded before, by the same person. */
  attachments?: readonly string[] | undefined;
  /** Where it stands, on a page. */
  permalink?: string | undefined;
  /** Its number at the place it comes from: of a letter, of a ticket at a portal. */
  reference?: string | undefined;
  /** How the reporter wants to be answered, in words. */
  answerBy?: string | undefined;
  /** Why it is taken although something that the agency asks for is missing. */
  incomplete?: string | undefined;
  /** The same key again is the same complaint. */
  key?: string | undefined;
}

export interface Entered {
  complaintId: string;
  /** It was entered before: with the same key, or with the same number or address there and the same words. */
  known: boolean;
  /** It was entered by the same person, now or before with the same key. */
  mine: boolean;
}

/**
 * Enters a complaint. It is one at once, with a ticket number, also where it stands in public: a person has judged it.
 * What the officer says of agency, kind and category goes before the rules. Refuses `missing_fields`, `cannot_enter`, and
 * with `conflict` other words under a key or number that is used already.
 */
export async function enterByHand(deps: DeskDeps, actor: Actor, order: EntryOrder): Promise<Entered> {
  const channel = channelFor(deps, actor, order);
  mustExist(deps, order.agency ?? null, order.unit ?? null);
  const missing = mustBeWhole(deps, channel, order);
  const name = nameOf({ userId: actor.userId, mirrors: mirrors(deps, channel) }, order);
  const item = itemOf(deps, channel, order, name.objectId);
  const receivedAt = order.receivedAt ?? deps.clock.now();
  const entry = { channel, key: name.key, item, files: [], receivedAt, by: actorName(actor), judged: true };
  const entered = await inTransaction(deps.db, async (tx) => {
    await lockChannel(tx, channel.id);
    await mustBeTheSame(tx, channel, name);
    const { outcome, complaintId, messageId, reason } = await enterInto(deps, tx, entry);
    if (!complaintId) throw new Refusal('conflict', `it was not entered: ${reason ?? 'the same one is being entered'}`);
    if (outcome !== 'entered' || !messageId) return { complaintId, known: true, mine: name.by !== 'place' };
    await attach(tx, actor, order.attachments ?? [], { complaintId, messageId, channelId: channel.id });
    await settle(deps, tx, actor, { complaintId, order, missing });
    return { complaintId, known: false, mine: true };
  });
  await deps.wake('normalise', channel.id);
  return entered;
}

/** Is the channel another place's register, whose numbers are unique? Of letters and minutes they need not be. */
const mirrors = ({ adapters }: DeskDeps, { adapter, import: imports }: Channel): boolean =>
  imports !== undefined || !adapters[adapter]?.entry;

/** What is named so and says something else must not be taken for the same, nor for a newer text of it. */
async function mustBeTheSame(tx: Tx, channel: Channel, { objectId, key, by }: Name): Promise<void> {
  const [there] = await messagesByObject(tx, channel.id, [sha256(objectId)]);
  if (!there || (await knownKeys(tx, channel.id, [sha256(key)])).size > 0) return;
  const what = by === 'key' ? 'this Idempotency-Key' : `"${objectId}" on "${channel.id}"`;
  const todo =
    by === 'key' ? 'use another key for another complaint' : 'look there; correct "reference" if it is another';
  throw new Refusal(
    'conflict',
    `${what} stands for complaint ${there.complaint_id}, which says something else: ${todo}`,
  );
}

/** The channel, where the actor may enter something on it. Refuses `cannot_enter`, `forbidden`. */
export function channelFor(
  deps: DeskDeps,
  actor: Actor,
  { channel: id, surface }: Pick<EntryOrder, 'channel' | 'surface'>,
): Channel {
  const channel = findChannel(deps.config, id);
  if (!channel) throw new Refusal('cannot_enter', `there is no channel "${id}" in use`);
  const entry = deps.adapters[channel.adapter]?.entry;
  if (!entry && channel.mode !== 'assisted')
    throw new Refusal(
      'cannot_enter',
      `"${id}" brings its complaints in by itself; its file does not say "mode: assisted"`,
    );
  if (surface && entry && !entry.surfaces.includes(surface))
    throw new Refusal('cannot_enter', `"${id}" takes ${entry.surfaces.join(', ')}, not "${surface}"`);
  const mine = areas(actor, 'enter');
  const allowed = channel.agency
    ? mine.some(({ agencyId }) => agencyId === null || agencyId === channel.agency)
    : mine.length > 0;
  if (!allowed) throw new Refusal('forbidden', `your roles do not allow "enter" on "${id}"; ask an administrator`);
  return channel;
}

/** Asks for what the responsible agency asks for. Gives back what is missing all the same, with the officer's reason. */
function mustBeWhole({ config }: DeskDeps, channel: Channel, order: EntryOrder): EntryField[] {
  const agencyId = order.agency ?? channel.agency;
  const agency = config.hub.agencies.find(({ id }) => id === agencyId);
  const missing = missingFields(agency?.intake.required ?? [], givenIn(order), order.anonymous ?? false);
  if (missing.length > 0 && !order.incomplete?.trim()) {
    const faults = missing.map(({ field, label }) => ({
      code: `missing_${field}`,
      message: `${agency?.name} meminta ${label}. Lengkapi, atau tulis alasannya di "incomplete".`,
    }));
    const fields = missing.map(({ field }) => field).join(', ');
    throw new Refusal('missing_fields', `missing: ${fields}; give them, or say in "incomplete" why not`, faults);
  }
  return missing.map(({ field }) => field);
}

function givenIn({ reporter, attachments, ...order }: EntryOrder): ReadonlySet<EntryField> {
  const said: Record<EntryField, unknown> = {
    ...{ name: reporter?.name, phone: reporter?.phone, email: reporter?.email, address: reporter?.address },
    ...{ title: order.title, category: order.category, location: order.location, occurredAt: order.occurredAt },
    attachment: attachments?.length ? true : undefined,
  };
  return new Set((Object.keys(said) as EntryField[]).filter((field) => said[field]));
}

function itemOf({ adapters, clock }: DeskDeps, channel: Channel, order: EntryOrder, id: string): MessageItem {
  const { title, text, kind, category, location, permalink, anonymous, secret, occurredAt } = order;
  const at = order.receivedAt ?? clock.now();
  const surface = order.surface ?? usualSurface(adapters[channel.adapter], channel);
  const { receivedBy, reference, answerBy } = order;
  const about = { ...(receivedBy && { receivedBy }), ...(reference && { reference }), ...(answerBy && { answerBy }) };
  return {
    ...{ type: 'message', objectId: id, threadId: id, at: at.toISOString(), surface, text },
    ...(order.reporter && { author: authorOf(order.reporter, id) }),
    ...(title && { title }),
    ...(kind && { kind }),
    ...(category && { category }),
    ...(location && { location }),
    ...(permalink && { permalink }),
    ...(occurredAt && { occurredAt: occurredAt.toISOString() }),
    ...(anonymous && { anonymous }),
    ...(secret && { secret }),
    ...(Object.keys(about).length > 0 && { ref: about }),
  };
}

export function usualSurface(adapter: DeskDeps['adapters'][string] | undefined, channel: Channel): Surface {
  if (adapter?.entry) return adapter.entry.usual(channel.settings);
  return adapter?.publish?.surfaces.find((one) => !isPublic(one)) ?? 'report';
}

async function attach(
  tx: Tx,
  { userId }: Actor,
  ids: readonly string[],
  place: { complaintId: string; messageId: string; channelId: string },
): Promise<void> {
  if ((await claimUploads(tx, userId, ids, place)) === new Set(ids).size) return;
  throw new Refusal('unknown_attachment', 'a file was not uploaded by you, or belongs to a complaint already');
}

/** What the officer knows goes before what the rules guess; from here on it is triaged. */
async function settle(
  deps: DeskDeps,
  tx: Tx,
  actor: Actor,
  { complaintId, order, missing }: { complaintId: string; order: EntryOrder; missing: readonly EntryField[] },
): Promise<void> {
  const at = deps.clock.now();
  const complaint = await lockForRouting(tx, complaintId);
  const [routed] = await routeAll({ hub: deps.config.hub, keyring: deps.keyring }, tx, [complaint]);
  const { agency, unit, kind, category } = order;
  const said: ComplaintChange = {
    ...(agency && { agency_id: agency, unit_id: unit ?? null }),
    ...(kind && { kind }),
    ...(category && { category }),
  };
  await saveRouting(tx, [{ ...complaint, ...routed!.changes }], at);
  if (Object.keys(said).length > 0) await changeComplaint(tx, complaintId, said);
  const data = { missing: [...missing], agency: agency ?? null, unit: unit ?? null };
  const reason = order.incomplete?.trim();
  const entered = { complaintId, actor: actorName(actor), type: 'complaint.entered', data, ...(reason && { reason }) };
  await appendEvents(tx, [...routedEvents(routed!), entered], at);
}
