import { isPublic } from '#contract';
import type { Actor } from '../../core/access.ts';
import { mustHaveHappened } from '../../core/happened.ts';
import { advance, isWhole, restAsOne } from '../../core/parts.ts';
import { type PublicationAction, publicationActions } from '../../core/publication.ts';
import { Refusal } from '../../core/refusal.ts';
import { sha256 } from '../../core/sealed.ts';
import { lockComplaints } from '../../store/complaints.ts';
import { appendEvents } from '../../store/events.ts';
import { changePublication, lockPublication, type PublicationChange } from '../../store/publications.ts';
import type { Publication } from '../../store/schema.ts';
import type { DeskDeps } from '../deps.ts';
import { recordPublished, releaseThreads } from '../publish/settle.ts';
import { actorName, type Desk, mustBeAble, notFound, placeOf, record } from './desk.ts';

export interface Confirmation {
  /** Where it stands; on a channel that people serve it may be missing, where `note` says how it was given. */
  permalink?: string | undefined;
  /** How the citizen got it: read out on the telephone, handed over as a letter. */
  note?: string | undefined;
  publishedAt?: Date | undefined;
  /** The platform's id of the reply, where it is known: an echo of it is then recognised. */
  publishedId?: string | undefined;
}

/**
 * A person saw that it stands there, or published it by hand. An answer that stands answers its complaint. Of an answer in
 * parts the one is meant whose fate was unknown, and the next then goes out; a person who was to publish it gave all of it.
 */
export async function confirm(deps: DeskDeps, actor: Actor, id: string, seen: Confirmation): Promise<void> {
  const channelId = await settle(deps, actor, id, 'confirm', async (desk, publication) => {
    const { tx, at } = desk;
    mustTellWhere(desk, publication, seen);
    mustHaveHappened('publishedAt', seen.publishedAt, at);
    const publishedAt = seen.publishedAt ?? at;
    const settled = await settleSeen(desk, publication, seen, publishedAt);
    const data = { publicationId: id, from: publication.state };
    await record(desk, publication.complaint_id, 'publication.confirmed', data, seen.note);
    await appendEvents(tx, await recordPublished(tx, [settled], publishedAt, actorName(actor)), at);
    await releaseThreads(tx, [settled]);
    return publication.channel_id;
  });
  for (const stage of ['normalise', 'publish'] as const) await deps.wake(stage, channelId);
}

/** What stands in public has an address. What was said or handed over has none, and then the officer says how. */
function mustTellWhere({ deps }: Desk, { channel_id, target }: Publication, { permalink, note }: Confirmation): void {
  if (permalink) return;
  const byHand = deps.config.channels.find(({ id }) => id === channel_id)?.mode === 'assisted';
  if (byHand && note?.trim() && !isPublic(target.surface)) return;
  const how = byHand && !isPublic(target.surface) ? ', or in "note" how it was given' : '';
  throw new Refusal('reason_required', `say in "permalink" where it stands${how}`);
}

async function settleSeen({ tx, actor }: Desk, row: Publication, seen: Confirmation, at: Date): Promise<Publication> {
  const { permalink = null, publishedId, note } = seen;
  const stood = { publishedId: publishedId ?? permalink ?? row.id, ...(permalink && { permalink }) };
  const meant = row.parts && (row.state === 'assist' ? restAsOne(row.parts) : row.parts);
  const parts = meant && advance(meant, stood, row.attempt);
  if (parts && !isWhole(parts)) {
    const next = { state: 'queued' as const, next_at: at, first_attempt_at: null, parts };
    await changePublication(tx, row.id, { ...SETTLED, ...next, confirmed_by: actor.userId });
    return { ...row, state: 'queued', parts };
  }
  const whole = parts?.done[0] ?? { publishedId: publishedId ?? row.published_id, permalink };
  const stands = {
    ...{ state: 'published' as const, permalink: whole.permalink ?? permalink, published_at: at },
    published_id: whole.publishedId,
    published_hash: whole.publishedId ? sha256(whole.publishedId) : row.published_hash,
  };
  const by = { confirmed_by: actor.userId, explanation: note ?? null };
  await changePublication(tx, row.id, { ...SETTLED, ...stands, ...by, ...(parts && { parts }) });
  return { ...row, ...stands, parts };
}

/** A person looked and says that it is not there: only then may it be sent again. */
export async function retry(deps: DeskDeps, actor: Actor, id: string, reason?: string): Promise<void> {
  const channelId = await settle(deps, actor, id, 'retry', async (desk, publication) => {
    await changePublication(desk.tx, id, { ...SETTLED, state: 'queued', next_at: desk.at });
    const data = { publicationId: id, from: publication.state };
    await record(desk, publication.complaint_id, 'publication.retried', data, reason);
    return publication.channel_id;
  });
  await deps.wake('publish', channelId);
}

/** A person was to publish it and could not: it waits, with the reason, until somebody tries again or gives up. */
export async function decline(deps: DeskDeps, actor: Actor, id: string, reason: string): Promise<void> {
  await settle(deps, actor, id, 'decline', async (desk, publication) => {
    const told = { state: 'refused' as const, reason: 'notPublished', explanation: `Belum ditayangkan: ${reason}` };
    await changePublication(desk.tx, id, { ...SETTLED, ...told });
    const data = { publicationId: id, from: publication.state };
    await record(desk, publication.complaint_id, 'publication.declined', data, reason);
  });
}

/** It shall not go out, or nobody will look for it any more. */
export async function cancel(deps: DeskDeps, actor: Actor, id: string, reason?: string): Promise<void> {
  const channelId = await settle(deps, actor, id, 'cancel', async (desk, publication) => {
    await changePublication(desk.tx, id, { ...SETTLED, state: 'cancelled' });
    const data = { publicationId: id, from: publication.state };
    await record(desk, publication.complaint_id, 'publication.cancelled', data, reason);
    await releaseThreads(desk.tx, [publication]);
    return publication.channel_id;
  });
  // What came after it in the same complaint may go out now.
  for (const stage of ['normalise', 'publish'] as const) await deps.wake(stage, channelId);
}

const SETTLED: PublicationChange = {
  ...{ needs_person: false, owner: null, lease_until: null, uncertain_at: null, checks: 0 },
  ...{ reason: null, explanation: null },
};

/** Publication first, complaint second: the order in which every flow locks them. */
function settle<T>(
  deps: DeskDeps,
  actor: Actor,
  id: string,
  action: PublicationAction,
  work: (desk: Desk, publication: Publication) => Promise<T>,
): Promise<T> {
  return deps.db.transaction().execute(async (tx) => {
    const publication = (await lockPublication(tx, id)) ?? notFound('publication', id);
    const [complaint] = await lockComplaints(tx, actor, [publication.complaint_id]);
    if (!complaint) return notFound('publication', id);
    mustBeAble(actor, 'publication', placeOf(complaint));
    mustAllow(publication, action);
    return work({ deps, tx, actor, at: deps.clock.now() }, publication);
  });
}

function mustAllow(publication: Publication, action: PublicationAction): void {
  const allowed = publicationActions(publication);
  if (allowed.includes(action)) return;
  const { state } = publication;
  if (action === 'retry' && state === 'uncertain')
    throw new Refusal('not_settled', 'the hub is still looking for this reply at the platform; wait for its result');
  throw new Refusal(
    'illegal_state',
    `"${action}" is not possible for a publication that is "${state}"; possible now: ${allowed.join(', ') || 'nothing'}`,
  );
}
