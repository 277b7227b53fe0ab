import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../core/access.ts';
import { actorOfKey } from '../flows/desk/users.ts';
import type { ApiDeps } from './deps.ts';
import { ApiError } from './problems.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set before any handler under /api/v1 runs. */
    actor: Actor;
    keyId: string;
  }
}

/** Every address registered after this one, in the same scope, needs a valid key. */
export async function requireKey(app: FastifyInstance, deps: ApiDeps, perMinute: number): Promise<void> {
  app.decorateRequest('actor', null as unknown as Actor);
  app.decorateRequest('keyId', '');
  app.addHook('onRequest', async (request) => {
    const holder = await holderOf(deps, request);
    request.actor = holder.actor;
    request.keyId = holder.keyId;
  });
  await app.register(rateLimit, {
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => request.keyId,
    errorResponseBuilder: (_request, { after }) =>
      new ApiError('rate_limited', `this key sent too many requests; try again in ${after}`),
  });
}

/** Looked up each time: a revoked key and a disabled user are refused at once. */
export async function holderOf(deps: ApiDeps, request: FastifyRequest): Promise<{ actor: Actor; keyId: string }> {
  const key = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const holder = key && (await actorOfKey(deps, key));
  if (holder) return holder;
  const detail = key
    ? 'the key is unknown or revoked, or its user is disabled; ask an administrator for a new one'
    : 'send "Authorization: Bearer ka_..." with your API key';
  throw new ApiError('unauthenticated', detail);
}
