import type { Author, Json } from '#contract';
import type { HubConfig, Rule } from '../config/hub.ts';
import { matchingRules, mayDismiss, type Repeated, type Routable } from '../core/routing.ts';
import { newTicketNo } from '../core/ticket.ts';
import type { Keyring } from '../platform/keyring.ts';
import type { Tx } from '../store/database.ts';
import type { NewEvent } from '../store/events.ts';
import { countRepeats } from '../store/likeness.ts';
import { judgedByPeople, openingAuthors, withFiles } from '../store/routing.ts';
import type { Complaint } from '../store/schema.ts';

export interface RoutingParts {
  hub: Pick<HubConfig, 'routing' | 'ownAccounts'>;
  keyring: Pick<Keyring, 'decryptJson'>;
  /** Only to see what the rules would do: people's decisions do not count. */
  dry?: boolean;
}

type Changed =
  | ('agency_id' | 'unit_id' | 'kind' | 'category' | 'state' | 'ticket_no' | 'sensitive')
  | ('dismissed_as' | 'dismissed_rule');
type Changes = Partial<Pick<Complaint, Changed>>;

export interface Routed {
  complaint: Complaint;
  changes: Changes;
  /** The names of the rules that did something. */
  rules: string[];
}

/** What the rules make of complaints: the first rule that names a thing decides it. Writes nothing. */
export async function routeAll(parts: RoutingParts, tx: Tx, complaints: readonly Complaint[]): Promise<Routed[]> {
  if (complaints.length === 0) return [];
  const matched = await matchAll(parts, tx, complaints);
  const dismissing = matched.filter(({ rules }) => rules.some((rule) => rule.then.dismiss));
  const asked = parts.dry ? [] : dismissing.map(({ complaint }) => complaint.id);
  const judged = await judgedByPeople(tx, asked);
  return matched.map(({ complaint, rules }) => route(parts, complaint, rules, judged.has(complaint.id)));
}

/** By its id, or by where it stands in `hub.yaml`. */
export const ruleName = ({ routing }: Pick<HubConfig, 'routing'>, rule: Rule): string =>
  rule.id ?? `routing.${routing.indexOf(rule)}`;

function route({ hub }: RoutingParts, complaint: Complaint, rules: readonly Rule[], judged: boolean): Routed {
  const changes: Changes = {};
  const { surface, rating, state } = complaint;
  const sensitive = complaint.sensitive || rules.some((rule) => rule.then.sensitive);
  const waits = state === 'new' || (state === 'received' && !complaint.public);
  const effective = rules.filter((rule) => {
    const before = { ...changes };
    const { then } = rule;
    if (then.agency && changes.agency_id === undefined)
      Object.assign(changes, { agency_id: then.agency, unit_id: then.unit ?? null });
    if (then.kind) changes.kind ??= then.kind;
    if (then.category) changes.category ??= then.category;
    if (then.sensitive) changes.sensitive = true;
    if (then.accept && state === 'new' && changes.state === undefined)
      Object.assign(changes, { state: 'received', ticket_no: newTicketNo() });
    if (waits && changes.state === undefined && mayDismiss(rule, { surface, rating, sensitive, judged }))
      Object.assign(changes, {
        ...{ state: 'not_complaint', dismissed_as: then.dismiss, dismissed_rule: ruleName(hub, rule) },
      });
    return JSON.stringify(before) !== JSON.stringify(changes);
  });
  return { complaint, changes, rules: effective.map((rule) => ruleName(hub, rule)) };
}

/** What is written into the trail of a complaint that rules changed: ids and codes, and which rules it were. */
export function routedEvents({ complaint, changes, rules }: Routed): NewEvent[] {
  if (rules.length === 0) return [];
  const { ticket_no: _, dismissed_rule: __, ...told } = changes;
  const data = { ...told, rules } as { [key: string]: Json };
  return [{ complaintId: complaint.id, actor: 'hub', type: 'complaint.routed', data }];
}

interface Matched {
  complaint: Complaint;
  rules: Rule[];
}

/** Repetitions are counted last, and only where everything else of their rule holds: that costs a look-up each. */
async function matchAll(parts: RoutingParts, tx: Tx, complaints: readonly Complaint[]): Promise<Matched[]> {
  const { routing } = parts.hub;
  const facts = await factsOf(parts, tx, complaints);
  const maybe = complaints.map((complaint) =>
    matchingRules(
      routing,
      facts(complaint, () => true),
    ),
  );
  const counts = new Map<string, Map<string, number>>();
  for (const asked of new Set(maybe.flat().flatMap(({ when }) => when.repeated ?? []))) {
    const ids = complaints
      .filter((_, at) => maybe[at]?.some(({ when }) => when.repeated === asked))
      .map(({ id }) => id);
    counts.set(keyOf(asked), await countRepeats(tx, ids, asked));
  }
  return complaints.map((complaint) => {
    const repeated = (asked: Repeated) => (counts.get(keyOf(asked))?.get(complaint.id) ?? 0) >= asked.times;
    return { complaint, rules: matchingRules(routing, facts(complaint, repeated)) };
  });
}

const keyOf = ({ times, within, by }: Repeated): string => `${times} ${within} ${by}`;

type Facts = (complaint: Complaint, repeated: Routable['repeated']) => Routable;

async function factsOf({ hub, keyring }: RoutingParts, tx: Tx, complaints: readonly Complaint[]): Promise<Facts> {
  const ids = complaints.map(({ id }) => id);
  const asks = (key: keyof Rule['when']) => hub.routing.some(({ when }) => when[key] !== undefined);
  const files = asks('only') || asks('shorterThan') ? await withFiles(tx, ids) : new Set<string>();
  const authors = asks('ownAccount') ? await openingAuthors(tx, ids) : new Map<string, Buffer>();
  const isOwn = ({ id, adapter }: Complaint): boolean => {
    const sealed = authors.get(id);
    return sealed !== undefined && isOwnAccount(hub, adapter, keyring.decryptJson(sealed, 'author') as Author);
  };
  return (complaint, repeated) => ({
    ...{ channel: complaint.channel_id, adapter: complaint.adapter, surface: complaint.surface },
    ...{ kind: complaint.kind, category: complaint.category, rating: complaint.rating },
    text: `${complaint.title ?? ''} ${complaint.body}`,
    files: files.has(complaint.id),
    own: isOwn(complaint),
    repeated,
  });
}

/** By id, account name or e-mail address: names can be given by anybody to themselves. */
export function isOwnAccount(
  hub: Pick<HubConfig, 'ownAccounts'>,
  adapter: string,
  author: Author | undefined,
): boolean {
  const own = hub.ownAccounts[adapter]?.map(bare);
  const called = [author?.id, author?.handle, author?.email].flatMap((one) => (one ? [bare(one)] : []));
  return called.some((one) => own?.includes(one));
}

const bare = (account: string): string => account.trim().toLowerCase().replace(/^@/, '');
