import { randomUUID } from 'node:crypto';
import { type Author, isPublic, type MessageItem, type Surface } from '#contract';
import type { Channel } from '../../config/channel.ts';
import { type Actor, areas } from '../../core/access.ts';
import { type EntryField, missingFields } from '../../core/entry.ts';
import { parsePhone } from '../../core/leaks/phones.ts';
import { Refusal } from '../../core/refusal.ts';
import { type ComplaintChange, changeComplaint, lockForRouting } from '../../store/complaints.ts';
import { inTransaction, type Tx } from '../../store/database.ts';
import { claimUploads } from '../../store/drafts.ts';
import { appendEvents } from '../../store/events.ts';
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
  reporter?: Pick<Author, 'name' | 'phone' | 'email' | 'address' | 'handle'> | undefined;
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
  /** It was entered before, with the same key. */
  known: boolean;
}

/**
 * Enters a complaint. It is one at once, with a ticket number, also where it stands in public: a person has judged it.
 * What the officer says of agency, kind and category goes before the rules. Refuses `missing_fields`, `cannot_enter`.
 */
export async function enterByHand(deps: DeskDeps, actor: Actor, order: EntryOrder): Promise<Entered> {
  const channel = channelFor(deps, actor, order);
  mustExist(deps, order.agency ?? null, order.unit ?? null);
  const missing = mustBeWhole(deps, channel, order);
  const item = itemOf(deps, channel, order);
  const receivedAt = order.receivedAt ?? deps.clock.now();
  const key = `entered ${actor.userId} ${order.key ?? item.objectId}`;
  const entry = { channel, key, item, files: [], receivedAt, by: actorName(actor), judged: true };
  const entered = await inTransaction(deps.db, async (tx) => {
    const { outcome, complaintId, messageId, reason } = await enterInto(deps, tx, entry);
    if (!complaintId) throw new Refusal('conflict', `it was not entered: ${reason ?? 'the same one is being entered'}`);
    if (outcome !== 'entered' || !messageId) return { complaintId, known: true };
    await attach(tx, actor, order.attachments ?? [], { complaintId, messageId, channelId: channel.id });
    await settle(deps, tx, actor, { complaintId, order, missing });
    return { complaintId, known: false };
  });
  await deps.wake('normalise', channel.id);
  return entered;
}

function channelFor(deps: DeskDeps, actor: Actor, { channel: id, surface }: EntryOrder): Channel {
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

function itemOf({ adapters, clock }: DeskDeps, channel: Channel, order: EntryOrder): MessageItem {
  const id = randomUUID();
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

function usualSurface(adapter: DeskDeps['adapters'][string] | undefined, channel: Channel): Surface {
  if (adapter?.entry) return adapter.entry.usual(channel.settings);
  return adapter?.publish?.surfaces.find((one) => !isPublic(one)) ?? 'report';
}

/** Whoever leaves a number or an address is known again by it on this channel. */
function authorOf(reporter: NonNullable<EntryOrder['reporter']>, otherwise: string): Author {
  const phone = reporter.phone && (parsePhone(reporter.phone)?.number ?? reporter.phone);
  const id = phone || reporter.email?.toLowerCase() || reporter.handle || otherwise;
  return { ...reporter, ...(phone && { phone }), id };
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
