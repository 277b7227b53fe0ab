import helmet from '@fastify/helmet';
import fastify, { type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { openDoor } from '../flows/door/door.ts';
import { requireKey } from './auth.ts';
import { type ApiDeps, LIMITS, type Limits } from './deps.ts';
import { installErrors } from './errors.ts';
import { hookRoutes } from './hooks.ts';
import { describeApi, documentRoutes } from './openapi.ts';
import { PROBLEM_TYPE, problem } from './problems.ts';
import { attachmentRoutes } from './routes/attachments.ts';
import { channelRoutes } from './routes/channels.ts';
import { doorRoutes } from './routes/door/index.ts';
import { draftRoutes } from './routes/drafts.ts';
import { duplicateRoutes } from './routes/duplicates.ts';
import { entryRoutes } from './routes/entry.ts';
import { inboxRoutes } from './routes/inbox.ts';
import { metaRoutes } from './routes/meta.ts';
import { moderationRoutes } from './routes/moderation.ts';
import { privacyRoutes } from './routes/privacy.ts';
import { publicationRoutes } from './routes/publications.ts';
import { streamRoutes } from './routes/stream.ts';
import { quarantineRoutes, trailRoutes } from './routes/trail.ts';
import { forwardRoutes, judgeRoutes, stepRoutes, threadRoutes } from './routes/work.ts';
import type { TypedApp } from './typed.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Photos come on slow lines. */
    slow?: true;
  }
}

/**
 * The whole HTTP side, ready for `inject` or `listen`. Closing it ends open streams; database, queues and files are the
 * caller's.
 */
export function buildApi(deps: ApiDeps): FastifyInstance {
  const limits = { ...LIMITS, ...deps.limits };
  const slowest = openDoor(deps) ? Math.max(limits.requestTimeout, limits.uploadTimeout) : limits.requestTimeout;
  const app = fastify(serverOptions({ ...limits, requestTimeout: slowest }, deps.trustProxy));
  if (slowest > limits.requestTimeout) hurry(app, limits.requestTimeout);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installErrors(app, deps.log);
  // In this order: what is registered later is described, limited and refused by what stands before.
  app.register(async (root) => {
    await describeApi(root, deps.publicUrl);
    await root.register((scope) => hookRoutes(scope, deps, limits.hookBytes));
    await root.register((scope) => metaRoutes(scope as unknown as TypedApp, deps));
    await root.register((scope) => privacyRoutes(scope, deps));
    await root.register((scope) => doorRoutes(scope, deps, limits.doorPosts));
    await root.register((scope) => documentRoutes(scope));
    await root.register((scope) => workRoutes(scope, deps, limits), { prefix: '/api/v1' });
  });
  return app;
}

async function workRoutes(app: FastifyInstance, deps: ApiDeps, limits: Limits): Promise<void> {
  // Only JSON is understood here; Fastify's own parsers would also let plain text through.
  app.removeContentTypeParser('text/plain');
  await app.register(helmet, { contentSecurityPolicy: { directives: { defaultSrc: ["'none'"] } } });
  await requireKey(app, deps, limits.perMinute);
  const typed = app as unknown as TypedApp;
  const routes = [
    ...[
      inboxRoutes,
      judgeRoutes,
      stepRoutes,
      threadRoutes,
      duplicateRoutes,
      forwardRoutes,
      draftRoutes,
      attachmentRoutes,
    ],
    ...[moderationRoutes, entryRoutes],
    ...[publicationRoutes, channelRoutes, quarantineRoutes, trailRoutes],
  ];
  for (const route of routes) await typed.register((scope) => route(scope as unknown as TypedApp, deps));
  await typed.register((scope) => streamRoutes(scope as unknown as TypedApp, deps, limits.heartbeat));
}

/** Only what may bring photos gets the long time that the server has to give for them. */
function hurry(app: FastifyInstance, ms: number): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { raw, headers, routeOptions } = request;
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    if (hasBody && !routeOptions.config.slow) {
      const timer = setTimeout(() => raw.complete || refuseRaw(SLOW, raw.socket), ms);
      reply.raw.once('close', () => clearTimeout(timer));
    }
    done();
  });
}

const SLOW = Object.assign(new Error('slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

/** Node's own defaults would wait for ever for a slow body. */
function serverOptions(limits: Limits, trustProxy = 'loopback') {
  return {
    logger: false,
    // Who asks is told by the proxy on this machine, which brings HTTPS.
    trustProxy,
    bodyLimit: limits.jsonBytes,
    requestTimeout: limits.requestTimeout,
    connectionTimeout: 120_000,
    keepAliveTimeout: 65_000,
    forceCloseConnections: true,
    http: {
      maxHeaderSize: limits.headerBytes,
      connectionsCheckingInterval: limits.checkEvery,
      // Node exchanges the two when the headers have more time than the whole request: the body would then have 60 s.
      headersTimeout: Math.min(10_000, limits.requestTimeout),
    },
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: refuseRaw,
  } as const;
}

type RawSocket = { writable: boolean; end(text: string): void; destroy(error?: Error): void };

/** What is not HTTP, or too slow or too large to become a request, gets a problem document, too. */
function refuseRaw(error: Error & { code?: string }, socket: RawSocket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy(error);
    return;
  }
  const found =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? problem('request_timeout', 'the request did not come in time')
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? problem('headers_too_large', 'send fewer or shorter headers')
        : problem('bad_request', 'the request is not HTTP as it should be');
  const body = JSON.stringify(found);
  const head = [
    `HTTP/1.1 ${found.status} ${found.title}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
