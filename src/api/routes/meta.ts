import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { ApiError } from '../problems.ts';
import { ok, problems } from '../schemas/common.ts';
import { health, readiness } from '../schemas/hub.ts';
import type { TypedApp } from '../typed.ts';

const about = (summary: string) => ({ tags: ['Operation'], summary, security: [] });

/** For those who watch the hub. They hold no data of citizens and need no key; keep them off the open internet. */
export async function metaRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  app.get(
    '/healthz',
    { schema: { ...about('Is the process alive?'), response: { 200: ok('It is', health), ...problems } } },
    async () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        ...about('Can it work?'),
        response: { 200: ok('It can', readiness), ...problems, 503: ok('It cannot; `checks` says why', readiness) },
      },
    },
    async (_request, reply) => {
      const state = await deps.readiness();
      return reply.code(state.ready ? 200 : 503).send(state);
    },
  );
  const metrics = z.string().meta({ examples: ['kanal_complaints_total 12\n'] });
  app.get(
    '/metrics',
    {
      schema: {
        ...about('Figures in the format of Prometheus'),
        response: { 200: { description: 'Text', content: { 'text/plain': { schema: metrics } } }, ...problems },
      },
    },
    async (_request, reply) => {
      if (!deps.metricsText) throw new ApiError('unknown_address', 'this process counts nothing');
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await deps.metricsText());
    },
  );
}
