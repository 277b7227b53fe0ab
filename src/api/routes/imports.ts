import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { ImportMapping } from '../../core/imports/fields.ts';
import { Refusal } from '../../core/refusal.ts';
import { importChat } from '../../flows/desk/imports/chat.ts';
import { proposeEntry } from '../../flows/desk/imports/paste.ts';
import { importTable } from '../../flows/desk/imports/table.ts';
import { bytes, takeBytes } from '../bytes.ts';
import type { ApiDeps } from '../deps.ts';
import { ok, problems } from '../schemas/common.ts';
import { channelId } from '../schemas/hub.ts';
import {
  chatQuery,
  imported,
  importedChat,
  importQuery,
  mappingSchema,
  pasteBody,
  proposed,
} from '../schemas/imports.ts';
import type { TypedApp } from '../typed.ts';

/** A little more than is read, so that what is too large is told why. */
const BODY_LIMIT = 33 * 1024 ** 2;
const MOST = 1_000;

/** What brings many complaints in at once, on channels whose complaints people enter. */
export async function importRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  pasteRoute(app, deps);
  await app.register(async (scope) => {
    takeBytes(scope as unknown as FastifyInstance, BODY_LIMIT);
    tableRoute(scope as unknown as TypedApp, deps);
    chatRoute(scope as unknown as TypedApp, deps);
  });
}

function tableRoute(app: TypedApp, deps: ApiDeps): void {
  app.post(
    '/channels/:id/imports',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ['Entry'],
        summary: 'Import a CSV or Excel file',
        description:
          'The body is the file itself. Good rows are taken, the others are named. The same row again adds nothing; a known number with other words becomes another version of that text.',
        consumes: ['application/octet-stream'],
        params: channelId,
        querystring: importQuery,
        body: bytes,
        response: { 200: ok('What became of the rows', imported), ...problems },
      },
    },
    async (request): Promise<z.infer<typeof imported>> => {
      const { dry = false, mapping } = request.query;
      const order = { channel: request.params.id, bytes: request.body, dry, mapping: mappingOf(mapping) };
      const result = await importTable(deps, request.actor, order);
      const rows = dry ? result.rows : result.rows.filter(({ becomes }) => becomes !== 'known');
      return { ...result, dry, rows: rows.slice(0, MOST), faults: result.faults.slice(0, MOST) };
    },
  );
}

function chatRoute(app: TypedApp, deps: ApiDeps): void {
  app.post(
    '/channels/:id/chats',
    {
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ['Entry'],
        summary: 'Import an exported WhatsApp chat',
        description:
          'The body is the text of the export, or its zip with media. Each citizen is a thread; what the office wrote are answers outside the hub. A longer export of the same chat adds only what is new.',
        consumes: ['application/octet-stream'],
        params: channelId,
        querystring: chatQuery,
        body: bytes,
        response: { 200: ok('What became of the messages', importedChat), ...problems },
      },
    },
    async (request): Promise<z.infer<typeof importedChat>> => {
      const { dry = false, group = false, ours, contact } = request.query;
      const order = { channel: request.params.id, bytes: request.body, ours, contact, group, dry };
      const { toConfirm, ...result } = await importChat(deps, request.actor, order);
      return {
        ...result,
        dry,
        toConfirm: toConfirm.map(({ publicationId, at }) => ({ publicationId, at: at.toISOString() })),
      };
    },
  );
}

function pasteRoute(app: TypedApp, deps: ApiDeps): void {
  app.post(
    '/channels/:id/paste',
    {
      schema: {
        tags: ['Entry'],
        summary: 'Read something copied, and propose an entry',
        description:
          'Recognises text, time, ticket number, reporter and link. Stores nothing. The link is never opened, and the text of a screenshot is not read.',
        params: channelId,
        body: pasteBody,
        response: { 200: ok('What to enter, to be completed', proposed), ...problems },
      },
    },
    async (request): Promise<z.infer<typeof proposed>> => {
      const channel = request.params.id;
      const { pasted, notes } = await proposeEntry(deps, request.actor, { ...request.body, channel });
      const { screenshot } = request.body;
      const { name, phone, handle, receivedAt, text, ...rest } = pasted;
      const reporter = { ...(name && { name }), ...(phone && { phone }), ...(handle && { handle }) };
      const proposal = {
        ...{ channel, ...rest, ...(text && { text }) },
        ...(receivedAt && { receivedAt: receivedAt.toISOString() }),
        ...(Object.keys(reporter).length > 0 && { reporter }),
        ...(screenshot && { attachments: [screenshot] }),
      };
      return { proposal, notes };
    },
  );
}

function mappingOf(given: string | undefined): ImportMapping | undefined {
  if (given === undefined) return undefined;
  const checked = mappingSchema.safeParse(parsed(given));
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map(({ path, message }) => ({
    code: 'mapping',
    message: `mapping ${path.join('.') || '(JSON)'}: ${message}`,
  }));
  throw new Refusal('unreadable_file', 'the mapping is not as described; see errors', faults);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
