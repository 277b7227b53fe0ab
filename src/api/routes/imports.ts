import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { ImportMapping } from '../../core/imports/fields.ts';
import { Refusal } from '../../core/refusal.ts';
import { importTable } from '../../flows/desk/imports/table.ts';
import { bytes, takeBytes } from '../bytes.ts';
import type { ApiDeps } from '../deps.ts';
import { ok, problems } from '../schemas/common.ts';
import { channelId } from '../schemas/hub.ts';
import { imported, importQuery, mappingSchema } from '../schemas/imports.ts';
import type { TypedApp } from '../typed.ts';

/** A little more than is read, so that what is too large is told why. */
const BODY_LIMIT = 17 * 1024 ** 2;
const MOST = 1_000;

/** What brings many complaints in at once, on channels whose complaints people enter. */
export async function importRoutes(app: TypedApp, deps: ApiDeps): Promise<void> {
  takeBytes(app as unknown as FastifyInstance, BODY_LIMIT);
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
