import { MODERATIONS } from '#contract';
import { markRead } from '../../flows/desk/markRead.ts';
import { moderate } from '../../flows/desk/moderate.ts';
import type { ApiDeps } from '../deps.ts';
import { byId, gone, problems } from '../schemas/common.ts';
import { moderationBody } from '../schemas/work.ts';
import type { TypedApp } from '../typed.ts';

const SUMMARIES = { hide: 'Hide a public message from others', unhide: 'Show it to everyone again' } as const;
const response = { 204: gone.meta({ description: 'Done at the platform' }), ...problems };

/** What citizens wrote in public, hidden or shown again at the platform itself. */
export async function moderationRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  for (const action of MODERATIONS) {
    app.post(
      `/messages/:id/${action}`,
      {
        schema: {
          ...{ tags: ['Work'], summary: SUMMARIES[action], params: byId, body: moderationBody, response },
          description: 'Where the platform can do that; who asked and what came of it stands in the trail.',
        },
      },
      async (request, reply) => {
        await moderate(deps, request.actor, request.params.id, { action, reason: request.body.reason });
        return reply.code(204).send();
      },
    );
  }
  app.post(
    '/messages/:id/read',
    {
      schema: {
        ...{ tags: ['Work'], summary: 'Show the citizen that the office has read it', params: byId, response },
        description: 'Where the platform knows that (WhatsApp). Opening a complaint here shows the citizen nothing.',
      },
    },
    async (request, reply) => {
      await markRead(deps, request.actor, request.params.id);
      return reply.code(204).send();
    },
  );
}
