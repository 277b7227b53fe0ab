import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../src/api/app.ts';
import type { Grant } from '../../src/core/access.ts';
import { ROLES } from '../../src/core/roles.ts';
import { saveDraft } from '../../src/flows/desk/drafts.ts';
import { addNote } from '../../src/flows/desk/notes.ts';
import { createKey } from '../../src/flows/desk/users.ts';
import { newId } from '../../src/store/database.ts';
import { eventually } from '../helpers/eventually.ts';
import { pollSurely } from '../helpers/poll.ts';
import { seedUser } from '../helpers/register.ts';
import { type PortalHub, portalHub } from './world.ts';

/** A reporter, in words that stand nowhere else. */
const REPORTER = { nama: 'Wahyuningsih Prabandari', telepon: '081298765432', email: 'wahyuningsih@warga.example' };
const TRACES = /Wahyuningsih|Prabandari|81298765432|1298-?765-?432|wahyuningsih@/i;
/** Roles that may read the contact of a report that is not anonymous. */
const HANDLERS = [
  'central_admin',
  'intake_officer',
  'agency_admin',
  'liaison_officer',
  'complaint_team',
  'unit_head',
  'unit_staff',
  'agency_head',
  'auditor',
];

/** Of them, those who only read or help publish nothing, and so print no letter to the reporter. */
const PRINT_NOTHING = ['unit_staff', 'auditor'];
const DETAIL = 'GET /api/v1/complaints/{id}';
const LETTER = 'GET /api/v1/publications/{id}/letter';

interface Operation {
  requestBody?: { content: Record<string, { schema: { $ref?: string; examples?: unknown[] } }> };
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { examples?: unknown[] }> };
}

// The portal is careless: it tells us who an anonymous reporter is. Whoever is careless next must not be us.
describe.each(['generik', 'sp4n', 'laporbup'] as const)(
  'a report that was filed anonymously or in secret at a portal of the profile %s',
  (profile) => {
    let world: PortalHub;
    let app: FastifyInstance;
    let document: Document;
    const lines: string[] = [];
    const ids: Record<'anonymous' | 'secret', Record<string, string>> = { anonymous: {}, secret: {} };

    beforeAll(async () => {
      world = await portalHub(profile, { portal: { reveals: true }, hub: { logged: (line) => void lines.push(line) } });
      await world.hub.work();
      const { deps, hooks, foundation } = world.hub;
      const readiness = async () => ({ ready: true, checks: {} });
      app = buildApi({ ...deps, hooks, pool: foundation.pool, publicUrl: 'https://aduan.contoh.go.id/', readiness });
      await app.ready();
      document = (await app.inject('/openapi.json')).json();
      const officer = await seedUser(deps.db, {});
      for (const flag of ['anonymous', 'secret'] as const) {
        const photo = world.portal.world.store('bukti.png', 'image/png', Buffer.from('iVBORw0KGgo=', 'base64'));
        const flags = { anonim: flag === 'anonymous', rahasia: flag === 'secret' };
        const report = world.portal.file({
          judul: 'Pungli',
          isi: `Pungli di loket (${flag})`,
          pelapor: REPORTER,
          lampiran: [photo.id],
          ...flags,
        });
        const message = await eventually(async () => {
          // The workers poll, too: while they hold the lease, this is none.
          await pollSurely(deps, world.channelId);
          return deps.db.selectFrom('message').selectAll().where('object_id', '=', report.id).executeTakeFirstOrThrow();
        });
        const id = message.complaint_id;
        await addNote(deps, officer, id, 'Sudah dicek.');
        const draft = await saveDraft(deps, officer, id, { text: `Kami tindak lanjuti (${flag}).`, submit: true });
        const attachment = await deps.db
          .selectFrom('attachment')
          .select('id')
          .where('complaint_id', '=', id)
          .executeTakeFirstOrThrow();
        const publication = await eventually(() =>
          deps.db
            .selectFrom('publication')
            .selectAll()
            .where('draft_id', '=', draft.id)
            .where('state', '=', 'published')
            .executeTakeFirstOrThrow(),
        );
        ids[flag] = {
          complaints: id,
          messages: message.id,
          drafts: draft.id,
          publications: publication.id,
          attachments: attachment.id,
        };
      }
    });
    afterAll(async () => {
      await app.close();
      await world.close();
    });

    /** Every address of the API that names something, with this complaint in its place; its own example as the body. */
    function requests(flag: 'anonymous' | 'secret') {
      return Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods)
          // It never ends, and it tells how a complaint stands as the list does.
          .filter(() => !path.endsWith('/stream'))
          .map(([method, operation]) => {
            const of = /\/v1\/(\w+)\//.exec(path)?.[1] ?? '';
            const url = path
              .replace('{attachmentId}', ids[flag].attachments ?? '')
              .replace(/\{\w+\}/, of === 'channels' ? world.channelId : (ids[flag][of] ?? newId()));
            return { method: method.toUpperCase() as 'GET' | 'POST', url, path, body: exampleOf(operation) };
          }),
      );
    }

    function exampleOf({ requestBody }: Operation): object | undefined {
      const schema = requestBody?.content['application/json']?.schema;
      const named = schema?.$ref ? document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] : schema;
      return named?.examples?.[0] as object | undefined;
    }

    async function keyOf(grants: Partial<Grant>[]): Promise<string> {
      const { userId } = await seedUser(world.hub.deps.db, ...grants);
      return (await createKey(world.hub.deps, { userId, label: 'uji', agencyId: null, unitId: null })).key;
    }

    async function walk(key: string, flag: 'anonymous' | 'secret') {
      const shown: string[] = [];
      let answered = 0;
      // Reading first: what is changed afterwards is read by the next role.
      const all = requests(flag).sort((a, b) => a.method.localeCompare(b.method));
      for (const { method, url, path, body } of all) {
        const options = { method, url, headers: { authorization: `Bearer ${key}` } };
        const answer = await app.inject(body && method !== 'GET' ? { ...options, payload: body } : options);
        expect(answer.statusCode, `${method} ${url}`).toBeLessThan(500);
        answered += answer.statusCode < 300 ? 1 : 0;
        if (TRACES.test(answer.body) || TRACES.test(JSON.stringify(answer.headers))) shown.push(`${method} ${path}`);
      }
      return { shown, answered };
    }

    it('shows an anonymous reporter to no role but the one for it, at no address', async () => {
      let answered = 0;
      for (const role of ROLES) {
        const agencyId = ['system_admin', 'central_admin', 'intake_officer', 'auditor', 'privacy_officer'].includes(
          role,
        )
          ? null
          : 'diskominfo';
        const result = await walk(await keyOf([{ role, agencyId }]), 'anonymous');
        expect(result.shown, role).toEqual([]);
        answered += result.answered;
      }
      expect(answered).toBeGreaterThan(ROLES.length * 5);
      const both = await walk(
        await keyOf([{ role: 'privacy_officer', agencyId: null }, { role: 'central_admin' }]),
        'anonymous',
      );
      // Not on paper either: a letter lies on desks.
      expect(both.shown).toEqual([DETAIL]);
    });

    it('shows a secret reporter only to who handles the report, and only there', async () => {
      for (const role of ROLES) {
        const agencyId = ['system_admin', 'central_admin', 'intake_officer', 'auditor', 'privacy_officer'].includes(
          role,
        )
          ? null
          : 'diskominfo';
        const { shown } = await walk(await keyOf([{ role, agencyId }]), 'secret');
        const letter = PRINT_NOTHING.includes(role) ? [] : [LETTER];
        expect(shown, role).toEqual(HANDLERS.includes(role) ? [DETAIL, ...letter] : []);
      }
    });

    it('names them in no log line, on no queue, in nothing that went out', async () => {
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.filter((line) => TRACES.test(line))).toEqual([]);
      const rows = await world.hub.deps.db
        .selectFrom('publication')
        .select(['text', 'detail', 'explanation'])
        .execute();
      expect(JSON.stringify(rows)).not.toMatch(TRACES);
      const said = [...world.portal.world.reports.values()].map(({ riwayat, alasan }) => ({ riwayat, alasan }));
      expect(JSON.stringify(said)).not.toMatch(TRACES);
      const events = await world.hub.deps.db.selectFrom('event').selectAll().execute();
      expect(JSON.stringify(events)).not.toMatch(TRACES);
    });
  },
);
