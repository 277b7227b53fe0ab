import { type Actor, can } from '../../core/access.ts';
import { enteredAbout } from '../../core/entry.ts';
import { PUBLICATION_LABELS } from '../../core/labels.ts';
import { currentPart, restAsOne } from '../../core/parts.ts';
import { publicationActions, waitsForPerson } from '../../core/publication.ts';
import { placeOf } from '../../flows/desk/desk.ts';
import { CODE_BLANK, withCode } from '../../flows/door/code.ts';
import { type Addressee, addresseesOf, attemptsOf } from '../../store/publications.ts';
import type { Publication } from '../../store/schema.ts';
import { logAccess } from '../../store/trail.ts';
import type { ApiDeps } from '../deps.ts';
import type { PublicationView } from '../schemas/publication.ts';
import { platformId } from './platformId.ts';

type Attempt = Awaited<ReturnType<typeof attemptsOf>>[number];

export const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Publications as clients see them, in the same order. */
export async function publicationViews(
  deps: ApiDeps,
  actor: Actor,
  rows: readonly Publication[],
): Promise<PublicationView[]> {
  const ids = rows.map((row) => row.id);
  const [attempts, addressees] = await Promise.all([attemptsOf(deps.db, ids), addresseesOf(deps.db, ids)]);
  return Promise.all(
    rows.map(async (row) => {
      const addressee = addressees.get(row.id);
      const said = addressee ? await toPaste(deps, actor, row, addressee) : row;
      return publicationView(deps, said, addressee?.ticket_no ?? null, attempts);
    }),
  );
}

/**
 * A receipt that a person is to send holds the code, like one on paper: for those who may see the contact, and each look is
 * written down. For all others it stays blank.
 */
async function toPaste(deps: ApiDeps, actor: Actor, row: Publication, addressee: Addressee): Promise<Publication> {
  const { text, parts } = row;
  if (row.state !== 'assist' || !text.includes(CODE_BLANK) || !can(actor, 'contact', placeOf(addressee))) return row;
  await logAccess(deps.db, actor.userId, row.complaint_id, 'receipt', deps.clock.now());
  const fill = (said: string) => withCode(deps.keyring, row, said);
  return { ...row, text: fill(text), parts: parts && { ...parts, texts: parts.texts.map(fill) } };
}

/** `attempts` may hold those of others, too. */
function publicationView(
  deps: ApiDeps,
  row: Publication,
  ticketNo: string | null,
  attempts: readonly Attempt[],
): PublicationView {
  const { target } = row;
  // The Message-ID of a mail of ours says nothing of its reader, and is what people look for in the mailbox.
  const standing = (id: string) => (target.surface === 'mail' ? id : platformId(deps, target.surface, id));
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
    parts: row.parts && {
      texts: row.parts.texts,
      published: row.parts.done.map((one) => ({
        publishedId: standing(one.publishedId),
        permalink: one.permalink ?? null,
      })),
    },
    state: row.state,
    label: PUBLICATION_LABELS[row.state],
    needsPerson: waitsForPerson(row),
    reason: row.reason,
    explanation: row.explanation,
    actions: publicationActions(row),
    attempt: row.attempt,
    nextAt: goesOn ? iso(row.next_at) : null,
    publishedId: row.published_id && standing(row.published_id),
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

const referenceOf = ({ detail }: Publication): string | null =>
  ((detail ?? {}) as { reference?: string }).reference ?? null;

/** Beside the text: of a status what it is called there, of a report for a portal what has a field of its own. */
interface ToEnter {
  label?: string;
  code?: string;
  title?: string | null;
  location?: string | null;
}

/** What the officer said of the message when they entered it travels with its target. */
function assistView({ next_at, target, needs_person, kind, detail }: Publication) {
  const { reference = null, answerBy = null } = enteredAbout(target.ref);
  const { label, code, title, location } = (detail ?? {}) as ToEnter;
  return {
    ...{ due: next_at.toISOString(), overdue: needs_person, reference, answerBy },
    status: kind === 'status' && label ? { label, code: code ?? label } : null,
    ...{ title: title ?? null, location: location ?? null },
  };
}

const attemptView = (attempt: Attempt) => ({
  attempt: attempt.attempt,
  startedAt: attempt.started_at.toISOString(),
  endedAt: iso(attempt.ended_at),
  outcome: attempt.outcome,
  explanation: attempt.explanation,
});
