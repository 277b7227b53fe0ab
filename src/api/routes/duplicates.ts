import type { z } from 'zod';
import { denyDuplicate, type Suggestion, suggestDuplicates } from '../../flows/desk/duplicates.ts';
import type { ApiDeps } from '../deps.ts';
import { byId, done, ok, problems } from '../schemas/common.ts';
import { notDuplicateBody, suggestions } from '../schemas/work.ts';
import type { TypedApp } from '../typed.ts';
import { summaryView } from './work.ts';

const tags = ['Work'];

/** What may be the same complaint on another channel. */
export async function duplicateRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  app.get(
    '/complaints/:id/duplicates',
    {
      schema: {
        tags,
        summary: 'Complaints that may be the same',
        description:
          'Alike in words, close by, or from the same reporter, within 45 days; only what you may see. That two reports ' +
          'come from one person is said, and counted, only where you may read the contact of both.',
        params: byId,
        response: { 200: ok('The likeliest first', suggestions), ...problems },
      },
    },
    async (request) => {
      const found = await suggestDuplicates(deps, request.actor, request.params.id);
      return { items: found.map((one) => suggestionView(deps, one)) };
    },
  );
  app.post(
    '/complaints/:id/not-duplicate',
    {
      schema: {
        tags,
        summary: 'Both were looked at and are different: never suggested for each other again',
        params: byId,
        body: notDuplicateBody,
        response: { 204: done, ...problems },
      },
    },
    async (request, reply) => {
      await denyDuplicate(deps, request.actor, request.params.id, request.body);
      return reply.code(204).send();
    },
  );
}

function suggestionView(deps: ApiDeps, { row, score, reasons }: Suggestion): z.infer<typeof suggestions>['items'][0] {
  return {
    complaint: summaryView(row),
    channel: row.channel_id,
    channelLabel: deps.config.channels.find(({ id }) => id === row.channel_id)?.label ?? row.channel_id,
    surface: row.surface,
    title: row.title,
    excerpt: row.excerpt,
    permalink: row.permalink,
    receivedAt: row.received_at.toISOString(),
    score,
    reasons,
  };
}
