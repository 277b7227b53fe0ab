import { isPublic, type Json } from '#contract';
import { type Actor, can, canHub } from '../../core/access.ts';
import { ownerOf } from '../../core/family.ts';
import { legalActions } from '../../core/workflow.ts';
import { placeOf } from '../../flows/desk/desk.ts';
import { type ComplaintRow, duplicatesOf, type FamilyMember, familyOf, findComplaint } from '../../store/complaints.ts';
import { draftsOf } from '../../store/drafts.ts';
import { attachmentsOf, messagesOf, notesOf, sealedContact } from '../../store/messages.ts';
import { publicationsOfComplaint } from '../../store/publications.ts';
import { eventsOf, logAccess } from '../../store/trail.ts';
import { namesOf } from '../../store/users.ts';
import type { ApiDeps } from '../deps.ts';
import type { ComplaintDetail } from '../schemas/complaint.ts';
import { publicName, sharedView } from './item.ts';
import { platformId } from './platformId.ts';
import { iso, publicationViews } from './publication.ts';

/** Everything about one complaint, as far as the actor may see it. Reading the reporter's contact is written down. */
export async function detailView(deps: ApiDeps, actor: Actor, row: ComplaintRow): Promise<ComplaintDetail> {
  const { db } = deps;
  const [family, messages, attachments, drafts, publications, notes, events, duplicates, names] = await Promise.all([
    familyOf(db, row.id),
    messagesOf(db, row.id),
    attachmentsOf(db, row.id),
    draftsOf(db, row.id),
    publicationsOfComplaint(db, row.id),
    notesOf(db, row.id),
    eventsOf(db, row.id),
    duplicatesOf(db, actor, row.id),
    namesOf(db, row.assignee_id ? [row.assignee_id] : []),
  ]);
  const files = attachments.map(attachmentView);
  const newest = messages.findLast((message) => message.direction === 'in');
  const assignee_name = names.get(row.assignee_id ?? '') ?? null;
  return {
    ...sharedView(deps, { ...row, context: row.context, assignee_name, last_citizen_at: newest?.at ?? null }),
    author: openingName(deps, row, messages),
    ...restView(deps, row),
    mergedInto: await visibleParent(deps, actor, row),
    duplicates: duplicates.map((one) => ({ id: one.id, ticketNo: one.ticket_no, channel: one.channel_id })),
    reporter: await reporterView(deps, actor, row),
    messages: messages.map((message) => messageView(deps, { row, family }, message, attachments)),
    uploads: files.filter((_file, index) => attachments[index]?.uploaded_by),
    drafts: drafts.map(draftView),
    publications: await publicationViews(deps, actor, publications),
    notes: notes.map((note) => ({
      ...{ id: note.id, author: { id: note.user_id, name: note.name } },
      ...{ text: note.text, at: note.created_at.toISOString() },
    })),
    events: events.map((event) => ({ ...event, at: event.at.toISOString() })),
    actions: legalActions(row.state),
    approval: approvalView(deps, row),
  };
}

const restView = (deps: ApiDeps, row: ComplaintRow) => ({
  text: row.body,
  threadId: platformId(deps, row.surface, row.thread_id),
  location: row.location,
  sourceStatus: row.source_status,
  occurredAt: iso(row.occurred_at),
  recordedAt: row.recorded_at.toISOString(),
  answeredAt: iso(row.answered_at),
  closedAt: iso(row.closed_at),
});

/** A name is shown only where it is public already. */
const showsNames = (row: ComplaintRow): boolean => row.public && !row.anonymous;

function openingName(deps: ApiDeps, row: ComplaintRow, messages: readonly MessageRow[]): string | null {
  const opening = messages.find((message) => message.id === row.opening_message_id);
  return showsNames(row) && opening?.author_sealed ? publicName(deps, opening.author_sealed) : null;
}

type MessageRow = Awaited<ReturnType<typeof messagesOf>>[number];
type AttachmentRow = Awaited<ReturnType<typeof attachmentsOf>>[number];

interface Around {
  row: ComplaintRow;
  family: readonly FamilyMember[];
}

/** What came from the reporter of a merged complaint is as anonymous as that one. */
const showsAuthor = ({ row, family }: Around, message: MessageRow): boolean =>
  showsNames(row) && isPublic(message.surface) && !ownerOf(family, message)?.anonymous;

function messageView(deps: ApiDeps, around: Around, message: MessageRow, attachments: readonly AttachmentRow[]) {
  const named = showsAuthor(around, message) && message.direction === 'in' && message.author_sealed;
  return {
    id: message.id,
    direction: message.direction,
    channel: message.channel_id,
    surface: message.surface,
    threadId: platformId(deps, message.surface, message.thread_id),
    parentId: message.parent_id && platformId(deps, message.surface, message.parent_id),
    // Taken back by its writer: kept for its time, and shown to nobody.
    title: message.deleted_at ? null : message.title,
    text: message.deleted_at ? '' : message.text,
    author: named ? publicName(deps, named) : null,
    automated: message.automated,
    stranger: message.stranger,
    verified: message.verified,
    full: message.deleted_at ? null : message.full_body,
    outsideHub: message.outside_hub,
    publication: message.publication_id,
    permalink: message.permalink,
    at: message.at.toISOString(),
    edited: message.edited,
    versions: message.versions ?? 0,
    deletedAt: iso(message.deleted_at),
    attachments: attachments.filter((one) => one.message_id === message.id).map(attachmentView),
  };
}

const attachmentView = ({ id, name, mime, size, state, reason }: AttachmentRow) => ({
  ...{ id, name, mime, size, state, reason },
});

type DraftRow = Awaited<ReturnType<typeof draftsOf>>[number];

const draftView = (draft: DraftRow) => ({
  id: draft.id,
  number: draft.number,
  state: draft.state,
  text: draft.text,
  targets: draft.targets,
  attachments: draft.attachment_ids,
  author: { id: draft.author_id, name: draft.author_name ?? '' },
  createdAt: draft.created_at.toISOString(),
  approval:
    draft.approved_by && draft.approved_at
      ? { by: { id: draft.approved_by, name: draft.approver_name ?? '' }, at: draft.approved_at.toISOString() }
      : null,
});

async function visibleParent(deps: ApiDeps, actor: Actor, row: ComplaintRow): Promise<string | null> {
  if (!row.merged_into) return null;
  return (await findComplaint(deps.db, actor, row.merged_into)) ? row.merged_into : null;
}

async function reporterView(deps: ApiDeps, actor: Actor, row: ComplaintRow) {
  const nothing = (hidden: 'anonymous' | 'role' | 'none') => ({ hidden, contact: null });
  if (!can(actor, 'contact', placeOf(row))) return nothing('role');
  if (row.anonymous && !canHub(actor, 'anonymous')) return nothing('anonymous');
  const sealed = row.reporter_id ? await sealedContact(deps.db, row.reporter_id) : null;
  if (!sealed) return nothing('none');
  await logAccess(deps.db, actor.userId, row.id, 'contact', deps.clock.now());
  const contact: Json = deps.keyring.decryptJson(sealed, 'reporter');
  return { hidden: null, contact };
}

function approvalView(deps: ApiDeps, row: ComplaintRow) {
  const approval = deps.config.hub.agencies.find((agency) => agency.id === row.agency_id)?.approval;
  return { required: approval?.required ?? false, by: approval?.required ? [...approval.by] : [] };
}
