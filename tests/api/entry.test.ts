import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manual from '../../adapters/manual/index.ts';
import { merge } from '../../src/flows/desk/merge.ts';
import { accessCodeOf, CODE_BLANK } from '../../src/flows/door/code.ts';
import { CHANNELS, testAdapters, testConfig } from '../helpers/desk.ts';
import { keyring, seedPublication } from '../helpers/register.ts';
import { type Answer, type Login, type TestApi, testApi } from './helper.ts';

const [web] = CHANNELS;
const byHand = { ...web!, mode: 'assisted' as const, adapter: 'manual', endpoint: undefined };
const counter = { ...byHand, id: 'loket', label: 'Loket Kominfo', settings: { surface: 'form' } };
const mail = { ...byHand, id: 'surat', label: 'Surat Dukcapil', agency: 'dukcapil', settings: { surface: 'letter' } };

let api: TestApi;
let officer: Login;
let dukcapil: Login;
beforeAll(async () => {
  const config = testConfig();
  config.hub.agencies[0]!.letter = {
    head: ['PEMERINTAH KABUPATEN CONTOH', 'DINAS PUPR'],
    place: 'Contoh',
    signer: { title: 'Kepala Dinas', name: 'Ir. Bambang', nip: '19700101 199503 1 001' },
  };
  api = await testApi({
    config: { ...config, channels: [...CHANNELS, counter, mail] } as never,
    adapters: { ...testAdapters, manual },
  });
  officer = await api.login([{ role: 'intake_officer' }]);
  dukcapil = await api.login([{ role: 'agency_admin', agencyId: 'dukcapil' }]);
});
afterAll(() => api.close());

const order = (more: object = {}) => ({ channel: 'loket', text: 'Lampu jalan padam sejak Senin.', ...more });
const enter = (more: object = {}, who = officer) => who.post('/api/v1/complaints', order(more));
const send = async (url: string, body: unknown, headers: Record<string, string>, who = officer): Promise<Answer> => {
  const all = { authorization: `Bearer ${who.key}`, ...headers };
  const response = await api.app.inject({ method: 'POST', url, payload: body as never, headers: all });
  return { status: response.statusCode, body: response.json(), text: response.body, headers: response.headers };
};
const complaint = (answer: Answer) =>
  api.db.selectFrom('complaint').selectAll().where('id', '=', String(answer.body.id)).executeTakeFirstOrThrow();

describe('entering', () => {
  it('makes it a complaint at once, with ticket, receipt and everything that was said', async () => {
    const answer = await enter({
      ...{ title: 'Lampu padam', category: 'penerangan', kind: 'complaint', secret: true, answerBy: 'telepon' },
      ...{ agency: 'dpupr', unit: 'bina-marga', receivedAt: '2026-11-23T09:00:00+07:00', reference: '005/12' },
      reporter: { name: 'Siti Aminah', phone: '0812-0000-0001', address: 'Desa Contoh' },
      location: { text: 'Balai desa' },
    });
    expect(answer.status).toBe(201);
    const row = await complaint(answer);
    expect(row).toMatchObject({
      ...{ state: 'received', ticket_no: answer.body.ticketNo, channel_id: 'loket', surface: 'form', secret: true },
      ...{ agency_id: 'dpupr', unit_id: 'bina-marga', category: 'penerangan', location: { text: 'Balai desa' } },
      ...{ received_at: new Date('2026-11-23T02:00:00Z'), title: 'Lampu padam', triaged_at: expect.any(Date) },
    });
    const code = accessCodeOf(keyring, row.id);
    const { text } = answer.body.receipt as { text: string };
    expect(text).toBe(`Aduan Anda diterima. Nomor ${row.ticket_no}, kode ${code}. Kabupaten Contoh`);
    const detail = await officer.get(`/api/v1/complaints/${row.id}`);
    expect(detail.body.reporter).toMatchObject({ contact: { name: 'Siti Aminah', phone: '+6281200000001' } });
    const events = (detail.body.events as { type: string }[]).map(({ type }) => type);
    expect(events).toEqual(['complaint.opened', 'complaint.entered']);
  });

  it('shows nobody who left the same number before, whether anonymously or not', async () => {
    const phone = '081200000006';
    const entered = [
      { reporter: { name: 'Wati Rahasia', phone, address: 'Desa Lain' }, anonymous: true },
      { reporter: { name: 'Tono Pertama', phone } },
      { reporter: { name: 'Budi Kedua', phone, address: 'Desa Contoh' } },
    ];
    const answers = [];
    for (const one of entered) answers.push(await enter(one));
    const seen = await officer.get(`/api/v1/complaints/${answers[2]!.body.id}`);
    expect(seen.body.reporter).toMatchObject({ contact: { name: 'Budi Kedua', address: 'Desa Contoh' } });
    expect(seen.text).not.toMatch(/Wati|Tono|Desa Lain/);
  });

  it('refuses what would have come in the future', async () => {
    const refused = await enter({ receivedAt: '2099-01-01T09:00:00+07:00' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'in_future' } });
    const slow = new Date(Date.now() + 60_000).toISOString();
    expect((await enter({ receivedAt: slow })).status).toBe(201);
  });

  it('goes by the rules where the officer says nothing', async () => {
    api.deps.config.hub.routing.push({ when: { words: ['selokan'] }, then: { agency: 'dpupr' } } as never);
    const person = { name: 'Budi', phone: '081200000002' };
    expect(await complaint(await enter({ text: 'Selokan mampet', reporter: person }))).toMatchObject({
      agency_id: 'dpupr',
    });
    const said = await enter({ text: 'Selokan mampet', agency: 'dukcapil' });
    expect(await complaint(said)).toMatchObject({ agency_id: 'dukcapil', unit_id: null });
  });

  it('is one complaint for one key, also when both come at once', async () => {
    const headers = { 'idempotency-key': 'formulir-17' };
    const both = await Promise.all([1, 2].map(() => send('/api/v1/complaints', order(), headers)));
    const again = await send('/api/v1/complaints', order(), headers);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 201]);
    expect(again).toMatchObject({ status: 200, body: { known: true } });
    expect(new Set([...both, again].map(({ body }) => body.id)).size).toBe(1);
    const other = await send('/api/v1/complaints', order({ channel: 'surat' }), headers, dukcapil);
    expect(other.status).toBe(201);
    expect((await send('/api/v1/complaints', order(), headers, dukcapil)).status).toBe(201);
  });

  it('is not lost under a key that stands for another order already', async () => {
    const headers = { 'idempotency-key': 'formulir-18' };
    const first = await send(
      '/api/v1/complaints',
      order({ reporter: { name: 'Siti', phone: '081200000001' } }),
      headers,
    );
    for (const more of [{ text: 'Jalan rusak' }, { reporter: { name: 'Budi' } }, {}]) {
      const refused = await send('/api/v1/complaints', order(more), headers);
      expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
      expect(refused.body.detail).toContain(first.body.id);
    }
    const reordered = { reporter: { phone: '081200000001', name: 'Siti' }, ...order() };
    expect(await send('/api/v1/complaints', reordered, headers)).toMatchObject({ status: 200, body: { known: true } });
  });

  it('takes the number of a letter for what it is: two letters may bear one', async () => {
    const letter = (text: string) => enter({ channel: 'surat', reference: '001/RT', text }, dukcapil);
    expect((await letter('Selokan mampet')).status).toBe(201);
    expect((await letter('Selokan mampet')).status).toBe(201);
  });

  it('asks for what the agency asks for, says what is missing, and takes it with a reason', async () => {
    const refused = await enter({ agency: 'dpupr', reporter: { name: 'Budi' } });
    expect(refused).toMatchObject({ status: 422, body: { code: 'missing_fields' } });
    expect(refused.body.errors).toMatchObject([
      { code: 'missing_phone', message: expect.stringContaining('nomor telepon') },
    ]);
    const taken = await enter({ agency: 'dpupr', reporter: { name: 'Budi' }, incomplete: 'Tidak punya telepon' });
    expect(taken.status).toBe(201);
    const events = (await officer.get(`/api/v1/complaints/${taken.body.id}`)).body.events as {
      data: object;
      reason: string;
    }[];
    expect(events.at(-1)).toMatchObject({ data: { missing: ['phone'] }, reason: 'Tidak punya telepon' });
    expect((await enter({ agency: 'dpupr', anonymous: true })).status).toBe(201);
  });

  it.each([
    [{ channel: 'web' }, 409, 'cannot_enter'],
    [{ channel: 'tidak-ada' }, 409, 'cannot_enter'],
    [{ agency: 'tidak-ada' }, 422, 'unknown_agency'],
    [{ unit: 'bina-marga' }, 422, 'unknown_unit'],
    [{ attachments: ['0199c2f0-5511-7b10-9f0e-1d2c3b4a5968'] }, 422, 'unknown_attachment'],
    [{ text: '  ' }, 400, 'invalid_request'],
    [{ reporter: { nik: '3305010101900001' } }, 400, 'invalid_request'],
  ])('refuses %j with %s %s, and nothing is left of it', async (more, status, code) => {
    const before = await api.db.selectFrom('source_item').select('id').execute();
    expect(await enter(more)).toMatchObject({ status, body: { code } });
    expect(await api.db.selectFrom('source_item').select('id').execute()).toHaveLength(before.length);
  });

  it('is for those who may enter there: the agency’s own channel for its own people', async () => {
    const auditor = await api.login([{ role: 'auditor' }]);
    const pupr = await api.login([{ role: 'agency_admin', agencyId: 'dpupr' }]);
    expect((await enter({}, auditor)).status).toBe(403);
    expect((await enter({ channel: 'surat' }, pupr)).status).toBe(403);
    expect((await enter({ channel: 'surat' }, dukcapil)).status).toBe(201);
    // Everybody's counter takes what is another agency's; its receipt is given all the same.
    const person = { name: 'Budi', phone: '081200000002' };
    const handed = await enter({ agency: 'dpupr', reporter: person }, dukcapil);
    expect(handed).toMatchObject({ status: 201, body: { ticketNo: expect.any(String) } });
    expect((await dukcapil.get(`/api/v1/complaints/${handed.body.id}`)).status).toBe(404);
  });

  it('takes a scan that its officer uploaded before, once', async () => {
    const headers = { 'content-type': 'application/pdf', 'x-filename': 'surat%20aduan.pdf' };
    const file = await send('/api/v1/attachments', Buffer.from('%PDF-1.4 surat'), headers);
    expect(file).toMatchObject({ status: 201, body: { name: 'surat aduan.pdf', mime: 'application/pdf' } });
    const attachments = [file.body.id];
    expect((await enter({ channel: 'surat', attachments }, dukcapil)).body.code).toBe('unknown_attachment');
    const answer = await enter({ attachments });
    const detail = await officer.get(`/api/v1/complaints/${answer.body.id}`);
    const [message] = detail.body.messages as { attachments: { id: string; state: string }[] }[];
    expect(message?.attachments).toMatchObject([{ id: file.body.id, state: 'stored' }]);
    expect((await enter({ attachments })).body.code).toBe('unknown_attachment');
    const reader = await api.login([{ role: 'auditor' }]);
    expect((await send('/api/v1/attachments', Buffer.from('x'), headers, reader)).status).toBe(403);
  });
});

/** The words of a PDF that our own printer made: its text operators, uncompressed. */
function wordsOf(pdf: Buffer): string {
  const streams = [...pdf.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)].flatMap(([, body]) => {
    try {
      return inflateSync(Buffer.from(body!, 'latin1')).toString('latin1');
    } catch {
      return [];
    }
  });
  const hex = [...streams.join('\n').matchAll(/<([0-9a-f]+)>/g)].map(([, code]) =>
    Buffer.from(code!, 'hex').toString('latin1'),
  );
  return hex.join('').replace(/\s+/g, ' ');
}
const pdf = async (url: string, who = officer): Promise<Buffer> => {
  const response = await api.app.inject({ url, headers: { authorization: `Bearer ${who.key}` } });
  expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'application/pdf']);
  return response.rawPayload;
};

describe('the receipt', () => {
  it('names number, code, time, channel, officer and content, on screen and as PDF, and is safe to show', async () => {
    const answer = await enter({ text: 'Jalan <b>rusak</b>, NIK saya 3305014101900001', receivedBy: 'Ibu Wati' });
    const { ticketNo, receipt } = answer.body as { ticketNo: string; receipt: { html: string; pdf: string } };
    const html = await officer.get(receipt.html);
    const words = wordsOf(await pdf(receipt.pdf));
    for (const text of [html.text, words])
      for (const part of [ticketNo, accessCodeOf(keyring, String(answer.body.id)), 'WIB', 'Loket Kominfo', 'Ibu Wati'])
        expect(text).toContain(part);
    expect(html.text).toContain('Jalan &lt;b&gt;rusak&lt;/b&gt;');
    for (const text of [html.text, words]) expect(text).not.toContain('3305014101900001');
    expect(html.headers['cache-control']).toBe('private, no-store');
  });

  it('is for those who may know the reporter, and each printing is written down', async () => {
    const { body } = await enter({});
    const url = `/api/v1/complaints/${body.id}/receipt`;
    const keeper = await api.login([{ role: 'system_admin' }]);
    expect((await keeper.get(url)).status).toBe(403);
    expect((await dukcapil.get(url)).status).toBe(404);
    await officer.get(url);
    const log = await api.db
      .selectFrom('access_log')
      .select('what')
      .where('complaint_id', '=', String(body.id))
      .execute();
    expect(log).toEqual([{ what: 'receipt' }]);
  });
});

it('a receipt that a person is to send shows its code to those who may see the contact, which is written down', async () => {
  const { body } = await enter({ agency: 'dukcapil', reporter: { name: 'Siti', phone: '081200000005' } });
  const id = String(body.id);
  const row = await api.db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const seeded = { id, messageId: row.opening_message_id!, ticketNo: row.ticket_no };
  const about = { kind: 'receipt', state: 'assist', channel_id: 'loket', text: `Kode ${CODE_BLANK}` } as const;
  const publication = await seedPublication(api.db, seeded, about);
  const code = accessCodeOf(keyring, id);
  const keeper = await api.login([{ role: 'system_admin' }]);
  const urls = [`/api/v1/complaints/${id}`, `/api/v1/publications?complaint=${id}`];
  for (const url of urls) expect((await keeper.get(url)).text).not.toContain(code);
  for (const url of urls) expect((await officer.get(url)).text).toContain(`Kode ${code}`);
  const looks = api.db.selectFrom('access_log').select('user_id').where('what', '=', 'receipt');
  expect(await looks.where('complaint_id', '=', id).execute()).toEqual(
    urls.map(() => ({ user_id: officer.actor.userId })),
  );
  await officer.post(`/api/v1/publications/${publication}/confirm`, { note: 'Dikirim' });
  for (const url of urls) expect((await officer.get(url)).text).not.toContain(code);
});

it('a status and a report that a person is to set or enter say everything that belongs there', async () => {
  const { body } = await enter({ agency: 'dukcapil', reporter: { name: 'Siti', phone: '081200000007' } });
  const id = String(body.id);
  const row = await api.db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const seeded = { id, messageId: row.opening_message_id!, ticketNo: row.ticket_no };
  const about = { state: 'assist', channel_id: 'loket' } as const;
  const seed = async (kind: 'status' | 'forward', detail: object) =>
    seedPublication(api.db, seeded, { ...about, kind, text: '', detail: JSON.stringify(detail) as never });
  const status = await seed('status', { state: 'in_progress', label: 'Diproses', code: 'Dalam Tindakan' });
  const forward = await seed('forward', { title: 'Lampu padam', location: 'Balai desa' });
  const items = (await officer.get(`/api/v1/publications?complaint=${id}`)).body.items as { id: string }[];
  const shown = new Map(items.map((one) => [one.id, one]));
  expect(shown.get(status)).toMatchObject({
    assist: { status: { label: 'Diproses', code: 'Dalam Tindakan' }, title: null, location: null },
  });
  expect(shown.get(forward)).toMatchObject({
    assist: { status: null, title: 'Lampu padam', location: 'Balai desa' },
  });
});

describe('the letter', () => {
  const publish = async (more: object) => {
    const { body } = await enter({
      agency: 'dpupr',
      reporter: { name: 'Siti Aminah', phone: '0812', address: 'Desa Contoh' },
      ...more,
    });
    const author = await api.login([{ role: 'agency_admin', agencyId: 'dpupr' }]);
    const boss = await api.login([{ role: 'agency_head', agencyId: 'dpupr' }]);
    const text = 'Lampu sudah kami ganti.\n\nTerima kasih – Bina Marga 😀';
    const draft = await author.post(`/api/v1/complaints/${body.id}/drafts`, { text });
    const approved = await boss.post(`/api/v1/drafts/${draft.body.id}/approve`, {});
    const [id] = approved.body.publications as string[];
    return { url: `/api/v1/publications/${id}/letter`, boss };
  };

  it('carries the letterhead, its reader, the answer and who signs', async () => {
    const { url, boss } = await publish({});
    const html = await boss.get(url);
    const words = wordsOf(await pdf(`${url}?format=pdf`, boss));
    for (const text of [html.text, words])
      for (const part of [
        'DINAS PUPR',
        'Siti Aminah',
        'Desa Contoh',
        'Lampu sudah kami ganti.',
        'Ir. Bambang',
        'Ombudsman',
      ])
        expect(text).toContain(part);
    // What the printer's own fonts cannot draw.
    expect(words).toContain('Bina Marga ?');
  });

  it('goes to the reporter of the linked complaint that is answered, and names them only where they may be named', async () => {
    const parent = await enter({ reporter: { name: 'Siti Aminah' }, agency: 'dukcapil', incomplete: 'x' });
    const child = async (more: object) => {
      const taken = await enter({ ...more, agency: 'dukcapil', incomplete: 'x' });
      await merge(api.desk, officer.actor, String(taken.body.id), String(parent.body.id), 'sama');
      const { opening_message_id, ticket_no } = await complaint(taken);
      const draft = { text: 'Sudah diganti.', messages: [opening_message_id], submit: true };
      const { id } = (await officer.post(`/api/v1/complaints/${parent.body.id}/drafts`, draft)).body;
      const { body } = await officer.get(`/api/v1/publications?complaint=${parent.body.id}`);
      const row = (body.items as { id: string; draft: string; ticketNo: string }[]).find((one) => one.draft === id)!;
      expect(row.ticketNo).toBe(ticket_no);
      const { text } = await officer.get(`/api/v1/publications/${row.id}/letter`);
      expect(text).not.toMatch(new RegExp(`Siti|${parent.body.ticketNo}`));
      expect(text).toContain(ticket_no);
      return text;
    };
    expect(await child({ reporter: { name: 'Budi Santoso' } })).toContain('Budi Santoso');
    expect(await child({ reporter: { name: 'Tono Wibowo' }, anonymous: true })).not.toContain('Tono');
  });

  it.each(['cancelled', 'refused'] as const)('is not printed of an answer that is %s', async (state) => {
    const { url, boss } = await publish({});
    const id = url.split('/').at(-2)!;
    await api.db.updateTable('publication').set({ state }).where('id', '=', id).execute();
    expect(await boss.get(url)).toMatchObject({ status: 409, body: { code: 'illegal_state' } });
  });

  it('names nobody who reported anonymously, or to whoever may not know', async () => {
    const { url, boss } = await publish({ anonymous: true });
    expect((await boss.get(url)).text).not.toContain('Siti');
    const open = await publish({});
    const keeper = await api.login([{ role: 'system_admin' }]);
    const seen = await keeper.get(open.url);
    expect(seen.text).toContain('Pelapor aduan nomor');
    expect(seen.text).not.toContain('Siti');
    expect((await dukcapil.get(open.url)).status).toBe(404);
  });
});
