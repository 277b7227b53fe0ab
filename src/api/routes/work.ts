import type { FastifyReply, FastifyRequest } from 'fastify';
import { STATE_LABELS } from '../../core/labels.ts';
import { assign } from '../../flows/desk/assign.ts';
import { forward } from '../../flows/desk/forward.ts';
import { accept, dismiss, judgeMany } from '../../flows/desk/judge.ts';
import { merge, unmerge } from '../../flows/desk/merge.ts';
import { addNote } from '../../flows/desk/notes.ts';
import { reject, reopen, returnToReporter, step } from '../../flows/desk/steps.ts';
import { moveTo, split } from '../../flows/desk/threads.ts';
import { type ComplaintRow, findComplaint } from '../../store/complaints.ts';
import type { ApiDeps } from '../deps.ts';
import { byId, gone, ok, problems } from '../schemas/common.ts';
import { type ComplaintSummary, complaintSummary } from '../schemas/complaint.ts';
import * as body from '../schemas/work.ts';
import type { TypedApp } from '../typed.ts';

const summary200 = { 200: ok('How it stands now', complaintSummary), 204: gone, ...problems };
const created201 = { 201: ok('Its id', body.created), ...problems };
const about = (summary: string) => ({ tags: ['Work'], summary, params: byId });

/** Judging, assigning and noting. */
export async function judgeRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  const { stands } = answers(deps);
  app.post(
    '/complaints/:id/accept',
    { schema: { ...about('Make it a complaint'), body: body.acceptBody, response: summary200 } },
    async (request, reply) => {
      await accept(deps, request.actor, request.params.id, request.body);
      return stands(request, reply);
    },
  );
  app.post(
    '/complaints/:id/dismiss',
    { schema: { ...about('Not a complaint (bukan aduan)'), body: body.dismissBody, response: summary200 } },
    async (request, reply) => {
      await dismiss(deps, request.actor, request.params.id, request.body);
      return stands(request, reply);
    },
  );
  app.post(
    '/complaints/bulk',
    {
      schema: {
        tags: ['Work'],
        summary: 'Accept or dismiss many at once',
        description: 'Each one on its own: what cannot be judged is named, the others go on.',
        body: body.bulkBody,
        response: { 200: ok('What became of each', body.bulkResults), ...problems },
      },
    },
    async (request) => {
      const { action, ids, ...judgement } = request.body;
      return { results: await judgeMany(deps, request.actor, action, ids, judgement) };
    },
  );
  app.post(
    '/complaints/:id/assign',
    { schema: { ...about('Hand it over'), body: body.assignBody, response: summary200 } },
    async (request, reply) => {
      await assign(deps, request.actor, request.params.id, request.body);
      return stands(request, reply);
    },
  );
  app.post(
    '/complaints/:id/notes',
    { schema: { ...about('Write an internal note'), body: body.noteBody, response: created201 } },
    async (request, reply) => {
      const id = await addNote(deps, request.actor, request.params.id, request.body.text);
      return reply.code(201).send({ id });
    },
  );
}

/** The workflow's steps and the hub actions. */
export async function stepRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  const { stands } = answers(deps);
  app.post(
    '/complaints/:id/steps',
    {
      schema: {
        ...about('Take a step: start, close, withdraw, disclaim, reaction, hold, lift'),
        description:
          '`hold` marks it as sensitive: only you and the auditors see it from then on. `disclaim`: not our authority (bukan kewenangan).',
        body: body.stepBody,
        response: summary200,
      },
    },
    async (request, reply) => {
      await step(deps, request.actor, request.params.id, request.body.step, request.body.reason);
      return stands(request, reply);
    },
  );
  const withReason = { return: returnToReporter, reject, reopen };
  const summaries = { return: 'Back to the reporter, to complete it', reject: 'Reject it', reopen: 'Work on it again' };
  for (const action of ['return', 'reject', 'reopen'] as const) {
    app.post(
      `/complaints/:id/${action}`,
      { schema: { ...about(summaries[action]), body: body.reasonBody, response: summary200 } },
      async (request, reply) => {
        await withReason[action](deps, request.actor, request.params.id, request.body.reason);
        return stands(request, reply);
      },
    );
  }
}

/** What another office's portal is to have, too. */
export async function forwardRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  app.post(
    '/complaints/:id/forward',
    {
      schema: {
        ...about('Enter it into a portal, once'),
        description:
          "Creates a report at the portal of `channel`, with the citizen's words but without what they typed by mistake. Its " +
          'number there, its status and what is written below it join this complaint. A second one is refused with `conflict`.',
        body: body.forwardBody,
        response: created201,
      },
    },
    async (request, reply) => {
      const id = await forward(deps, request.actor, request.params.id, request.body);
      return reply.code(201).send({ id });
    },
  );
}

/** What belongs together, and what does not. */
export async function threadRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  const { stands } = answers(deps);
  app.post(
    '/complaints/:id/merge',
    { schema: { ...about('Merge it into another complaint (duplikat)'), body: body.mergeBody, response: summary200 } },
    async (request, reply) => {
      await merge(deps, request.actor, request.params.id, request.body.into, request.body.reason);
      return stands(request, reply);
    },
  );
  app.post(
    '/complaints/:id/unmerge',
    { schema: { ...about('Take a duplicate out again'), body: body.unmergeBody, response: summary200 } },
    async (request, reply) => {
      await unmerge(deps, request.actor, request.params.id, request.body.reason);
      return stands(request, reply);
    },
  );
  app.post(
    '/complaints/:id/split',
    { schema: { ...about('Make a new complaint of some messages'), body: body.splitBody, response: created201 } },
    async (request, reply) => {
      const { messages, reason } = request.body;
      const id = await split(deps, request.actor, request.params.id, messages, reason);
      return reply.code(201).send({ id });
    },
  );
  app.post(
    '/complaints/:id/move',
    { schema: { ...about('Move messages to another complaint'), body: body.moveBody, response: summary200 } },
    async (request, reply) => {
      await moveTo(deps, request.actor, request.params.id, request.body);
      return stands(request, reply);
    },
  );
}

/** How a complaint stands after a change; 204 when the change took it out of the caller's view. */
function answers(deps: ApiDeps) {
  return {
    async stands(request: FastifyRequest, reply: FastifyReply): Promise<never> {
      const { id } = request.params as { id: string };
      const row = await findComplaint(deps.db, request.actor, id);
      return (row ? reply.code(200).send(summaryView(row)) : reply.code(204).send()) as never;
    },
  };
}

type Summarised = Pick<ComplaintRow, 'id' | 'ticket_no' | 'state' | 'agency_id' | 'unit_id' | 'assignee_id'>;

export const summaryView = (row: Summarised): ComplaintSummary => ({
  id: row.id,
  ticketNo: row.ticket_no,
  state: row.state,
  stateLabel: STATE_LABELS[row.state],
  agency: row.agency_id,
  unit: row.unit_id,
  assignee: row.assignee_id,
});
