import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { notFound } from '../../flows/desk/desk.ts';
import { type NewUpload, upload, uploadAhead } from '../../flows/desk/uploads.ts';
import { findComplaint } from '../../store/complaints.ts';
import { attachmentsOf } from '../../store/messages.ts';
import type { ApiDeps } from '../deps.ts';
import { byId, id, ok, problems } from '../schemas/common.ts';
import { uploaded } from '../schemas/work.ts';
import type { TypedApp } from '../typed.ts';

const tags = ['Attachments'];
const bytes = z.custom<Buffer>(Buffer.isBuffer, 'the bytes of the file').meta({ type: 'string', format: 'binary' });

/** What citizens sent, and what goes with answers. */
export async function attachmentRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  app.get(
    '/complaints/:id/attachments/:attachmentId',
    {
      schema: {
        tags,
        summary: 'Download an attachment',
        params: z.object({ id, attachmentId: id }),
        response: {
          200: { description: 'Its bytes', content: { 'application/octet-stream': { schema: bytes } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const { id: complaintId, attachmentId } = request.params;
      const complaint =
        (await findComplaint(deps.db, request.actor, complaintId)) ?? notFound('complaint', complaintId);
      const file = (await attachmentsOf(deps.db, complaint.id)).find((one) => one.id === attachmentId);
      if (!file?.sha256 || file.state !== 'stored') return notFound('stored attachment', attachmentId);
      const content = await deps.files.get(file.sha256);
      return reply.headers(downloadHeaders(file.name)).type('application/octet-stream').send(content);
    },
  );
  await app.register(async (scope) => uploadRoute(scope as unknown as TypedApp, deps));
}

/** Nothing that citizens send may run in a browser under our name, whatever it says it is. */
export function downloadHeaders(name: string): Record<string, string> {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return {
    'content-disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encodeRfc5987(name)}`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
  };
}

const encodeRfc5987 = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The file is the body, so its parsers differ from those of every other address. */
function uploadRoute(app: TypedApp, deps: ApiDeps): void {
  const bodyLimit = deps.config.hub.policies.attachments.maxBytes;
  takeBytes(app as unknown as FastifyInstance, bodyLimit);
  aheadRoute(app, deps, bodyLimit);
  app.post(
    '/complaints/:id/attachments',
    {
      bodyLimit,
      schema: {
        tags,
        summary: 'Upload a file for an answer',
        description: AS_BODY,
        consumes: ['application/octet-stream'],
        params: byId,
        headers: fileHeaders,
        body: bytes,
        response: { 201: ok('The file', uploaded), ...problems },
      },
    },
    async (request, reply) => {
      return reply.code(201).send(await upload(deps, request.actor, request.params.id, fileOf(request)));
    },
  );
}

/** What is uploaded before its complaint is entered. */
function aheadRoute(app: TypedApp, deps: ApiDeps, bodyLimit: number): void {
  app.post(
    '/attachments',
    {
      bodyLimit,
      schema: {
        tags,
        summary: 'Upload a file for a complaint that is about to be entered',
        description: `${AS_BODY} Name its id in \`POST /complaints\`; nobody but you can.`,
        consumes: ['application/octet-stream'],
        headers: fileHeaders,
        body: bytes,
        response: { 201: ok('The file', uploaded), ...problems },
      },
    },
    async (request, reply) => reply.code(201).send(await uploadAhead(deps, request.actor, fileOf(request))),
  );
}

const AS_BODY = 'The body is the file itself; `x-filename` is its name, percent-encoded where it is not ASCII.';
const fileHeaders = z.object({ 'x-filename': z.string().max(2_000).optional() });

function fileOf({ headers, body }: { headers: Record<string, unknown>; body: Uint8Array }): NewUpload {
  const given = String(headers['content-type'] ?? '');
  const mime = given.split(';', 1)[0]?.trim() || 'application/octet-stream';
  return { name: decodeName(headers['x-filename'] as string | undefined), mime, bytes: body };
}

function takeBytes(app: FastifyInstance, bodyLimit: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => done(null, body));
}

function decodeName(name: string | undefined): string | undefined {
  try {
    return name && decodeURIComponent(name);
  } catch {
    return name;
  }
}
