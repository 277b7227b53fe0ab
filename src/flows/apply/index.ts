import type { Item, MessageItem } from '#contract';
import type { HubConfig } from '../../config/hub.ts';
import type { Channel } from '../../config/load.ts';
import { matchingRules, type Routable } from '../../core/routing.ts';
import { sha256 } from '../../core/sealed.ts';
import { type Decision, decide } from '../../core/thread.ts';
import type { Keyring } from '../../platform/keyring.ts';
import { newId, type Tx } from '../../store/database.ts';
import type { ItemOutcome } from '../../store/items.ts';
import { contactBlinds } from '../contacts.ts';
import { settleByEcho } from '../publish/settle.ts';
import { isOwnAccount } from '../routing.ts';
import { applyDeletion, applyReceipt, applyStatus, applyVersion } from './changes.ts';
import { attachmentRows, complaintRow, messageRow } from './rows.ts';
import { Workset } from './workset.ts';

export interface Entry {
  /** The source item's id. */
  id: string;
  item: Item;
  receivedAt: Date;
}

export interface ApplyContext {
  tx: Tx;
  channel: Channel;
  keyring: Keyring;
  routing: HubConfig['routing'];
  ownAccounts: HubConfig['ownAccounts'];
  now: Date;
  settleMs: number;
  /** Does the hub write to people on this channel who have not written there (`reach`)? */
  reaches?: boolean;
  /** Who entered them, where a person did: `user:<id>`. */
  by?: string;
  /** A person has judged them: each is a complaint at once, also where it stands in public. */
  judged?: boolean;
}

const actorOf = ({ by, channel }: ApplyContext): string => by ?? `channel:${channel.id}`;

/**
 * Applies normalised items of one channel, in order, in the caller's transaction. What each became is returned; what
 * waited for an object that came in this batch can be found by `arrived`.
 */
export async function applyItems(
  context: ApplyContext,
  entries: readonly Entry[],
): Promise<{ outcomes: ItemOutcome[]; arrived: Buffer[] }> {
  const set = new Workset(context);
  await set.load(
    entries.map((entry) => entry.item),
    entries.flatMap((entry) => blindOf(context, entry.item) ?? []),
  );
  const outcomes: ItemOutcome[] = [];
  for (const entry of entries) outcomes.push(await applyOne(context, set, entry));
  await set.flush();
  return { outcomes, arrived: set.arrived };
}

async function applyOne(context: ApplyContext, set: Workset, entry: Entry): Promise<ItemOutcome> {
  const decision = decide(entry.item, set.known(entry.item, blindOf(context, entry.item)));
  const outcome: ItemOutcome = {
    id: entry.id,
    outcome: 'applied',
    reason: null,
    objectHash: sha256(entry.item.objectId),
    threadHash: entry.item.type === 'message' ? sha256(entry.item.threadId) : null,
    complaintId: null,
  };
  if (decision.do === 'ignore') return { ...outcome, outcome: 'ignored', reason: decision.reason };
  if (decision.do === 'pending') return { ...outcome, outcome: 'pending', reason: decision.reason };
  const result = await carryOut(context, set, entry, decision);
  return { ...outcome, ...result };
}

type Carried = Pick<ItemOutcome, 'complaintId'> & Partial<Pick<ItemOutcome, 'outcome' | 'reason'>>;

async function carryOut(context: ApplyContext, set: Workset, entry: Entry, decision: Decision): Promise<Carried> {
  const { item } = entry;
  const actor = actorOf(context);
  if (item.type === 'message') {
    if (decision.do === 'open')
      return { complaintId: open(context, set, item, entry, context.judged ? 'received' : decision.state) };
    if (decision.do === 'join' || decision.do === 'outside') {
      addTo(context, set, item, entry, decision);
      return { complaintId: decision.complaintId };
    }
  }
  // The rest changes what stands in the register, so what this batch has added must stand there first.
  await set.flush();
  if (decision.do === 'version' && item.type === 'message') {
    const news = await applyVersion(
      set,
      context.keyring,
      item,
      { messageId: decision.messageId, sourceItemId: entry.id },
      actor,
    );
    const { complaintId } = decision;
    return news ? { complaintId } : { complaintId, outcome: 'ignored', reason: 'known already' };
  }
  if (decision.do === 'delete' && item.type === 'deletion') {
    await applyDeletion(set, item, decision, actor);
    return { complaintId: decision.complaintId };
  }
  if (decision.do === 'status' && item.type === 'status') {
    await applyStatus(set, item, decision.complaintId, actor);
    return { complaintId: decision.complaintId };
  }
  if (decision.do === 'receipt' && item.type === 'receipt') {
    if (decision.proves) await settleByEcho(context, decision.publicationId, item);
    return { complaintId: await applyReceipt(set, item, decision.publicationId, actor) };
  }
  if (decision.do === 'settle' && item.type === 'message') {
    return { complaintId: await settleByEcho(context, decision.publicationId, item) };
  }
  throw new Error(`a ${item.type} item cannot be carried out as "${decision.do}"`);
}

function open(
  context: ApplyContext,
  set: Workset,
  item: MessageItem,
  { id: sourceItemId, receivedAt }: Entry,
  state: 'new' | 'received',
): string {
  const ids = { complaintId: newId(), messageId: newId(), sourceItemId, reporterId: reporterOf(context, set, item) };
  const actor = actorOf(context);
  const about = { receivedAt, sensitive: isSensitive(context, item) };
  set.addComplaint(complaintRow(context.channel, item, state, ids, about), actor, ids.messageId);
  set.addMessage(
    messageRow(context.keyring, context.channel, item, ids, { receivedAt, stranger: false }),
    attachmentRows(context.keyring, context.channel, item, ids),
  );
  // A chat comes in pieces: it settles before triage, so that a burst gets one receipt.
  const dueAt = item.surface === 'message' ? new Date(context.now.getTime() + context.settleMs) : context.now;
  set.addOutbox(ids.complaintId, 'created', dueAt);
  return ids.complaintId;
}

/** Decided before anyone can see it, and before it stands on any queue; the other rules are triage's. */
function isSensitive({ routing, ownAccounts, channel }: ApplyContext, item: MessageItem): boolean {
  const { surface, kind = null, category = null, title = '', text, rating = null, attachments = [] } = item;
  const about: Routable = {
    ...{ channel: channel.id, adapter: channel.adapter, surface, kind, category, text: `${title} ${text}`, rating },
    files: attachments.length > 0,
    own: isOwnAccount({ ownAccounts }, channel.adapter, item.author),
    repeated: () => false,
  };
  return matchingRules(routing, about).some((rule) => rule.then.sensitive);
}

function addTo(
  context: ApplyContext,
  set: Workset,
  item: MessageItem,
  { id: sourceItemId, receivedAt }: Entry,
  decision: Extract<Decision, { do: 'join' | 'outside' }>,
): void {
  const { complaintId } = decision;
  const reporterId = decision.do === 'join' ? reporterOf(context, set, item) : null;
  const ids = { complaintId, messageId: newId(), sourceItemId, reporterId };
  const stranger = decision.do === 'join' && decision.stranger;
  set.addMessage(
    messageRow(context.keyring, context.channel, item, ids, { receivedAt, stranger }),
    attachmentRows(context.keyring, context.channel, item, ids),
  );
  if (decision.do === 'join') set.addJoin(complaintId, new Date(item.at), decision.reaction);
  set.addEvent({
    complaintId,
    actor: actorOf(context),
    type: decision.do === 'join' ? 'message.received' : 'message.outside_hub',
    data: { messageId: ids.messageId },
  });
  set.addOutbox(complaintId, 'message', context.now);
}

function blindOf(context: Pick<ApplyContext, 'keyring'>, item: Item): Buffer | null {
  if (item.type !== 'message' || item.fromUs || !item.author?.id) return null;
  return context.keyring.blindIndex(item.author.id, 'reporter');
}

function reporterOf(context: ApplyContext, set: Workset, item: MessageItem): string | null {
  const blind = blindOf(context, item);
  if (!blind) return null;
  const { author = {} } = item;
  const seal = () => context.keyring.encryptJson(author as Record<string, string>, 'reporter');
  return set.reporterFor(blind, seal, contactBlinds(context.keyring, author));
}
