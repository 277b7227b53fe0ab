import type { Published } from '#contract';
import { enteredAbout } from '../../core/entry.ts';
import { PUBLICATION_LABELS } from '../../core/labels.ts';
import { currentPart, restAsOne } from '../../core/parts.ts';
import { publicationActions, waitsForPerson } from '../../core/publication.ts';
import type { ForwardDetail } from '../../flows/publish/reply.ts';
import type { attemptsOf } from '../../store/publications.ts';
import type { Publication } from '../../store/schema.ts';
import type { PublicationView } from '../schemas/publication.ts';

type Attempt = Awaited<ReturnType<typeof attemptsOf>>[number];

export const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** A publication as clients see it; `attempts` may hold those of others, too. */
export function publicationView(
  row: Publication,
  ticketNo: string | null,
  attempts: readonly Attempt[],
): PublicationView {
  const { target } = row;
  const goesOn = ['queued', 'uncertain'].includes(row.state) && !row.needs_person;
  return {
    id: row.id,
    complaint: row.complaint_id,
    ticketNo,
    channel: row.channel_id,
    kind: row.kind,
    draft: row.draft_id,
    target: { messageId: target.messageId ?? null, surface: target.surface, permalink: target.permalink ?? null },
    text: textOf(row),
    parts: row.parts && { texts: row.parts.texts, published: row.parts.done.map(standingView) },
    state: row.state,
    label: PUBLICATION_LABELS[row.state],
    needsPerson: waitsForPerson(row),
    reason: row.reason,
    explanation: row.explanation,
    actions: publicationActions(row),
    attempt: row.attempt,
    nextAt: goesOn ? iso(row.next_at) : null,
    publishedId: row.published_id,
    permalink: row.permalink,
    reference: referenceOf(row),
    publishedAt: iso(row.published_at),
    receipt: row.receipt,
    confirmedBy: row.confirmed_by,
    createdAt: row.created_at.toISOString(),
    assist: row.state === 'assist' ? assistView(row) : null,
    attempts: attempts.filter((attempt) => attempt.publication_id === row.id).map(attemptView),
  };
}

/** Of an answer in parts, a person is shown what does not stand yet. */
const textOf = ({ text, attempt, parts, state }: Publication): string =>
  parts && state === 'assist' ? currentPart({ text, attempt, parts: restAsOne(parts) }).text : text;

const standingView = ({ publishedId, permalink }: Published) => ({ publishedId, permalink: permalink ?? null });
const referenceOf = ({ detail }: Publication): string | null =>
  ((detail ?? {}) as { reference?: string }).reference ?? null;

/** What the officer said of the message when they entered it travels with its target. */
function assistView({ next_at, target, needs_person, kind, detail }: Publication) {
  const { reference = null, answerBy = null } = enteredAbout(target.ref);
  const entered = { due: next_at.toISOString(), overdue: needs_person, reference, answerBy };
  return { ...entered, status: kind === 'status' ? statusOf(detail) : null, ...reportOf(kind === 'forward' && detail) };
}

/** Kept by an older version, it may have no name of its own there. */
function statusOf(detail: Publication['detail']) {
  const { label, code = label } = detail as { label: string; code?: string };
  return { label, code };
}

function reportOf(detail: Publication['detail'] | false) {
  const { title = null, location = null } = (detail || {}) as Partial<Pick<ForwardDetail, 'title' | 'location'>>;
  return { title, location };
}

const attemptView = (attempt: Attempt) => ({
  attempt: attempt.attempt,
  startedAt: attempt.started_at.toISOString(),
  endedAt: iso(attempt.ended_at),
  outcome: attempt.outcome,
  explanation: attempt.explanation,
});
