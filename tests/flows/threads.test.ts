import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PublishedComplaint } from '#contract';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { announceDue } from '../../src/flows/outbox.ts';
import { drainTriage } from '../../src/flows/triage.ts';
import { eventually } from '../helpers/eventually.ts';
import { BACKENDS, delivery, message, type TestHub, testHub } from '../helpers/hub.ts';

let n = 0;
let thread = '';
beforeEach(() => {
  thread = `t-${++n}`;
});
const chat = (id: string, text: string, about = {}) =>
  message(id, { threadId: thread, surface: 'message', text, ...about });

describe('by hand', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await testHub({
      policies: { receipt: { enabled: true, text: 'Nomor aduan Anda {ticketNo}, diterima {time}.' } },
    });
  });
  afterAll(() => hub.close());

  const bring = async (...items: unknown[]) => {
    await hub.hooks.receive('lapor', delivery({ items }));
    await drainIntake(hub.deps, 'lapor');
    await drainNormalise(hub.deps, 'lapor');
    await drainTriage(hub.deps);
  };
  const complaints = () =>
    hub.deps.db.selectFrom('complaint').selectAll().where('thread_id', '=', thread).orderBy('id').execute();
  const only = async () => (await complaints())[0]!;
  const receipts = async () =>
    hub.deps.db
      .selectFrom('publication')
      .selectAll()
      .where('kind', '=', 'receipt')
      .where(
        'complaint_id',
        'in',
        (await complaints()).map((row) => row.id),
      )
      .execute();
  const setState = (state: 'answered' | 'closed') =>
    hub.deps.db.updateTable('complaint').set({ state }).where('thread_id', '=', thread).execute();

  it('makes one complaint of a burst, with one receipt that carries the ticket', async () => {
    await bring(chat(`${thread}-1`, 'Pak'), chat(`${thread}-2`, 'lampu jalan mati'), chat(`${thread}-3`, 'di RT 03'));
    const rows = await complaints();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ state: 'received', messages: 3, agency_id: 'diskominfo' });
    const sent = await receipts();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.text).toContain(rows[0]?.ticket_no);
    expect(sent[0]?.text).toMatch(/2026.*WIB/);
  });

  it('leaves a public comment without ticket and receipt until somebody judges it', async () => {
    await bring(
      message(`${thread}-1`, { threadId: thread, surface: 'comment', context: { post: { text: 'Pengumuman' } } }),
    );
    expect(await only()).toMatchObject({ state: 'new', ticket_no: null, public: true });
    expect(await receipts()).toEqual([]);
  });

  it('gives no receipt to a robot', async () => {
    await bring(message(`${thread}-1`, { threadId: thread, surface: 'mail', automated: true }));
    expect(await only()).toMatchObject({ state: 'received' });
    expect(await receipts()).toEqual([]);
  });

  it('lets a message after the answer wait for a person, but not a plain thanks', async () => {
    await bring(chat(`${thread}-1`, 'Air mati'));
    await setState('answered');
    await bring(chat(`${thread}-2`, 'Terima kasih banyak 🙏'));
    expect(await only()).toMatchObject({ state: 'answered', reaction_pending: false, messages: 2 });
    await bring(chat(`${thread}-3`, 'Airnya mati lagi'));
    expect(await only()).toMatchObject({ state: 'answered', reaction_pending: true, messages: 3 });
  });

  it('opens a new complaint in a thread whose complaint is closed, unless the message quotes us', async () => {
    await bring(
      chat(`${thread}-1`, 'Air mati'),
      chat(`${thread}-us`, 'Sudah menyala', { fromUs: true, author: undefined }),
    );
    await setState('closed');
    await bring(chat(`${thread}-2`, 'Belum, masih mati', { parentId: `${thread}-us` }));
    expect(await complaints()).toHaveLength(1);
    expect(await only()).toMatchObject({ reaction_pending: true });
    await bring(chat(`${thread}-3`, 'Soal lain: sampah'));
    expect(await complaints()).toHaveLength(2);
  });

  it('keeps an answer of our own account that no publication explains as given outside the hub', async () => {
    await bring(chat(`${thread}-1`, 'Air mati'));
    await bring(chat(`${thread}-us`, 'Sudah kami tangani', { fromUs: true, author: undefined }));
    const rows = await hub.deps.db
      .selectFrom('message')
      .selectAll()
      .where('thread_id', '=', thread)
      .orderBy('id')
      .execute();
    expect(rows.map((row) => [row.direction, row.outside_hub])).toEqual([
      ['in', false],
      ['out', true],
    ]);
    expect(await complaints()).toHaveLength(1);
    expect(await only()).toMatchObject({ messages: 1 });
  });

  it('never makes a complaint of our own post', async () => {
    await bring(message(`${thread}-us`, { threadId: thread, surface: 'post', fromUs: true, author: undefined }));
    expect(await complaints()).toEqual([]);
  });

  it('stores NUL, lone surrogates, HTML and 100 kB, and keeps the raw original', async () => {
    const hostile = `<script>\0 \ud800 ${'ا'.repeat(100_000)} 🙏`;
    await bring(message(`${thread}-1`, { threadId: thread, text: hostile, title: 'x\0y' }));
    const row = await only();
    expect(row.body.length).toBe(hostile.length);
    expect(row.body).toContain('<script>\uFFFD \uFFFD');
    expect(row.title).toBe('x\uFFFDy');
    const item = await hub.deps.db
      .selectFrom('source_item')
      .selectAll()
      .where('complaint_id', '=', row.id)
      .executeTakeFirstOrThrow();
    expect(hub.deps.keyring.decrypt(item.sealed, 'item').toString()).toContain('\\u0000');
  });

  it('finds the same person again by a blind index, without their id in the clear', async () => {
    const author = { id: 'rahasia-4711', name: 'Budi', phone: '0812000111' };
    await bring(chat(`${thread}-1`, 'Satu', { author }));
    await setState('closed');
    await bring(chat(`${thread}-2`, 'Dua', { author }));
    const rows = await complaints();
    expect(rows).toHaveLength(2);
    expect(rows[0]?.reporter_id).toBe(rows[1]?.reporter_id);
    const { rows: dump } = await hub.foundation.pool.query(
      `select m.*, i.*, r.* from message m, reporter_identity i, reporter r`,
    );
    expect(JSON.stringify(dump)).not.toMatch(/rahasia-4711|0812000111/);
  });

  it('stands on the queue with what the citizen wrote by mistake masked, and in the register as it was', async () => {
    const text = 'Lampu mati, NIK saya 3305011212900001, WA 0812-3456-7890';
    await bring(message(`${thread}-1`, { threadId: thread, text }));
    const announced: PublishedComplaint[] = [];
    const queues = {
      ...hub.deps.queues,
      announce: async (jobs: readonly { data: PublishedComplaint }[]) =>
        void announced.push(...jobs.map((job) => job.data)),
    };
    await hub.deps.db.updateTable('outbox').set({ queued_at: null, done_at: null }).execute();
    await announceDue({ ...hub.deps, queues });
    const mine = announced.filter(({ complaint }) => complaint.threadId === thread);
    expect(mine.map(({ complaint }) => complaint.text)).toEqual([
      'Lampu mati, NIK saya [NIK disamarkan], WA [nomor telepon disamarkan]',
    ]);
    expect(JSON.stringify(mine)).not.toContain('3305011212900001');
    expect(await only()).toMatchObject({ body: text });
  });

  it('announces nothing while older deliveries wait, and everything once they are read', async () => {
    const queued = async () => {
      const { id } = await only();
      return hub.deps.db
        .selectFrom('outbox')
        .select('queued_at')
        .where('complaint_id', '=', id)
        .executeTakeFirstOrThrow();
    };
    await hub.hooks.receive('lapor', delivery({ items: [chat(`${thread}-1`, 'Satu')] }));
    await drainIntake(hub.deps, 'lapor');
    await hub.hooks.receive('lapor', delivery({ items: [chat(`${thread}-2`, 'Dua')] }));
    await hub.deps.db
      .updateTable('envelope')
      .set({ received_at: new Date(Date.now() - 5_000) })
      .where('outcome', '=', 'waiting')
      .execute();
    await drainNormalise(hub.deps, 'lapor');
    expect(await queued()).toEqual({ queued_at: null });
    await drainIntake(hub.deps, 'lapor');
    await drainNormalise(hub.deps, 'lapor');
    expect((await queued()).queued_at).not.toBeNull();
  });

  it('holds what the rules call sensitive: routed, without receipt, and not on the queue', async () => {
    const { queues, ...rest } = hub.deps;
    const announced: string[] = [];
    const watching = {
      ...rest,
      queues: {
        ...queues,
        announce: async (jobs: readonly { id: string }[]) => void announced.push(...jobs.map((job) => job.id)),
      },
    };
    const routing = [{ when: { words: ['pungli'] }, then: { sensitive: true, agency: 'dpupr', unit: 'jalan' } }];
    const config = { ...hub.deps.config, hub: { ...hub.deps.config.hub, routing } } as typeof hub.deps.config;
    await hub.hooks.receive(
      'lapor',
      delivery(message(`${thread}-1`, { threadId: thread, text: 'Ada pungli di loket' })),
    );
    await drainIntake(hub.deps, 'lapor');
    await drainNormalise(hub.deps, 'lapor');
    await drainTriage({ ...watching, config } as never);
    expect(await only()).toMatchObject({ sensitive: true, agency_id: 'dpupr', unit_id: 'jalan' });
    expect(await receipts()).toEqual([]);
    await hub.deps.db
      .updateTable('outbox')
      .set({ queued_at: null, done_at: null })
      .where('complaint_id', '=', (await only()).id)
      .execute();
    await announceDue(watching as never);
    expect(announced).toEqual([]);
  });
});

describe.each(BACKENDS)('a burst over time, on %s', (backend) => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await testHub({
      backend,
      policies: { settle: 1_500, receipt: { enabled: true, text: '{ticketNo}' } },
    });
    await hub.work();
  });
  afterAll(() => hub.close());

  it('settles before triage and is answered by one receipt', async () => {
    const publications = () => hub.deps.db.selectFrom('publication').selectAll().execute();
    for (let part = 0; part < 4; part++) {
      await hub.hooks.receive('lapor', delivery(chat(`${thread}-${part}`, `bagian ${part}`)));
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(await publications()).toEqual([]);
    }
    await eventually(async () => expect(await publications()).toHaveLength(1));
    const rows = await hub.deps.db.selectFrom('complaint').select(['messages', 'triaged_at']).execute();
    expect(rows).toMatchObject([{ messages: 4 }]);
    expect(rows[0]?.triaged_at).not.toBeNull();
  });
});
