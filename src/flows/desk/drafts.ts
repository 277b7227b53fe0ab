import type { Actor } from '../../core/access.ts';
import { Refusal } from '../../core/refusal.ts';
import { storable } from '../../core/text.ts';
import { afterAwaiting, mustBeDraftable, whileAwaiting } from '../../core/workflow.ts';
import { type ComplaintRow, changeComplaint } from '../../store/complaints.ts';
import { newId } from '../../store/database.ts';
import { findDraft, insertDraft, setDraftState, supersedeDrafts } from '../../store/drafts.ts';
import type { Draft } from '../../store/schema.ts';
import type { DeskDeps } from '../deps.ts';
import { approveAtDesk, atDraft, mayApprove, needsApproval, wakeChannels } from './approve.ts';
import { type Choice, targetsFor } from './choose.ts';
import { atDesk, type Desk, record } from './desk.ts';
import { type AnswerContent, channelWarnings, contentHash, mustBeSendable } from './targets.ts';

/** Without `messageIds` and `toAll`, the citizen's newest message is answered. */
export interface NewAnswer extends Choice {
  text: string;
  attachmentIds?: readonly string[] | undefined;
  /** Approve at once, where the agency asks for no second person. */
  submit?: boolean | undefined;
}

export interface DraftResult {
  id: string;
  number: number;
  state: Draft['state'];
  /** In plain Indonesian; they keep nobody back. */
  warnings: string[];
}

/** A new version of the answer. It takes the place of the one that was open. Refuses what could never be sent. */
export async function saveDraft(
  deps: DeskDeps,
  actor: Actor,
  complaintId: string,
  answer: NewAnswer,
): Promise<DraftResult> {
  const { draft: saved, warnings } = await atDesk(deps, actor, 'draft', complaintId, async (desk, complaint) => {
    mustBeDraftable(complaint.state);
    const stored = await store(desk, complaint, await contentOf(desk, complaint, answer));
    if (!answer.submit || needsApproval(deps, complaint)) {
      await changeComplaint(desk.tx, complaintId, { state: whileAwaiting(complaint.state) });
      return stored;
    }
    await approveAtDesk(desk, complaint, stored.draft);
    return { ...stored, draft: { ...stored.draft, state: 'approved' as const } };
  });
  if (saved.state === 'approved') await wakeChannels(deps, saved);
  return {
    id: saved.id,
    number: saved.number,
    state: saved.state,
    warnings: [...warnings, ...(await channelWarnings(deps, saved.targets))],
  };
}

async function contentOf(desk: Desk, complaint: ComplaintRow, answer: NewAnswer): Promise<AnswerContent> {
  return {
    text: storable(answer.text.trim()),
    attachmentIds: [...new Set(answer.attachmentIds ?? [])],
    targets: await targetsFor(desk, complaint, answer),
  };
}

async function store(
  desk: Desk,
  complaint: ComplaintRow,
  content: AnswerContent,
): Promise<{ draft: Draft; warnings: string[] }> {
  const { tx, actor, at } = desk;
  const { files, warnings } = await mustBeSendable(desk, complaint, content);
  const superseded = await supersedeDrafts(tx, complaint.id);
  const draft = { id: newId(), complaintId: complaint.id, authorId: actor.userId, at, ...content };
  const number = await insertDraft(tx, { ...draft, contentHash: contentHash(content, files) });
  await record(desk, complaint.id, 'draft.saved', { draftId: draft.id, number, superseded });
  return { draft: (await findDraft(tx, draft.id))!, warnings };
}

/** Back to its author, with the reason. */
export function returnDraft(deps: DeskDeps, actor: Actor, draftId: string, reason: string): Promise<void> {
  return atDraft(deps, actor, draftId, async (desk, complaint, draft) => {
    mayApprove(desk, complaint);
    if (draft.state !== 'awaiting_approval')
      throw new Refusal('illegal_state', `only a draft that waits can be returned; this one is "${draft.state}"`);
    await setDraftState(desk.tx, draftId, 'returned');
    await changeComplaint(desk.tx, complaint.id, { state: afterAwaiting(complaint.state) });
    await record(desk, complaint.id, 'draft.returned', { draftId }, reason);
  });
}
