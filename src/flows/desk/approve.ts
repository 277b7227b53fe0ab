import { type Actor, holdsRole } from '../../core/access.ts';
import { canonicalJson } from '../../core/chain.ts';
import { Refusal } from '../../core/refusal.ts';
import { sha256 } from '../../core/sealed.ts';
import { afterAwaiting, mustBeDraftable } from '../../core/workflow.ts';
import { type ComplaintRow, changeComplaint, lockComplaints } from '../../store/complaints.ts';
import { newId } from '../../store/database.ts';
import { findDraft, insertApproval, setDraftState } from '../../store/drafts.ts';
import { messagesById } from '../../store/messages.ts';
import { insertPublications } from '../../store/publications.ts';
import type { Draft, Message, NewPublication } from '../../store/schema.ts';
import type { DeskDeps } from '../deps.ts';
import { targetOf } from '../publish/row.ts';
import { type Desk, mustBeAble, notFound, placeOf as officeOf, record } from './desk.ts';
import { reachOn } from './reach.ts';
import { contentHash, mustBeSendable } from './targets.ts';

/**
 * Approves one version of an answer and queues one publication per target. Of any number of approvals at once, one
 * counts and the others are refused. Returns the ids of the publications.
 */
export async function approve(deps: DeskDeps, actor: Actor, draftId: string): Promise<string[]> {
  const { ids, draft } = await atDraft(deps, actor, draftId, async (desk, complaint, draft) => {
    mayApprove(desk, complaint);
    mustBeSecondPerson(desk, complaint, draft);
    return { ids: await approveAtDesk(desk, complaint, draft), draft };
  });
  await wakeChannels(deps, draft);
  return ids;
}

/** Works on a draft while the row of its complaint is locked. */
export function atDraft<T>(
  deps: DeskDeps,
  actor: Actor,
  draftId: string,
  work: (desk: Desk, complaint: ComplaintRow, draft: Draft) => Promise<T>,
): Promise<T> {
  return deps.db.transaction().execute(async (tx) => {
    const complaintId = (await findDraft(tx, draftId))?.complaint_id;
    const [complaint] = complaintId ? await lockComplaints(tx, actor, [complaintId]) : [];
    // Read again under the lock: somebody may have been faster.
    const draft = complaint && (await findDraft(tx, draftId));
    return draft ? work({ deps, tx, actor, at: deps.clock.now() }, complaint, draft) : notFound('draft', draftId);
  });
}

const approvalOf = (deps: DeskDeps, complaint: ComplaintRow) =>
  deps.config.hub.agencies.find((agency) => agency.id === complaint.agency_id)?.approval;

export const needsApproval = (deps: DeskDeps, complaint: ComplaintRow): boolean =>
  approvalOf(deps, complaint)?.required ?? false;

/** Refuses whoever may neither approve nor return answers of this complaint. */
export function mayApprove({ deps, actor }: Desk, complaint: ComplaintRow): void {
  const place = officeOf(complaint);
  const approval = approvalOf(deps, complaint);
  if (!approval?.required) mustBeAble(actor, 'draft', place);
  else if (!holdsRole(actor, approval.by, place))
    throw new Refusal('forbidden', `answers of this agency are approved by: ${approval.by.join(', ')}`);
}

function mustBeSecondPerson({ deps, actor }: Desk, complaint: ComplaintRow, draft: Draft): void {
  if (!needsApproval(deps, complaint) || draft.author_id !== actor.userId) return;
  throw new Refusal('second_person_required', 'you wrote this version; somebody else has to approve it');
}

/** The complaint's row is locked, so of two approvals the second one sees what the first one did. */
export async function approveAtDesk(desk: Desk, complaint: ComplaintRow, draft: Draft): Promise<string[]> {
  const { tx, actor, at } = desk;
  if (draft.state !== 'awaiting_approval')
    throw new Refusal('illegal_state', `only a draft that waits can be approved; this one is "${draft.state}"`);
  mustBeDraftable(complaint.state);
  await mustBeUnchanged(desk, complaint, draft);
  if (!(await insertApproval(tx, draft, actor.userId, at)))
    throw new Refusal('conflict', 'somebody else approved this version at the same moment');
  await setDraftState(tx, draft.id, 'approved');
  await changeComplaint(tx, complaint.id, { state: afterAwaiting(complaint.state) });
  const ids = await queue(desk, complaint, draft);
  const hash = draft.content_hash.toString('hex');
  await record(desk, complaint.id, 'draft.approved', { draftId: draft.id, contentHash: hash, publications: ids });
  return ids;
}

/** What is approved is what was written, and it can still be sent: windows close while people read. */
async function mustBeUnchanged(desk: Desk, complaint: ComplaintRow, draft: Draft): Promise<void> {
  const content = { text: draft.text, attachmentIds: draft.attachment_ids, targets: draft.targets };
  const { files } = await mustBeSendable(desk, complaint, content);
  if (!contentHash(content, files).equals(draft.content_hash))
    throw new Refusal('conflict', 'the draft is not what its author wrote; save it again');
}

async function queue(desk: Desk, complaint: ComplaintRow, draft: Draft): Promise<string[]> {
  const messages = await messagesById(
    desk.tx,
    draft.targets.map((target) => target.messageId),
  );
  return insertPublications(
    desk.tx,
    messages.map((message) => publicationOf(desk, complaint, draft, message)),
  );
}

function publicationOf({ deps, at }: Desk, complaint: ComplaintRow, draft: Draft, message: Message): NewPublication {
  const chosen = draft.targets.find((target) => target.messageId === message.id);
  const { privately, text = draft.text, channelId = message.channel_id } = chosen ?? {};
  return {
    id: newId(),
    complaint_id: complaint.id,
    channel_id: channelId,
    draft_id: draft.id,
    kind: 'answer',
    target_hash: sha256(canonicalJson([channelId, message.id])),
    target: { ...placeOf(deps, channelId, message), ...(privately && { privately: true as const }) },
    text,
    detail: null,
    attachment_ids: draft.attachment_ids,
    ...{ next_at: at, created_at: at },
  };
}

/** Below the message, or on another channel, where its writer is reached by what they left. */
function placeOf(deps: DeskDeps, channelId: string, message: Message): NewPublication['target'] {
  if (channelId === message.channel_id) return targetOf(message);
  const reached = reachOn(deps, channelId, message);
  if (!reached) throw new Refusal('conflict', `its writer cannot be reached through "${channelId}" any more`);
  const { objectId, threadId, surface } = reached;
  return { objectId, threadId, surface, messageId: message.id, reached: true };
}

/** After commit: the rows are the record, this only makes it quick. */
export async function wakeChannels(deps: DeskDeps, draft: Pick<Draft, 'targets'>): Promise<void> {
  for (const id of new Set(draft.targets.map((target) => target.channelId))) await deps.wake('publish', id);
}
