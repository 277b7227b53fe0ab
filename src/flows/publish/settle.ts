import { ChannelError, type MessageItem } from '#contract';
import type { AfterSend } from '../../core/afterSend.ts';
import { advance, isWhole, standing } from '../../core/parts.ts';
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
  publication: Pick<Publication, 'id' | 'attempt' | 'parts'>;
  after: AfterSend;
  /** The platform's own words about a failure, scrubbed. */
  detail?: string;
}

/**
 * Writes what became of publications, with everything that follows: the attempt's record, our message in the thread,
 * the complaint's state, the trail, and a second look at what waited for this. Returns the rows that were settled; one
 * that is missing had been taken over by somebody else, and its attempt is recorded all the same. Of an answer in parts, one
 * that stands leads back to the queue until all do.
 */
export async function settleAll(
  tx: Tx,
  from: 'sending' | 'uncertain',
  settlings: readonly Settling[],
  at: Date,
): Promise<SettledRow[]> {
  const rows = settlings.map(settlementOf);
  const settled = await settle(tx, from, rows);
  await saveReferences(tx, settlings.flatMap(referenceOf));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const isPart = (row: SettledRow) => row.state === 'queued' && byId.get(row.id)?.parts != null;
  const answered = await recordPublished(
    tx,
    settled.filter((row) => row.state === 'published' || isPart(row)),
    at,
  );
  const own = settled.map((row) => ({
    complaintId: row.complaint_id,
    actor: `channel:${row.channel_id}`,
    type: isPart(row) ? 'publication.part' : `publication.${row.state}`,
    data: { publicationId: row.id, attempt: row.attempt, reason: byId.get(row.id)?.reason ?? null },
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
    explanation:
      'reason' in after
        ? standing(publication.parts) + explain(after.reason, 'needsPerson' in after && after.needsPerson, detail)
        : null,
    parts: null,
  };
  const none = { publishedId: null, publishedHash: null, permalink: null };
  if (after.state !== 'published') return { ...base, ...none };
  const parts = publication.parts && advance(publication.parts, after.published, publication.attempt);
  if (parts && !isWhole(parts)) return { ...base, ...none, state: 'queued', parts };
  // A thread is found by where it begins.
  const { publishedId, permalink } = parts?.done[0] ?? after.published;
  return { ...base, publishedId, publishedHash: sha256(publishedId), permalink: permalink ?? null, parts };
}

/**
 * Our answer, or the part of it that came last, stands in the conversation, so that its echo is recognised; with the whole
 * the complaint is answered. Gives back the events of that, which the caller appends.
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
  const whole = rows.filter((row) => row.kind === 'answer' && row.state === 'published');
  const answered = whole.map((row) => row.complaint_id);
  return markAnswered(tx, answered, at, actor);
}

/** What stands now: its id, text, link, and what it hangs below. */
function newest({ parts, target, ...row }: SettledRow) {
  const done = parts?.done ?? [];
  const part = done.at(-1);
  if (!part)
    return { id: row.published_id ?? row.id, text: row.text, permalink: row.permalink, parent: target.objectId };
  const text = parts?.texts[done.length - 1] ?? '';
  const parent = done.at(-2)?.publishedId ?? target.objectId;
  return { id: part.publishedId, text, permalink: part.permalink ?? null, parent };
}

function ownMessage(row: SettledRow, at: Date): NewMessage {
  const { id: objectId, text, permalink, parent } = newest(row);
  return {
    id: newId(),
    complaint_id: row.complaint_id,
    channel_id: row.channel_id,
    object_id: objectId,
    object_hash: sha256(objectId),
    thread_id: row.target.threadId,
    parent_id: parent,
    direction: 'out',
    surface: row.target.surface,
    title: null,
    text,
    author_sealed: null,
    reporter_id: null,
    publication_id: row.id,
    // Whom we have written to first: what they answer belongs here.
    ref: row.target.reached ? { reached: true } : null,
    permalink,
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
      objects: mine.flatMap((row) => idsOf(row).map((id) => sha256(id))),
      threads: mine.map((row) => sha256(row.target.threadId)),
      ...(mine.some((row) => row.kind === 'forward') && { reason: FORWARD_UNDERWAY }),
    });
  }
}

const idsOf = ({ parts, published_id }: SettledRow): string[] => [
  ...(published_id ? [published_id] : []),
  ...(parts?.done ?? []).map(({ publishedId }) => publishedId),
];

/**
 * The platform shows us our own reply, or speaks of it by our key, while we did not know its fate: that is the proof. `by`: a
 * person brought it in, which proves nothing of what waits to be confirmed.
 */
export async function settleByEcho(
  context: { tx: Tx; now: Date; by?: string },
  publicationId: string,
  item: Pick<MessageItem, 'objectId' | 'permalink'>,
): Promise<string | null> {
  const publication = await context.tx
    .selectFrom('publication')
    .select(['id', 'attempt', 'complaint_id', 'parts', 'state'])
    .where('id', '=', publicationId)
    .executeTakeFirst();
  // The key is that of the first part: once it stands, it says nothing of the others.
  if (!publication || publication.parts?.done.length) return null;
  if (publication.state === 'assist' && context.by) return publication.complaint_id;
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
