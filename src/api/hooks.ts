import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Delivery } from '#contract';
import { erase } from '../flows/erase.ts';
import type { HookAnswer } from '../flows/receive.ts';
import type { ApiDeps } from './deps.ts';
import { sendProblem } from './errors.ts';
import { type ProblemCode, problem } from './problems.ts';
import { ok, problems } from './schemas/common.ts';

type Hook = FastifyRequest<{ Params: { endpoint: string } }>;

const EMPTY = new Uint8Array();
const tags = ['Hooks'];
const confirmation = z.strictObject({ url: z.string(), confirmation_code: z.string() }).meta({
  id: 'DeletionConfirmation',
  examples: [{ url: 'https://hub.example/privasi/penghapusan/x', confirmation_code: 'x' }],
});
const erased = { 200: ok('Where to look at the result', confirmation), ...problems };
const response = {
  200: { description: 'Accepted', content: { 'text/plain': { schema: z.string().meta({ examples: ['ok'] }) } } },
  ...problems,
};

/**
 * Where platforms deliver. The body stays bytes, because signatures are made over bytes. Nothing stands in the way here:
 * no key, no validation, no headers of ours.
 */
export async function hookRoutes(app: FastifyInstance, deps: ApiDeps, bodyLimit: number): Promise<void> {
  const { hooks } = deps;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
  app.get(
    '/hooks/:endpoint',
    { schema: { tags, security: [], summary: "A platform's check of this address", response } },
    async (request: Hook, reply) => answer(reply, await hooks.handshake(request.params.endpoint, deliveryOf(request))),
  );
  app.post(
    '/hooks/:endpoint',
    { schema: { tags, security: [], summary: 'A delivery; acknowledged once it is stored', response } },
    async (request: Hook, reply) => answer(reply, await hooks.receive(request.params.endpoint, deliveryOf(request))),
  );
  app.post(
    '/hooks/:endpoint/deletion',
    { schema: { tags, security: [], summary: 'A request to delete what somebody wrote', response: erased } },
    async (request: Hook, reply) => deletion(deps, request, reply),
  );
}

/** What a platform asks for somebody who wants their words deleted; it is given where to look at the result. */
async function deletion(deps: ApiDeps, request: Hook, reply: FastifyReply): Promise<FastifyReply> {
  const code = await erase(deps, request.params.endpoint, deliveryOf(request));
  if (!code) return answer(reply, { status: 401 });
  const url = `${deps.publicUrl.replace(/\/+$/, '')}/privasi/penghapusan/${code}`;
  return reply.send({ url, confirmation_code: code });
}

function deliveryOf(request: Hook): Delivery {
  const body = request.body instanceof Uint8Array ? request.body : EMPTY;
  return { body, headers: flat(request.headers), query: flat(request.query as Record<string, unknown>) };
}

/** Where something comes twice, the last one counts. Without a prototype: names come from outside. */
function flat(values: Record<string, unknown>): Record<string, string> {
  const result: Record<string, string> = Object.create(null);
  for (const name in values) {
    const value = values[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (typeof last === 'string') result[name] = last;
  }
  return result;
}

const REFUSED: Record<number, readonly [ProblemCode, string]> = {
  401: ['delivery_refused', 'the signature is missing or does not fit the body; check the secret on both sides'],
  404: ['unknown_endpoint', 'hub.yaml names no endpoint like this, or it expects no such request'],
  413: ['body_too_large', 'send a smaller body'],
  503: ['unavailable', 'the delivery was not stored; send it again later'],
};

function answer(reply: FastifyReply, { status, body, contentType, retryAfterSeconds }: HookAnswer): FastifyReply {
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
  const refused = body === undefined && status >= 400 ? REFUSED[status] : undefined;
  if (refused) return sendProblem(reply, problem(...refused));
  reply.code(status);
  if (contentType) reply.type(contentType);
  return body === undefined ? reply.send() : reply.send(body);
}
