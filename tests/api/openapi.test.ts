import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApi, testApi } from './helper.ts';

interface Operation {
  summary?: string;
  tags?: string[];
  security?: unknown[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}
interface Schema {
  $ref?: string;
  examples?: unknown[];
  format?: string;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: object };
  security: unknown[];
}

let api: TestApi;
let document: Document;
beforeAll(async () => {
  api = await testApi();
  document = (await api.app.inject('/openapi.json')).json();
});
afterAll(() => api.close());

const operations = (): [string, Operation][] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [`${method} ${path}`, operation]),
  );

const resolve = (schema: Schema): Schema =>
  schema.$ref ? resolve(document.components.schemas[schema.$ref.split('/').at(-1)!]!) : schema;

it('is a valid OpenAPI 3.1 document', async () => {
  const result = await new Validator().validate({ ...structuredClone(document) });
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(document.openapi).toBe('3.1.0');
});

it('describes exactly the addresses there are', () => {
  const addresses = operations().map(([name]) => name);
  expect(addresses.sort()).toMatchInlineSnapshot(`
    [
      "get /api/v1/access-log",
      "get /api/v1/channels",
      "get /api/v1/complaints",
      "get /api/v1/complaints/{id}",
      "get /api/v1/complaints/{id}/attachments/{attachmentId}",
      "get /api/v1/complaints/{id}/brief",
      "get /api/v1/complaints/{id}/duplicates",
      "get /api/v1/complaints/{id}/receipt",
      "get /api/v1/events",
      "get /api/v1/publications",
      "get /api/v1/publications/{id}/letter",
      "get /api/v1/quarantine",
      "get /api/v1/quarantine/{id}/raw",
      "get /api/v1/stream",
      "get /healthz",
      "get /hooks/{endpoint}",
      "get /metrics",
      "get /privasi",
      "get /privasi/penghapusan/{code}",
      "get /readyz",
      "post /api/v1/attachments",
      "post /api/v1/channels/{id}/chats",
      "post /api/v1/channels/{id}/imports",
      "post /api/v1/channels/{id}/paste",
      "post /api/v1/channels/{id}/pause",
      "post /api/v1/channels/{id}/poll",
      "post /api/v1/channels/{id}/replay",
      "post /api/v1/channels/{id}/resume",
      "post /api/v1/complaints",
      "post /api/v1/complaints/bulk",
      "post /api/v1/complaints/{id}/accept",
      "post /api/v1/complaints/{id}/assign",
      "post /api/v1/complaints/{id}/attachments",
      "post /api/v1/complaints/{id}/dismiss",
      "post /api/v1/complaints/{id}/drafts",
      "post /api/v1/complaints/{id}/forward",
      "post /api/v1/complaints/{id}/merge",
      "post /api/v1/complaints/{id}/move",
      "post /api/v1/complaints/{id}/not-duplicate",
      "post /api/v1/complaints/{id}/notes",
      "post /api/v1/complaints/{id}/reject",
      "post /api/v1/complaints/{id}/reopen",
      "post /api/v1/complaints/{id}/return",
      "post /api/v1/complaints/{id}/split",
      "post /api/v1/complaints/{id}/steps",
      "post /api/v1/complaints/{id}/unmerge",
      "post /api/v1/drafts/{id}/approve",
      "post /api/v1/drafts/{id}/return",
      "post /api/v1/messages/{id}/hide",
      "post /api/v1/messages/{id}/read",
      "post /api/v1/messages/{id}/unhide",
      "post /api/v1/publications/{id}/cancel",
      "post /api/v1/publications/{id}/confirm",
      "post /api/v1/publications/{id}/decline",
      "post /api/v1/publications/{id}/retry",
      "post /api/v1/quarantine/{id}/replay",
      "post /hooks/{endpoint}",
      "post /hooks/{endpoint}/deletion",
    ]
  `);
});

it('has for every address a summary, a tag, problems and an example', () => {
  const faults = operations().flatMap(([name, operation]) => {
    const { summary, tags, responses, requestBody } = operation;
    const bodies = [requestBody, ...Object.values(responses)].flatMap((one) => Object.values(one?.content ?? {}));
    const lacking = bodies.filter(({ schema }) => {
      const { examples, format } = resolve(schema);
      return format !== 'binary' && !examples?.length;
    });
    return [
      ...(summary ? [] : [`${name}: no summary`]),
      ...(tags?.length === 1 ? [] : [`${name}: no tag`]),
      ...(responses['4XX']?.content?.['application/problem+json'] ? [] : [`${name}: no problem`]),
      ...lacking.map(({ schema }) => `${name}: no example in ${JSON.stringify(schema).slice(0, 200)}`),
    ];
  });
  expect(faults).toEqual([]);
});

it('asks for a key everywhere but where none is needed', () => {
  const open = operations().filter(([, operation]) => operation.security?.length === 0);
  expect(document.security).toEqual([{ apiKey: [] }]);
  expect(open.map(([name]) => name).sort()).toEqual([
    'get /healthz',
    'get /hooks/{endpoint}',
    'get /metrics',
    'get /privasi',
    'get /privasi/penghapusan/{code}',
    'get /readyz',
    'post /hooks/{endpoint}',
    'post /hooks/{endpoint}/deletion',
  ]);
});
