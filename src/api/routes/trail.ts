import { z } from 'zod';
import { mustBeAbleHub, replayQuarantined } from '../../flows/desk/channels.ts';
import { readQuarantined } from '../../flows/desk/quarantine.ts';
import { listQuarantine } from '../../store/quarantine.ts';
import { listAccess, listEvents } from '../../store/trail.ts';
import type { ApiDeps } from '../deps.ts';
import { decodeId, pageOf } from '../paging.ts';
import { byId, gone, ok, problems } from '../schemas/common.ts';
import { accessPage, accessQuery, eventPage, eventQuery, quarantinePage, quarantineQuery } from '../schemas/hub.ts';
import type { TypedApp } from '../typed.ts';
import { downloadHeaders } from './attachments.ts';

const bytes = z.custom<Uint8Array>((given) => given instanceof Uint8Array).meta({ type: 'string', format: 'binary' });

/** What could not be read. */
export async function quarantineRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  const tags = ['Quarantine'];
  app.get(
    '/quarantine',
    {
      schema: {
        tags,
        summary: 'Deliveries and items that could not be read, newest first',
        querystring: quarantineQuery,
        response: { 200: ok('One page', quarantinePage), ...problems },
      },
    },
    async (request) => {
      mustBeAbleHub(request.actor, 'quarantine');
      const { channel, cursor, limit } = request.query;
      const rows = await listQuarantine(deps.db, { channel, before: decodeId(cursor), limit });
      const page = pageOf(rows, limit, (row) => [row.id]);
      const items = page.items.map(({ received_at, ...row }) => ({ ...row, receivedAt: received_at.toISOString() }));
      return { items, nextCursor: page.nextCursor };
    },
  );
  app.get(
    '/quarantine/:id/raw',
    {
      schema: {
        tags,
        summary: 'One of them as it came',
        description: 'For administrators only; each reading is an event.',
        params: byId,
        response: {
          200: { description: 'Its bytes', content: { 'application/octet-stream': { schema: bytes } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const raw = await readQuarantined(deps, request.actor, request.params.id);
      const headers = downloadHeaders(`${raw.kind}-${request.params.id}.bin`);
      return reply.headers(headers).type('application/octet-stream').send(Buffer.from(raw.bytes));
    },
  );
  app.post(
    '/quarantine/:id/replay',
    {
      schema: {
        tags,
        summary: 'Read it again, after what kept it back was mended',
        params: byId,
        response: { 204: gone.meta({ description: 'It waits again' }), ...problems },
      },
    },
    async (request, reply) => {
      await replayQuarantined(deps, request.actor, [request.params.id]);
      return reply.code(204).send();
    },
  );
}

/** Who did what, and who read what is protected. */
export async function trailRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  const tags = ['Audit'];
  app.get(
    '/events',
    {
      schema: {
        tags,
        summary: 'The audit trail, newest first',
        querystring: eventQuery,
        response: { 200: ok('One page', eventPage), ...problems },
      },
    },
    async (request) => {
      mustBeAbleHub(request.actor, 'trail');
      const { cursor, limit, ...filter } = request.query;
      const rows = await listEvents(deps.db, request.actor, { ...filter, before: decodeId(cursor), limit });
      const page = pageOf(rows, limit, (row) => [row.id]);
      const items = page.items.map(({ complaint_id, at, hash, ...row }) => ({
        ...row,
        complaint: complaint_id,
        at: at.toISOString(),
        hash: hash.toString('hex'),
      }));
      return { items, nextCursor: page.nextCursor };
    },
  );
  app.get(
    '/access-log',
    {
      schema: {
        tags,
        summary: "Who read a reporter's contact, newest first",
        querystring: accessQuery,
        response: { 200: ok('One page', accessPage), ...problems },
      },
    },
    async (request) => {
      mustBeAbleHub(request.actor, 'accessLog');
      const { cursor, limit, complaint } = request.query;
      const rows = await listAccess(deps.db, request.actor, { complaint, before: decodeId(cursor), limit });
      const page = pageOf(rows, limit, (row) => [row.id]);
      const items = page.items.map((row) => ({
        ...{ id: row.id, at: row.at.toISOString(), user: { id: row.user_id, name: row.name } },
        ...{ complaint: row.complaint_id, what: row.what },
      }));
      return { items, nextCursor: page.nextCursor };
    },
  );
}
