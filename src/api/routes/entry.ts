import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { mustHaveHappened } from '../../core/happened.ts';
import type { Paper } from '../../core/paper/index.ts';
import { enterByHand } from '../../flows/desk/enter.ts';
import { letter, printed, receipt, receiptOf } from '../../flows/desk/papers.ts';
import { complaintToPrint } from '../../store/complaints.ts';
import type { ApiDeps } from '../deps.ts';
import { byId, ok, problems } from '../schemas/common.ts';
import { entered, entryBody, entryHeaders, paperQuery } from '../schemas/entry.ts';
import type { TypedApp } from '../typed.ts';

const tags = ['Entry'];

/** What comes without a screen: at the counter, on the telephone, in a letter; and what is printed for it. */
export async function entryRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  app.post(
    '/complaints',
    {
      schema: {
        tags,
        summary: 'Enter a complaint by hand',
        description:
          'It is a complaint at once, with a ticket number and a receipt. What you say of agency, kind and category goes before the rules.',
        headers: entryHeaders,
        body: entryBody,
        response: {
          200: ok('It was entered before, with the same key', entered),
          201: ok('It stands', entered),
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { receivedAt, occurredAt, ...order } = request.body;
      const arrived = dateOf(receivedAt);
      mustHaveHappened('receivedAt', arrived, deps.clock.now());
      const { complaintId, known } = await enterByHand(deps, request.actor, {
        ...{ ...order, key: request.headers['idempotency-key'] },
        ...{ receivedAt: arrived, occurredAt: dateOf(occurredAt) },
      });
      return reply.code(known ? 200 : 201).send(await enteredView(deps, complaintId, known));
    },
  );
  app.get(
    '/complaints/:id/receipt',
    {
      schema: {
        tags,
        summary: 'The receipt (tanda terima), to be printed',
        description:
          "Holds the code that opens the citizen's answers: for those who may see the contact; each printing is recorded.",
        params: byId,
        querystring: paperQuery,
        response: { 200: page, ...problems },
      },
    },
    async (request, reply) => {
      const { paper } = await receipt(deps, request.actor, request.params.id);
      return send(reply, paper, request.query.format);
    },
  );
  app.get(
    '/publications/:id/letter',
    {
      schema: {
        tags,
        summary: 'An approved answer as a letter (surat jawaban)',
        description:
          'With the letterhead of the agency in hub.yaml. The reader is named only to those who may know them.',
        params: byId,
        querystring: paperQuery,
        response: { 200: page, ...problems },
      },
    },
    async (request, reply) => send(reply, await letter(deps, request.actor, request.params.id), request.query.format),
  );
}

const dateOf = (given: string | undefined): Date | undefined => (given === undefined ? undefined : new Date(given));

/** Whoever has entered it gets its receipt, also where the complaint is another agency's from now on. */
async function enteredView(deps: ApiDeps, id: string, known: boolean): Promise<z.infer<typeof entered>> {
  const row = await complaintToPrint(deps.db, id);
  const { short } = await receiptOf(deps, row);
  const address = `/api/v1/complaints/${id}/receipt?format=`;
  return {
    id,
    ticketNo: row.ticket_no ?? '',
    known,
    receipt: { text: short, html: `${address}html`, pdf: `${address}pdf` },
  };
}

const page = {
  description: 'A page of A4',
  content: {
    'text/html': { schema: z.string().meta({ examples: ['<!doctype html>'] }) },
    'application/pdf': {
      schema: z.custom<Buffer>(Buffer.isBuffer, 'a PDF').meta({ type: 'string', format: 'binary' }),
    },
  },
};

async function send(reply: FastifyReply, paper: Paper, format: 'html' | 'pdf'): Promise<never> {
  const content = await printed(paper, format);
  reply.headers({
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  });
  return reply.type(format === 'pdf' ? 'application/pdf' : 'text/html; charset=utf-8').send(content) as never;
}
