import type { FastifyReply, FastifyRequest } from 'fastify';
import { cancel, confirm, decline, retry } from '../../flows/desk/publications.ts';
import { findPublication, listPublications } from '../../store/publications.ts';
import type { ApiDeps } from '../deps.ts';
import { decodeId, pageOf } from '../paging.ts';
import { byId, gone, ok, problems } from '../schemas/common.ts';
import {
  cancelBody,
  confirmBody,
  declineBody,
  publication,
  publicationPage,
  publicationQuery,
  retryBody,
} from '../schemas/publication.ts';
import type { TypedApp } from '../typed.ts';
import { publicationViews } from '../views/publication.ts';

const tags = ['Publications'];
const response = { 200: ok('How it stands now', publication), 204: gone, ...problems };

/** What went out, what is on its way, and what needs a person. */
export async function publicationRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  app.get(
    '/publications',
    {
      schema: {
        tags,
        summary: 'What went out, newest first',
        querystring: publicationQuery,
        response: { 200: ok('One page', publicationPage), ...problems },
      },
    },
    async (request) => {
      const { cursor, limit, ...filter } = request.query;
      const rows = await listPublications(deps.db, request.actor, { ...filter, before: decodeId(cursor), limit });
      const page = pageOf(rows, limit, (row) => [row.id]);
      return { items: await publicationViews(deps, request.actor, page.items), nextCursor: page.nextCursor };
    },
  );
  app.post(
    '/publications/:id/confirm',
    {
      schema: {
        tags,
        summary: 'It stands there: I saw it, or put it there',
        params: byId,
        body: confirmBody,
        response,
      },
    },
    async (request, reply) => {
      const { publishedAt, ...seen } = request.body;
      const at = publishedAt === undefined ? undefined : new Date(publishedAt);
      await confirm(deps, request.actor, request.params.id, { ...seen, publishedAt: at });
      return stands(deps, request, reply);
    },
  );
  app.post(
    '/publications/:id/retry',
    { schema: { tags, summary: 'It is not there: I looked. Send it again', params: byId, body: retryBody, response } },
    async (request, reply) => {
      await retry(deps, request.actor, request.params.id, request.body.reason);
      return stands(deps, request, reply);
    },
  );
  app.post(
    '/publications/:id/decline',
    {
      schema: {
        tags,
        summary: 'I was to publish it by hand, and did not: this is why',
        params: byId,
        body: declineBody,
        response,
      },
    },
    async (request, reply) => {
      await decline(deps, request.actor, request.params.id, request.body.reason);
      return stands(deps, request, reply);
    },
  );
  app.post(
    '/publications/:id/cancel',
    { schema: { tags, summary: 'It shall not go out', params: byId, body: cancelBody, response } },
    async (request, reply) => {
      await cancel(deps, request.actor, request.params.id, request.body.reason);
      return stands(deps, request, reply);
    },
  );
}

async function stands(deps: ApiDeps, request: FastifyRequest, reply: FastifyReply): Promise<never> {
  const { id } = request.params as { id: string };
  const row = await findPublication(deps.db, request.actor, id);
  if (!row) return reply.code(204).send() as never;
  const [view] = await publicationViews(deps, request.actor, [row]);
  return reply.code(200).send(view) as never;
}
