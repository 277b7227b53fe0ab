import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';

const TAGS = [
  ['Complaints', 'The unified inbox'],
  ['Entry', 'What comes at the counter, by telephone or letter, and what is printed for it'],
  ['Work', 'What people do with a complaint'],
  ['Answers', 'Drafts and their approval'],
  ['Attachments', 'Files in and out'],
  ['Publications', 'What went out, and what needs a person'],
  ['Channels', 'Health and abilities'],
  ['Quarantine', 'What could not be read'],
  ['Audit', 'Who did and read what'],
  ['Stream', 'Live changes'],
  ['Hooks', 'Where platforms deliver'],
  ['Operation', 'For those who watch the hub'],
] as const;

const DESCRIPTION = `Complaints of citizens from every channel in one register, and the approved answer back where they
wrote. Every address under /api/v1 needs an API key. Errors are problem documents (RFC 9457) with a stable \`code\`.`;

/** Describes what is registered after it. */
export async function describeApi(app: FastifyInstance, publicUrl: string): Promise<void> {
  const zodToJsonConfig = { unrepresentable: 'any' as const };
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Kanal Aduan', version: '1.0.0', description: DESCRIPTION },
      servers: [{ url: publicUrl }],
      tags: TAGS.map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `ka_...`' } },
      },
      security: [{ apiKey: [] }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: createJsonSchemaTransformObject({ zodToJsonConfig }),
  });
}

/** `GET /openapi.json` and, to browse it, `GET /docs`. Everything on the page comes from this server. */
export async function documentRoutes(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: { scriptSrc: ["'self'", "'unsafe-inline'"], upgradeInsecureRequests: null },
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) => {
    return reply.type('application/json').send(JSON.stringify(app.swagger()));
  });
  await app.register(scalar, {
    routePrefix: '/docs',
    configuration: { url: '/openapi.json', withDefaultFonts: false, hideClientButton: true },
  });
}
