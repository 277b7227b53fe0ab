import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Log } from '#contract';
import { Refusal } from '../core/refusal.ts';
import { ApiError, PROBLEM_TYPE, type Problem, type ProblemCode, problem } from './problems.ts';

/** One place where errors become problem documents. What is our fault is logged, without content. */
export function installErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const found = problemOf(error, request);
    if (found.status >= 500) {
      const { method, routeOptions, id } = request;
      const what = { method, route: routeOptions.url, request: id, code: found.code, error: describe(error) };
      log.error(what, 'api: a request failed');
    }
    return sendProblem(reply, { ...found, instance: request.id });
  });
  app.setNotFoundHandler((request, reply) => {
    const detail = `nothing answers ${request.method} here; see /docs`;
    return sendProblem(reply, problem('unknown_address', detail, { instance: request.id }));
  });
}

/** The message of a failed statement names columns, not values; that of a failed serialization could hold content. */
function describe(error: Error): string {
  if (!isResponseSerializationError(error)) return error.stack ?? error.message;
  const issues = error.cause.issues.map((issue) => `/${issue.path.join('/')} ${issue.code}`);
  return `the answer does not fit its schema: ${issues.join(', ')}`;
}

export function sendProblem(reply: FastifyReply, found: Problem): FastifyReply {
  if (found.status === 401) reply.header('www-authenticate', 'Bearer realm="kanal-aduan"');
  return reply.code(found.status).type(PROBLEM_TYPE).send(JSON.stringify(found));
}

const BY_FASTIFY_CODE: Record<string, readonly [ProblemCode, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'send a smaller body'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'send application/json'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid_json', 'the body is empty; send a JSON object'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['invalid_json', 'the body is not valid JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad_request', 'the content-length does not fit the body'],
};

function problemOf(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof ApiError) return error.problem;
  if (error instanceof Refusal) return ofRefusal(error);
  if (hasZodFastifySchemaValidationErrors(error)) return ofValidation(error, request);
  if (isResponseSerializationError(error)) return problem('response_invalid', 'please report this with the instance');
  if (NOT_STORABLE.has(error.code)) return problem('invalid_request', 'a text holds a NUL character; leave it out');
  const known = BY_FASTIFY_CODE[error.code];
  if (known) return problem(...known);
  if (error.statusCode === 429) return problem('rate_limited', error.message);
  if (error.statusCode === 400) return problem('invalid_json', 'the body is not valid JSON');
  if (error.statusCode && error.statusCode < 500) return problem('bad_request', 'the request could not be understood');
  return problem('internal', 'please report this with the instance');
}

function ofRefusal(refusal: Refusal): Problem {
  const errors = refusal.faults.map(({ code, message, messageId, ways, tooLong }) => ({
    code,
    message,
    ...(messageId && { messageId }),
    ...(ways && { ways }),
    ...(tooLong && { tooLong }),
  }));
  return problem(refusal.code, refusal.message, errors.length > 0 ? { errors } : {});
}

/** What PostgreSQL says about NUL, in text and in jsonb. */
const NOT_STORABLE: ReadonlySet<string> = new Set(['22021', '22P05']);

interface Invalid {
  validationContext?: string | undefined;
  validation: readonly { instancePath: string; message?: string; params: { issue?: unknown } | object }[];
}

function ofValidation(error: Invalid, request: FastifyRequest): Problem {
  const part = error.validationContext === 'querystring' ? 'query' : (error.validationContext ?? 'body');
  const errors = error.validation.map((one) => ({
    pointer: `/${part}${one.instancePath}`,
    message: one.message ?? 'is not as described',
  }));
  const first = errors[0];
  const detail = first ? `${first.pointer}: ${first.message}` : 'the request is not as described';
  const unknown = part === 'query' && errors.some((one) => /^Unrecognized key/.test(one.message));
  const allowed = unknown ? allowedParameters(request) : undefined;
  if (allowed) return problem('unknown_parameter', detail, { errors, allowed });
  return problem('invalid_request', detail, { errors });
}

function allowedParameters(request: FastifyRequest): string[] | undefined {
  const schema = request.routeOptions.schema?.querystring;
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : undefined;
}
