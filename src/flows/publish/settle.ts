import { ChannelError, type MessageItem } from '#contract';
import type { AfterSend } from '../../core/afterSend.ts';
import { sha256 } from '../../core/sealed.ts';
import { FORWARD_UNDERWAY } from '../../core/thread.ts';
import { insertRecords, type Row } from '../../store/bulk.ts';
import { newId, type Tx } from '../../store/database.ts';
import { appendEvents, type NewEvent } from '../../store/events.ts';
import { releasePending } from '../../store/items.ts';
import { type SettledRow, type Settlement, saveReferences, settle } from '../../store/outgoing.ts';
import type { NewMessage, Publication } from '../../store/schema.ts';
import { markAnswered } from '../answered.ts';
import { explain } from './explain.ts';

/** One publication and what is to become of it. */
export interface Settling {
  publication: Pick<Publication, 'id' | 'attempt'>;
  after: AfterSend;
  /** The platform's own words about a failure, scrubbed. */
  detail?: string;
}

/**
 * Writes what became of publications, with everything that follows: the attempt's record, our message in the thread,
 * the complaint's state, the trail, and a second look at what waited for this. Returns the rows that were settled; one
 * that is missing had been taken over by somebody else, and its attempt is recorded all the same.
 */
export async function settleAll(
  tx: Tx,
  from: 'sending' | 'uncertain',
  settlings: readonly Settling[],
  at: Date,
): Promise<SettledRow[]> {
  const rows = settlings.map(settlementOf);
  const settled = await settle(tx, from, rows);
  const published = settled.filter((row) => row.state === 'published');
  await saveReferences(tx, settlings.flatMap(referenceOf));
  const answered = await recordPublished(tx, published, at);
  const own = settled.map((row) => ({
    complaintId: row.complaint_id,
    actor: `channel:${row.channel_id}`,
    type: `publication.${row.state}`,
    data: { publicationId: row.id, attempt: row.attempt, reason: rows.find(({ id }) => id === row.id)?.reason ?? null },
  }));
  await appendEvents(tx, [...answered, ...own], at);
  await releaseThreads(tx, settled);
  return settled;
}

const referenceOf = ({ publication: { id }, after }: Settling) =>
  after.state === 'published' && after.published.reference ? [{ id, reference: after.published.reference }] : [];

function settlementOf({ publication, after, detail }: Settling): Settlement {
  const base = {
    id: publication.id,
    attempt: publication.attempt,
    state: after.state,
    afterMs: 'afterMs' in after ? after.afterMs : 0,
    needsPerson: 'needsPerson' in after ? after.needsPerson : false,
    reason: 'reason' in after ? after.reason : null,
    explanation: 'reason' in after ? explain(after.reason, 'needsPerson' in after && after.needsPerson, detail) : null,
  };
  if (after.state !== 'published') return { ...base, publishedId: null, publishedHash: null, permalink: null };
  const { publishedId, permalink } = after.published;
  return { ...base, publishedId, publishedHash: sha256(publishedId), permalink: permalink ?? null };
}

/**
 * Our answer stands in the conversation, so that its echo is recognised; the complaint is answered. Gives back the events
 * of that, which the caller appends.
 */
export async function recordPublished(
  tx: Tx,
  rows: readonly SettledRow[],
  at: Date,
  actor = 'hub',
): Promise<NewEvent[]> {
  const messages = rows
    .filter((row) => row.kind !== 'status')
    .map((row) => (row.kind === 'forward' ? forwardedMessage(row, at) : ownMessage(row, at)));
  await insertRecords(tx, 'message', messages as readonly Row[], { unlessThere: ['channel_id', 'object_hash'] });
  const answered = rows.filter((row) => row.kind === 'answer').map((row) => row.complaint_id);
  return markAnswered(tx, answered, at, actor);
}

function ownMessage(row: SettledRow, at: Date): NewMessage {
  const objectId = row.published_id ?? row.id;
  return {
    id: newId(),
    complaint_id: row.complaint_id,
    channel_id: row.channel_id,
    object_id: objectId,
    object_hash: sha256(objectId),
    thread_id: row.target.threadId,
    parent_id: row.target.objectId,
    direction: 'out',
    surface: row.target.surface,
    title: null,
    text: row.text,
    author_sealed: null,
    reporter_id: null,
    publication_id: row.id,
    ref: null,
    permalink: row.permalink,
    at,
    version_at: at,
    deleted_at: null,
    received_at: at,
  };
}

/** A report of ours at a portal: what is written below it, and its status, belong to the complaint. It answers nothing. */
function forwardedMessage(row: SettledRow, at: Date): NewMessage {
  const { anonymous = false, secret = false } = (row.detail ?? {}) as { anonymous?: boolean; secret?: boolean };
  const own = ownMessage(row, at);
  return { ...own, thread_id: own.object_id, parent_id: null, ref: { anonymous, secret } };
}

/** What waited for the fate of these is looked at again. */
export async function releaseThreads(tx: Tx, rows: readonly SettledRow[]): Promise<void> {
  const byChannel = Map.groupBy(rows, (row) => row.channel_id);
  for (const [channelId, mine] of byChannel) {
    await releasePending(tx, channelId, {
      objects: mine.flatMap((row) => (row.published_id ? [sha256(row.published_id)] : [])),
      threads: mine.map((row) => sha256(row.target.threadId)),
      ...(mine.some((row) => row.kind === 'forward') && { reason: FORWARD_UNDERWAY }),
    });
  }
}

/** The platform shows us our own reply, or speaks of it by our key, while we did not know its fate: that is the proof. */
export async function settleByEcho(
  context: { tx: Tx; now: Date },
  publicationId: string,
  item: Pick<MessageItem, 'objectId' | 'permalink'>,
): Promise<string | null> {
  const publication = await context.tx
    .selectFrom('publication')
    .select(['id', 'attempt', 'complaint_id'])
    .where('id', '=', publicationId)
    .executeTakeFirst();
  if (!publication) return null;
  const published = { publishedId: item.objectId, ...(item.permalink ? { permalink: item.permalink } : {}) };
  await settleAll(context.tx, 'uncertain', [{ publication, after: { state: 'published', published } }], context.now);
  return publication.complaint_id;
}

/** The platform's words about a failure, for the record and for people. */
export function detailOf(error: unknown, scrub: (text: string) => string): string {
  const text = error instanceof Error ? error.message : String(error);
  const code = error instanceof ChannelError && error.code ? ` [${error.code}]` : '';
  return scrub(`${text}${code}`).slice(0, 500);
}
