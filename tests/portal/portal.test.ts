import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Profile, Report } from '../../simulators/portal/index.ts';
import { step } from '../../src/flows/desk/steps.ts';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { pollSurely } from '../helpers/poll.ts';
import { seedUser } from '../helpers/register.ts';
import { type PortalHub, portalHub } from './world.ts';

/** As the channel calls it. */
const objectOf = (profile: Profile, { id }: Report): string =>
  profile === 'laporgub' ? `LGWP${id.padStart(8, '0')}` : id;

describe.each(['generik', 'sp4n', 'laporbup', 'laporgub'] as const)('a portal of the profile %s', (profile) => {
  let world: PortalHub;
  beforeAll(async () => {
    world = await portalHub(profile);
    await world.hub.work();
  });
  afterAll(() => world.close());

  const look = () => pollSurely(world.hub.deps, world.channelId);
  const messageOf = (report: Report) =>
    eventually(() =>
      world.hub.deps.db
        .selectFrom('message')
        .selectAll()
        .where('object_id', '=', objectOf(profile, report))
        .executeTakeFirstOrThrow(),
    );
  const complaintOf = async (report: Report) => {
    const { complaint_id } = await messageOf(report);
    return world.hub.deps.db
      .selectFrom('complaint')
      .selectAll()
      .where('id', '=', complaint_id)
      .executeTakeFirstOrThrow();
  };

  it('brings a report in with its words, flags, time, status and file', async () => {
    const photo = world.portal.world.store('foto.png', 'image/png', Buffer.from('iVBORw0KGgo=', 'base64'));
    const report = world.portal.file({
      judul: 'Jalan rusak',
      isi: 'Jalan B7 berlubang.\nSudah sebulan.',
      lampiran: [photo.id],
    });
    await look();
    const complaint = await complaintOf(report);
    expect(complaint).toMatchObject({
      title: 'Jalan rusak',
      body: report.isi,
      state: 'received',
      anonymous: false,
      secret: false,
    });
    expect((await messageOf(report)).at.getTime()).toBe(
      Math.floor(report.dibuat / (profile === 'laporgub' ? 60_000 : 1_000)) * (profile === 'laporgub' ? 60_000 : 1_000),
    );
    await eventually(async () => {
      const row = await complaintOf(report);
      expect(row.source_status?.code).toBeTruthy();
      const file = await world.hub.deps.db
        .selectFrom('attachment')
        .selectAll()
        .where('complaint_id', '=', row.id)
        .executeTakeFirstOrThrow();
      expect(file).toMatchObject({ state: 'stored', size: 8 });
    });
  });

  it("knows edits, the citizen's next words, and a withdrawal; a second look tells nothing new", async () => {
    const report = world.portal.file({ judul: 'Lampu', isi: 'Lampu mati', anonim: true });
    await look();
    expect(await complaintOf(report)).toMatchObject({ anonymous: true, state: 'received' });
    world.portal.world.edit(report, 'Lampu mati di gang 3');
    const reply = world.portal.world.reply(report, 'Masih mati sampai hari ini');
    await look();
    await eventually(async () => {
      expect(await messageOf(report)).toMatchObject({ text: 'Lampu mati di gang 3', edited: true });
      const { complaint_id } = await messageOf(report);
      const next = await world.hub.deps.db
        .selectFrom('message')
        .selectAll()
        .where('text', '=', reply.isi)
        .executeTakeFirstOrThrow();
      expect(next).toMatchObject({ complaint_id, direction: 'in' });
    });
    const items = async () => (await world.hub.deps.db.selectFrom('source_item').select('id').execute()).length;
    const before = await items();
    await look();
    await look();
    expect(await items()).toBe(before);
    world.portal.world.withdraw(report);
    await look();
    await eventually(async () => expect((await messageOf(report)).deleted_at).not.toBeNull());
    expect((await complaintOf(report)).state).toBe('withdrawn');
  });

  it('takes the complaint on as the portal does, never back, and keeps a status that nobody knows word for word', async () => {
    const report = world.portal.file({ judul: 'Sampah', isi: 'Sampah menumpuk' });
    await look();
    await complaintOf(report);
    world.portal.world.setStatus(report, 'diproses');
    await look();
    await eventually(async () => expect((await complaintOf(report)).state).toBe('in_progress'));
    world.portal.world.setStatus(report, 'eskalasi_pimpinan');
    await look();
    await eventually(async () => {
      const { state, source_status, id } = await complaintOf(report);
      expect({ state, code: source_status?.code }).toEqual({ state: 'in_progress', code: 'eskalasi_pimpinan' });
      const events = await world.hub.deps.db
        .selectFrom('event')
        .select(['type', 'data'])
        .where('complaint_id', '=', id)
        .execute();
      expect(events).toContainEqual({ type: 'source.status_unknown', data: { code: 'eskalasi_pimpinan' } });
    });
    world.portal.world.setStatus(report, 'selesai');
    await look();
    await eventually(async () => expect((await complaintOf(report)).state).toBe('closed'));
    // The portal needs not be told what it has said itself.
    const told = await world.hub.deps.db.selectFrom('publication').select('id').where('kind', '=', 'status').execute();
    expect(told).toEqual([]);
  });
});

describe.each(['generik', 'sp4n', 'laporbup'] as const)('a portal of the profile %s that takes answers', (profile) => {
  let world: PortalHub;
  beforeAll(async () => {
    world = await portalHub(profile);
    await world.hub.work();
  });
  afterAll(() => world.close());

  it('answers there once, and the answer that comes back is no second one', async () => {
    const report = world.portal.file({ judul: 'Air', isi: 'Air keruh', rahasia: true });
    await pollSurely(world.hub.deps, world.channelId);
    const { complaint_id: complaintId } = await eventually(() =>
      world.hub.deps.db.selectFrom('message').selectAll().where('object_id', '=', report.id).executeTakeFirstOrThrow(),
    );
    const [id = ''] = await queueAnswers(world.hub, [complaintId], 'Petugas datang besok.');
    const published = await eventually(async () => {
      const row = await publicationOf(world.hub, id);
      expect(row.state, row.explanation ?? '').toBe('published');
      return row;
    });
    const [answer, ...more] = report.riwayat.filter((one) => one.jenis === 'tindak_lanjut');
    expect(more).toEqual([]);
    expect(published.published_id).toBe(`${report.id}/${answer?.id}`);
    expect(answer?.rahasia).toBe(profile === 'sp4n');
    await pollSurely(world.hub.deps, world.channelId);
    await eventually(async () => {
      const waiting = await world.hub.deps.db
        .selectFrom('source_item')
        .select('id')
        .where('outcome', '=', 'waiting')
        .execute();
      expect(waiting).toEqual([]);
    });
    const out = await world.hub.deps.db
      .selectFrom('message')
      .select('object_id')
      .where('complaint_id', '=', complaintId)
      .where('direction', '=', 'out')
      .execute();
    expect(out).toEqual([{ object_id: published.published_id }]);
  });

  it('is told each status once, by its name there, and "bukan wewenang" with its reason but without a citizen in it', async () => {
    const officer = await seedUser(world.hub.deps.db, {});
    const bring = async (isi: string) => {
      const report = world.portal.file({ judul: 'Parkir', isi });
      await pollSurely(world.hub.deps, world.channelId);
      const { complaint_id } = await eventually(() =>
        world.hub.deps.db
          .selectFrom('message')
          .selectAll()
          .where('object_id', '=', report.id)
          .executeTakeFirstOrThrow(),
      );
      return { report, id: complaint_id };
    };
    const told = async (id: string) => {
      const rows = await world.hub.deps.db
        .selectFrom('publication')
        .selectAll()
        .where('complaint_id', '=', id)
        .where('kind', '=', 'status')
        .execute();
      for (const row of rows) expect(row.state, row.explanation ?? '').toBe('published');
      return rows.length;
    };
    const worked = await bring('Parkir liar');
    await step(world.hub.deps, officer, worked.id, 'start');
    await eventually(() => expect(worked.report.status).toBe('diproses'));
    await step(world.hub.deps, officer, worked.id, 'close', 'Sudah ditertibkan');
    await eventually(() => expect(worked.report.status).toBe('selesai'));
    await eventually(async () => expect(await told(worked.id)).toBe(2));
    const other = await bring('Jalan provinsi rusak');
    await step(world.hub.deps, officer, other.id, 'disclaim', 'Kewenangan provinsi, sudah dikabari ke 081234567890');
    if (profile === 'laporbup') return expect(await told(other.id)).toBe(0);
    await eventually(() => expect(other.report.status).toBe('dikembalikan'));
    expect(other.report.alasan).toBe('Kewenangan provinsi, sudah dikabari ke [nomor telepon disamarkan]');
    await eventually(async () => expect(await told(other.id)).toBe(1));
  });
});
