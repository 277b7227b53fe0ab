import { approve } from '../../flows/desk/approve.ts';
import { notFound } from '../../flows/desk/desk.ts';
import { returnDraft, saveDraft } from '../../flows/desk/drafts.ts';
import { findComplaint } from '../../store/complaints.ts';
import { findDraft } from '../../store/drafts.ts';
import type { ApiDeps } from '../deps.ts';
import { byId, gone, ok, problems } from '../schemas/common.ts';
import { complaintSummary } from '../schemas/complaint.ts';
import { approvalResult, draftBody, draftResult, reasonBody } from '../schemas/work.ts';
import type { TypedApp } from '../typed.ts';
import { summaryView } from './work.ts';

const tags = ['Answers'];

/** From a draft to what is queued. */
export async function draftRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  app.post(
    '/complaints/:id/drafts',
    {
      schema: {
        tags,
        summary: 'Write a version of the answer',
        description: 'What could never be sent is refused now (`cannot_answer`), with every reason in Indonesian.',
        params: byId,
        body: draftBody,
        response: { 201: ok('The version', draftResult), ...problems },
      },
    },
    async (request, reply) => {
      const { messages, attachments, ...same } = request.body;
      const answer = { ...same, messageIds: messages, attachmentIds: attachments };
      return reply.code(201).send(await saveDraft(deps, request.actor, request.params.id, answer));
    },
  );
  app.post(
    '/drafts/:id/approve',
    {
      schema: {
        tags,
        summary: 'Approve a version; it is then published, once',
        params: byId,
        response: { 200: ok('What was queued', approvalResult), ...problems },
      },
    },
    async (request) => {
      const { id } = request.params;
      const publications = await approve(deps, request.actor, id);
      return { id, publications, complaint: summaryView(await complaintOf(deps, request.actor, id)) };
    },
  );
  app.post(
    '/drafts/:id/return',
    {
      schema: {
        tags,
        summary: 'Give a version back to its author',
        params: byId,
        body: reasonBody,
        response: { 200: ok('How the complaint stands now', complaintSummary), 204: gone, ...problems },
      },
    },
    async (request) => {
      await returnDraft(deps, request.actor, request.params.id, request.body.reason);
      return summaryView(await complaintOf(deps, request.actor, request.params.id));
    },
  );
}

async function complaintOf(deps: ApiDeps, actor: Parameters<typeof findComplaint>[1], draftId: string) {
  const draft = (await findDraft(deps.db, draftId)) ?? notFound('draft', draftId);
  return (await findComplaint(deps.db, actor, draft.complaint_id)) ?? notFound('draft', draftId);
}
