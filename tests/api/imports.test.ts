import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS, testAdapters, testConfig } from '../helpers/desk.ts';
import { xlsx } from '../helpers/xlsx.ts';
import { type Answer, type Login, type TestApi, testApi } from './helper.ts';

const [web] = CHANNELS;
const laporgub = {
  ...{ ...web!, id: 'laporgub', label: 'LaporGub', mode: 'assisted' as const, endpoint: undefined },
  import: { statuses: { Rampung: 'closed' as const } },
};
const dukcapilOnly = { ...laporgub, id: 'hp', label: 'WhatsApp HP', agency: 'dukcapil' };

let api: TestApi;
let officer: Login;
beforeAll(async () => {
  api = await testApi({
    config: { ...testConfig(), channels: [...CHANNELS, laporgub, dukcapilOnly] } as never,
    adapters: testAdapters,
  });
  officer = await api.login([{ role: 'intake_officer' }]);
});
afterAll(() => api.close());

const send = async (body: string | Buffer, query = '', who = officer, channel = 'laporgub'): Promise<Answer> => {
  const headers = { authorization: `Bearer ${who.key}`, 'content-type': 'text/csv' };
  const url = `/api/v1/channels/${channel}/imports${query}`;
  const response = await api.app.inject({ method: 'POST', url, payload: body, headers });
  return { status: response.statusCode, body: response.json(), text: response.body, headers: response.headers };
};
const counts = ({ body }: Answer): object =>
  Object.fromEntries(Object.entries(body.counts as object).filter(([, count]) => count > 0));
const complaintOf = async (reference: string) => {
  const message = await api.db
    .selectFrom('message')
    .selectAll()
    .where('object_id', '=', reference)
    .executeTakeFirstOrThrow();
  const complaint = await api.db
    .selectFrom('complaint')
    .selectAll()
    .where('id', '=', message.complaint_id)
    .executeTakeFirstOrThrow();
  return { message, complaint };
};
const rowsStored = async (): Promise<number> => (await api.db.selectFrom('source_item').select('id').execute()).length;

const FILE = [
  'No Tiket;Tanggal;Isi;Pelapor;Status',
  'LGWP00000001;20-11-2026 09:15;Lampu padam;Siti;Menunggu',
  'LGWP00000002;32-13-2026;Jalan rusak;Budi;Menunggu',
  'LGWP00000003;21-11-2026 10:00;Sampah menumpuk;Tini;Dalam Tindakan',
];

const byHand = (more: object, who = officer) => who.post('/api/v1/complaints', { channel: 'laporgub', ...more });

describe('by hand and from a file', () => {
  it('one number there is one complaint, whichever came first, and other words under it are a conflict', async () => {
    const first = await byHand({ reference: 'LGWP00000091', text: 'Lampu padam' });
    expect(first.status).toBe(201);
    const file = 'No Tiket;Isi;Status\nLGWP00000091;Lampu padam;Menunggu\nLGWP00000092;Jalan rusak;Menunggu';
    expect(counts(await send(file))).toEqual({ rows: 2, known: 1, new: 1, statuses: 2 });
    const again = await byHand({ reference: 'LGWP00000092', text: 'Jalan rusak' });
    expect(again).toMatchObject({
      status: 200,
      body: { known: true, receipt: { text: expect.stringContaining('kode') } },
    });
    expect(again.body.id).toBe((await complaintOf('LGWP00000092')).complaint.id);
    const other = await byHand({ reference: 'LGWP00000092', text: 'Sampah' });
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringContaining('reference') },
    });
    expect((await complaintOf('LGWP00000092')).message.text).toBe('Jalan rusak');
  });

  it('shows the code of what another has entered only to those who may see the contact', async () => {
    await byHand({ reference: 'LGWP00000093', text: 'Air keruh', agency: 'dpupr', incomplete: 'Rekap' });
    const dukcapil = await api.login([{ role: 'agency_admin', agencyId: 'dukcapil' }]);
    const theirs = await byHand({ reference: 'LGWP00000093', text: 'Air keruh' }, dukcapil);
    expect(theirs).toMatchObject({ status: 200, body: { known: true } });
    expect((theirs.body.receipt as { text: string }).text).toMatch(/^Aduan ini sudah dicatat\. Nomor \S+\.$/);
  });

  it('the same words at one address are one complaint, other words there another', async () => {
    const at = (text: string) => byHand({ permalink: 'https://contoh.example/kiriman/1', text });
    const [first, twice, other] = [await at('Lampu padam'), await at('Lampu padam'), await at('Jalan rusak')];
    expect([first, twice, other].map(({ status }) => status)).toEqual([201, 200, 201]);
    expect(twice.body.id).toBe(first.body.id);
  });
});

describe('a file', () => {
  it('is tried without a trace, then taken: good rows in, bad ones named, and nothing twice', async () => {
    const before = await rowsStored();
    const dry = await send(FILE.join('\n'), '?dry=true');
    expect(dry).toMatchObject({ status: 200, body: { dry: true, format: 'csv' } });
    expect(dry.body.rows).toEqual([
      { row: 2, id: 'LGWP00000001', becomes: 'new' },
      { row: 4, id: 'LGWP00000003', becomes: 'new' },
    ]);
    expect(await rowsStored()).toBe(before);

    const taken = await send(FILE.join('\n'));
    expect(counts(taken)).toEqual({ rows: 3, new: 2, statuses: 2, faulty: 1 });
    expect(taken.body.faults).toEqual([
      { row: 3, column: 'Tanggal', reason: expect.stringContaining('tulis seperti 24-11-2026 09:15') },
    ]);
    const { complaint, message } = await complaintOf('LGWP00000003');
    expect(complaint).toMatchObject({
      ...{ state: 'in_progress', channel_id: 'laporgub', ticket_no: expect.any(String) },
      ...{ received_at: new Date('2026-11-21T03:00:00Z'), source_status: { code: 'Dalam Tindakan' } },
    });
    expect(message.ref).toEqual({ reference: 'LGWP00000003' });

    const after = await rowsStored();
    expect(counts(await send(FILE.join('\n')))).toEqual({ rows: 3, known: 2, faulty: 1 });
    const [head, ...rows] = FILE;
    const reordered = [head, ...rows.reverse(), 'LGWP00000004;22-11-2026;Air keruh;Wati;'].join('\r\n');
    expect(counts(await send(`\ufeff${reordered}`))).toEqual({ rows: 4, new: 1, known: 2, faulty: 1 });
    expect(await rowsStored()).toBe(after + 1);
  });

  it('brings other words as a version and another status as a status, and an older file takes nothing back', async () => {
    const news = FILE.map((line) =>
      line.replace('Lampu padam', 'Lampu padam di RT 3').replace('Dalam Tindakan', 'Rampung'),
    );
    expect(counts(await send(news.join('\n')))).toEqual({ rows: 3, changed: 1, known: 1, statuses: 1, faulty: 1 });
    expect(await complaintOf('LGWP00000001')).toMatchObject({ message: { text: 'Lampu padam di RT 3', edited: true } });
    expect((await complaintOf('LGWP00000003')).complaint).toMatchObject({
      state: 'closed',
      source_status: { code: 'Rampung' },
    });
    expect(counts(await send(FILE.join('\n')))).toEqual({ rows: 3, known: 2, faulty: 1 });
    expect((await complaintOf('LGWP00000001')).message.text).toBe('Lampu padam di RT 3');
  });

  it('is one import when two people bring it at once', async () => {
    const lines = Array.from({ length: 450 }, (_, at) => `Keluhan nomor ${at};Warga ${at}`);
    const file = ['Keluhan,Lain', ...lines].join('\n').replace('Keluhan,Lain', 'Keluhan;Nama');
    const both = await Promise.all([send(file), send(file)]);
    const sums = both.map(({ body }) => body.counts as Record<string, number>);
    expect(sums[0]!.new! + sums[1]!.new!).toBe(450);
    expect(sums[0]!.known! + sums[1]!.known!).toBe(450);
    const titles = await api.db.selectFrom('complaint').select('id').where('body', 'like', 'Keluhan nomor %').execute();
    expect(titles).toHaveLength(450);
  });

  it('mends what was faulty, and is recorded with its hash and counts, without its content', async () => {
    const { body } = await send(FILE.join('\n'));
    const mended = String(body.mend).replace('32-13-2026', '19-11-2026');
    expect(counts(await send(mended))).toEqual({ rows: 1, new: 1, statuses: 1 });
    const events = await api.db
      .selectFrom('event')
      .selectAll()
      .where('type', '=', 'import.done')
      .orderBy('seq')
      .execute();
    expect(events.at(-1)).toMatchObject({
      ...{ complaint_id: null, actor: `user:${officer.actor.userId}` },
      data: { channel: 'laporgub', format: 'csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), counts: { new: 1 } },
    });
    expect(JSON.stringify(events)).not.toMatch(/Lampu|Siti|Tanggal/);
  });

  it('may be of Excel, with its own mapping', async () => {
    const file = xlsx({
      name: 'Data',
      rows: [
        ['Hal', 'Kapan'],
        ['Pohon tumbang', { date: 46345 }],
      ],
    });
    expect(await send(file)).toMatchObject({ status: 422, body: { code: 'unreadable_file' } });
    const mapping = encodeURIComponent(JSON.stringify({ columns: { text: 'Hal', at: ['Kapan'] } }));
    const answer = await send(file, `?mapping=${mapping}`);
    expect(answer).toMatchObject({ status: 200, body: { format: 'xlsx', sheet: 'Data', counts: { new: 1 } } });
    const row = await api.db
      .selectFrom('complaint')
      .selectAll()
      .where('body', '=', 'Pohon tumbang')
      .executeTakeFirstOrThrow();
    expect(row.received_at.toISOString()).toBe('2026-11-18T17:00:00.000Z');
    const bad = await send(file, `?mapping=${encodeURIComponent('{"columns":{"teks":"Hal"}}')}`);
    expect(bad).toMatchObject({ status: 422, body: { errors: [{ message: expect.stringContaining('columns') }] } });
    expect((await send(file, '?mapping=x')).status).toBe(422);
  });

  it('loses only the row that the register cannot take', async () => {
    const file = ['Tiket;Isi;Pelapor', 'BAIK-1;satu;A', 'RUSAK;dua;B', 'BAIK-2;tiga;C'].join('\n');
    const trap = `create function trap() returns trigger language plpgsql as $$ begin
      if new.object_id = 'RUSAK' then raise exception 'no'; end if; return new; end $$`;
    await api.pool.query(trap);
    await api.pool.query('create trigger trap before insert on message for each row execute function trap()');
    const answer = await send(file).finally(() => api.pool.query('drop trigger trap on message'));
    expect(counts(answer)).toEqual({ rows: 3, new: 2, failed: 1, faulty: 1 });
    expect(answer.body.faults).toMatchObject([{ row: 3, reason: expect.stringContaining('tidak dapat disimpan') }]);
    expect(counts(await send(file))).toEqual({ rows: 3, new: 1, known: 2 });
  });
});

it('is for those who may enter there, on channels that people keep', async () => {
  const auditor = await api.login([{ role: 'auditor' }]);
  const pupr = await api.login([{ role: 'agency_admin', agencyId: 'dpupr' }]);
  const dukcapil = await api.login([{ role: 'agency_admin', agencyId: 'dukcapil' }]);
  expect((await send('Isi\nx', '', auditor)).status).toBe(403);
  expect((await send('Isi\nx', '', pupr, 'hp')).status).toBe(403);
  expect((await send('Isi\nx', '', dukcapil, 'hp')).status).toBe(200);
  expect(await send('Isi\nx', '', officer, 'web')).toMatchObject({ status: 409, body: { code: 'cannot_enter' } });
  expect((await send('', '', officer)).status).toBe(422);
  // Far more than JSON may have.
  expect((await send(`Isi\n${'x'.repeat(1_500_000)}`, '?dry=true')).body.counts).toMatchObject({ new: 1 });
});
