import type { Author, State } from '#contract';
import { publicState } from '../core/labels.ts';
import { mask } from '../core/leaks/index.ts';
import { fillTemplate, localTime } from '../core/receipt.ts';
import { sha256 } from '../core/sealed.ts';
import { takeTurns } from '../store/automatic.ts';
import { newId, type Tx } from '../store/database.ts';
import { newestReasons } from '../store/events.ts';
import { forwardedMessages } from '../store/messages.ts';
import type { OutboxEntry } from '../store/outbox.ts';
import { lastStatuses } from '../store/outgoing.ts';
import type { Complaint, Message, NewPublication } from '../store/schema.ts';
import { ownContactsOf } from './contacts.ts';
import { type FlowDeps, findChannel } from './deps.ts';
import { CODE_BLANK } from './door/code.ts';
import { openDoor, statusUrl } from './door/door.ts';
import { targetOf } from './publish/row.ts';

/** What the hub publishes by itself: receipts and statuses. Never on a public surface, never of a sensitive complaint. */

/** So long one address of mail gets nothing automatic again: two machines that answer each other must not run hot. */
const AUTOMATIC_EVERY_MS = 60 * 60_000;

/** Receipts for complaints that are new, and the complaints whose receipt is withheld because their sender just got one. */
export async function receiptsFor(
  deps: FlowDeps,
  tx: Tx,
  complaints: readonly Complaint[],
): Promise<{ receipts: NewPublication[]; withheld: Complaint[] }> {
  const wanted: { complaint: Complaint; receipt: NewPublication; blind: Buffer | null }[] = [];
  for (const complaint of complaints) {
    const message = await receiptTo(deps, tx, complaint);
    if (message)
      wanted.push({ complaint, receipt: receipt(deps, complaint, message), blind: addressOf(deps, message) });
  }
  const limited = wanted.flatMap(({ complaint, blind }) => (blind ? [{ channelId: complaint.channel_id, blind }] : []));
  const turns = (await takeTurns(tx, limited, AUTOMATIC_EVERY_MS)).values();
  const allowed = wanted.map(({ blind }) => blind === null || turns.next().value === true);
  return {
    receipts: wanted.flatMap((one, at) => (allowed[at] ? [one.receipt] : [])),
    withheld: wanted.flatMap((one, at) => (allowed[at] ? [] : [one.complaint])),
  };
}

/** Only mail meets machines that answer by themselves. */
function addressOf(deps: FlowDeps, message: Message): Buffer | null {
  if (message.surface !== 'mail' || !message.author_sealed) return null;
  const { email, id } = deps.keyring.decryptJson(message.author_sealed, 'author') as Author;
  const address = (email ?? id)?.toLowerCase();
  return address ? deps.keyring.blindIndex(address, 'automatic') : null;
}

/** The message that a receipt answers, where one is due: it goes to a person, once. */
async function receiptTo(deps: FlowDeps, tx: Tx, complaint: Complaint): Promise<Message | null> {
  const channel = findChannel(deps.config, complaint.channel_id);
  const publish = channel && deps.adapters[channel.adapter]?.publish;
  const { enabled } = deps.config.hub.policies.receipt;
  const stands = complaint.ticket_no && !complaint.sensitive && complaint.state !== 'not_complaint';
  const wanted = enabled && channel?.publish.receipts && stands;
  const answerable = channel?.mode === 'assisted' || publish?.surfaces.includes(complaint.surface);
  if (!wanted || !answerable || complaint.public) return null;
  const message = await openingMessage(tx, complaint);
  return !message || message.automated || message.direction === 'out' ? null : message;
}

function receipt(deps: FlowDeps, complaint: Complaint, message: Message): NewPublication {
  const { config } = deps;
  const door = openDoor(deps)?.door;
  const text = fillTemplate(config.hub.policies.receipt.text, {
    ticketNo: complaint.ticket_no ?? '',
    time: localTime(complaint.received_at, config.hub.site.timezone),
    channel: findChannel(config, complaint.channel_id)?.label ?? '',
    site: config.hub.site.name,
    // A portal may show everybody what it is told about a report.
    code: complaint.surface === 'report' ? '-' : CODE_BLANK,
    statusUrl: door ? statusUrl(door, complaint.ticket_no ?? '') : '',
  }).trim();
  return { ...about(message), kind: 'receipt', text, detail: null };
}

/**
 * A change of state is told to a source that takes statuses, and to the portals that the complaint was forwarded to.
 * Each is a fact of its own, in its order; two states that are called the same there are told once. The sources of
 * complaints that were merged into it are told the same.
 */
export async function statusesFor(deps: FlowDeps, tx: Tx, entries: readonly OutboxEntry[]): Promise<NewPublication[]> {
  const changes = entries.filter((entry) => entry.state !== null);
  if (changes.length === 0) return [];
  const changed = [...new Set(changes.map((entry) => entry.complaint_id))];
  const rows = await withLinked(tx, changed);
  const ids = rows.map((row) => row.id);
  const told = await lastStatuses(tx, ids);
  const forwarded = Map.groupBy(await forwardedMessages(tx, ids), (message) => message.complaint_id);
  const reasons = await newestReasons(tx, ids);
  const publications: NewPublication[] = [];
  for (const entry of changes.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const outside = entry.state && publicState(entry.state);
    if (!outside) continue;
    const text = NEEDS_REASON.has(outside.state)
      ? mask(reasons.get(entry.complaint_id) ?? '', ownContactsOf(deps.config.hub))
      : '';
    for (const complaint of concerned(rows, entry.complaint_id)) {
      const opening = complaint.public ? undefined : await openingMessage(tx, complaint);
      for (const message of [...(opening ? [opening] : []), ...(forwarded.get(complaint.id) ?? [])]) {
        const name = nameThere(deps, message.channel_id, outside);
        const place = `${complaint.id} ${message.channel_id}`;
        if (name === null || standingThere(told.get(place), complaint) === name) continue;
        told.set(place, { name, at: deps.clock.now() });
        publications.push({ ...about(message), kind: 'status', text, detail: { ...outside, code: name } });
      }
    }
  }
  return publications;
}

/** These complaints and those that were merged into them. */
function withLinked(tx: Tx, ids: readonly string[]): Promise<Complaint[]> {
  return tx
    .selectFrom('complaint')
    .selectAll()
    .where((on) => on.or([on('id', 'in', ids), on('merged_into', 'in', ids)]))
    .orderBy('id')
    .execute();
}

/** Whose sources are told: that of the complaint, and those of reporters whose complaints were merged into it. */
function concerned(rows: readonly Complaint[], id: string): Complaint[] {
  const own = rows.find((row) => row.id === id);
  if (!own || own.sensitive) return [];
  return [own, ...rows.filter((row) => row.merged_into === id && !row.sensitive)];
}

/** What a place shows: what it was told last, or what it has said itself since then. */
function standingThere(told: { name: string; at: Date } | undefined, { source_status }: Complaint): string | undefined {
  if (!source_status || (told && Date.parse(source_status.at) <= told.at.getTime())) return told?.name;
  return source_status.code;
}

/** Where the officer had to say why, the portal is told it, without what citizens' data may stand in it by mistake. */
const NEEDS_REASON: ReadonlySet<State> = new Set(['incomplete', 'rejected', 'out_of_scope']);

/** What this state is called at a channel; `null`: it is not told there. */
function nameThere(
  deps: FlowDeps,
  channelId: string,
  { state, label }: { state: State; label: string },
): string | null {
  const channel = findChannel(deps.config, channelId);
  const adapter = channel && deps.adapters[channel.adapter];
  const byHand = channel?.mode === 'assisted';
  if (!channel?.publish.statuses || !(adapter?.pushStatus || byHand)) return null;
  // A person who works without an access of their own has no file that names the portal's statuses.
  const named = adapter?.statusCode && channel.settings !== undefined;
  return named ? adapter.statusCode!(state, channel.settings) : label;
}

function openingMessage(tx: Tx, complaint: Complaint): Promise<Message | undefined> {
  return tx
    .selectFrom('message')
    .selectAll()
    .where('id', '=', complaint.opening_message_id ?? '')
    .executeTakeFirst();
}

function about(message: Message) {
  return {
    id: newId(),
    complaint_id: message.complaint_id,
    channel_id: message.channel_id,
    target_hash: sha256(message.id),
    target: targetOf(message),
  };
}
