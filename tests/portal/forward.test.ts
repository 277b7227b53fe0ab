import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveDraft } from '../../src/flows/desk/drafts.ts';
import { forward } from '../../src/flows/desk/forward.ts';
import { step } from '../../src/flows/desk/steps.ts';
import { drainIntake } from '../../src/flows/intake.ts';
import { publicationOf } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { delivery, message } from '../helpers/hub.ts';
import { pollSurely } from '../helpers/poll.ts';
import { seedUser } from '../helpers/register.ts';
import { type PortalHub, portalHub } from './world.ts';

describe.each(['generik', 'sp4n', 'laporbup'] as const)(
  'a complaint from elsewhere, entered into a portal of the profile %s',
  (profile) => {
    let world: PortalHub;
    let officer: Awaited<ReturnType<typeof seedUser>>;
    beforeAll(async () => {
      world = await portalHub(profile);
      await world.hub.work();
      officer = await seedUser(world.hub.deps.db, {});
    });
    afterAll(() => world.close());

    const bring = async (objectId: string, about: Record<string, unknown> = {}) => {
      await world.hub.hooks.receive('lapor', delivery({ items: [message(objectId, about)] }));
      await drainIntake(world.hub.deps, 'lapor');
      return eventually(async () => {
        const row = await world.hub.deps.db
          .selectFrom('message')
          .selectAll()
          .where('object_id', '=', objectId)
          .executeTakeFirstOrThrow();
        return row.complaint_id;
      });
    };
    const enter = (complaintId: string) => forward(world.hub.deps, officer, complaintId, { channel: world.channelId });
    const settledAs = (id: string, state = 'published') =>
      eventually(async () => {
        const row = await publicationOf(world.hub, id);
        expect(row.state, row.explanation ?? '').toBe(state);
        return row;
      });
    const quiet = () =>
      eventually(async () => {
        const { db } = world.hub.deps;
        expect(await db.selectFrom('source_item').select('id').where('outcome', '=', 'waiting').execute()).toEqual([]);
      });
    const complaints = async () => (await world.hub.deps.db.selectFrom('complaint').select('id').execute()).length;
    const complaintOf = (id: string) =>
      world.hub.deps.db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

    it('stands there once, with its number, without what its citizen typed by mistake; read back it is the same complaint', async () => {
      const id = await bring('fb-1', { text: 'Jalan berlubang. Hubungi saya 081234567890' });
      const published = await settledAs(await enter(id));
      const report = [...world.portal.world.reports.values()].find((one) => one.id === published.published_id)!;
      expect(report.isi).toContain('Jalan berlubang. Hubungi saya [nomor telepon disamarkan]');
      expect(published.detail).toMatchObject({ reference: report.nomor });
      await expect(enter(id)).rejects.toMatchObject({ code: 'conflict' });
      const before = await complaints();
      await pollSurely(world.hub.deps, world.channelId);
      await quiet();
      expect(await complaints()).toBe(before);
      // Its status and what the citizen writes there join it.
      world.portal.world.reply(report, 'Sudah diperbaiki separuh');
      world.portal.world.setStatus(report, 'diproses');
      await pollSurely(world.hub.deps, world.channelId);
      await eventually(async () => {
        const { source_status, state } = await complaintOf(id);
        expect(source_status?.code.toLowerCase()).toMatch(/proses/);
        expect(state).toBe('in_progress');
        const words = await world.hub.deps.db
          .selectFrom('message')
          .select(['text', 'direction'])
          .where('complaint_id', '=', id)
          .execute();
        expect(words).toContainEqual({ text: 'Sudah diperbaiki separuh', direction: 'in' });
      });
      expect(await complaints()).toBe(before);
    });

    it('an answer goes to the citizen and to the portal, and the portal is told the status', async () => {
      const id = await bring('fb-2');
      const published = await settledAs(await enter(id));
      const report = world.portal.world.reports.get(published.published_id ?? '')!;
      const draft = await saveDraft(world.hub.deps, officer, id, { text: 'Besok diperbaiki.', submit: true });
      expect(draft.state).toBe('approved');
      const rows = await world.hub.deps.db
        .selectFrom('publication')
        .select('channel_id')
        .where('draft_id', '=', draft.id)
        .execute();
      expect(rows.map((row) => row.channel_id).sort()).toEqual(['lapor', world.channelId].sort());
      // The application is not there: only the portal's copy goes out, once its turn has come.
      await world.hub.deps.db
        .updateTable('publication')
        .set({ state: 'cancelled' })
        .where('channel_id', '=', 'lapor')
        .execute();
      await eventually(() => expect(report.riwayat.filter((one) => one.isi === 'Besok diperbaiki.')).toHaveLength(1));
      await step(world.hub.deps, officer, id, 'close', 'Sudah beres');
      await eventually(() => expect(report.status).toBe('selesai'));
    });

    it('hides who reported anonymously or in secret, and both flags go along', async () => {
      for (const flag of ['anonymous', 'secret'] as const) {
        const author = { id: `warga-${flag}`, name: 'Wahyuningsih Prabandari', phone: '081298765432' };
        const id = await bring(`fb-${flag}`, {
          [flag]: true,
          author,
          text: `Pungli di loket, saya Wahyuningsih Prabandari (${flag})`,
        });
        const published = await settledAs(await enter(id));
        const report = world.portal.world.reports.get(published.published_id ?? '')!;
        expect(JSON.stringify(report)).not.toMatch(/Wahyuningsih|081298765432/);
        expect({ anonim: report.anonim, rahasia: report.rahasia }).toEqual({
          anonim: flag === 'anonymous',
          rahasia: flag === 'secret',
        });
      }
    });

    it.each(['tutup_mendadak', 'tanpa_id', 'http500'] as const)(
      'is entered once under %s, and one that came back too early waits',
      async (knob) => {
        const id = await bring(`fb-${knob}`, { text: `Lampu mati (${knob})` });
        world.portal.set({ [knob]: true });
        const publicationId = await enter(id);
        await eventually(async () =>
          expect((await publicationOf(world.hub, publicationId)).first_attempt_at).not.toBeNull(),
        );
        world.portal.set({});
        const before = await complaints();
        await pollSurely(world.hub.deps, world.channelId);
        const published = await settledAs(publicationId);
        await quiet();
        await pollSurely(world.hub.deps, world.channelId);
        await quiet();
        expect(await complaints()).toBe(before);
        expect(world.portal.published().doubledReports).toEqual([]);
        expect(world.portal.world.reports.get(published.published_id ?? '')?.isi).toContain(`Lampu mati (${knob})`);
      },
    );
  },
);
