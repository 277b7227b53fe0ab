import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApi } from '../../src/api/app.ts';
import { ROLES } from '../../src/core/roles.ts';
import { createKey } from '../../src/flows/desk/users.ts';
import { testHub } from '../helpers/hub.ts';
import { seedMessage, seedUser } from '../helpers/register.ts';
import { answer, complaintOf, step } from './answers.ts';
import { type Receipt, type TestDoor, testDoor } from './helper.ts';

/** A reporter, in words that stand nowhere else. */
const PERSON = {
  name: 'Wahyuningsih Prabandari',
  phone: '0812-9876-5432',
  email: 'wahyuningsih@warga.example',
  address: 'Jl. Kamboja No. 77',
};
const TRACES = /Wahyuningsih|Prabandari|9876-?5432|wahyuningsih@|Kamboja/i;
const WORDS = 'Kepala dusun memungut uang beras dari janda miskin.';

let door: TestDoor;
const lines: string[] = [];
const sent: Record<'named' | 'anonymous' | 'secret', Receipt> = {} as never;
let other: Receipt;
beforeAll(async () => {
  const ask = ['name', 'phone', 'email', 'address'];
  door = await testDoor({ settings: { ask }, logged: (line) => void lines.push(line) });
  sent.named = await door.complain({ ...PERSON, text: WORDS });
  sent.anonymous = await door.complain({ ...PERSON, text: WORDS, identity: 'anonymous' });
  sent.secret = await door.complain({ ...PERSON, text: WORDS, secret: 'yes' });
  other = await door.complain({ text: 'Lampu jalan di depan masjid mati.' });
  for (const { ticketNo } of Object.values(sent)) {
    await answer(door, ticketNo, { text: 'Sudah kami periksa.' });
    await step(door, ticketNo, 'answered');
  }
});
afterAll(() => door.close());

describe.each(['named', 'anonymous', 'secret'] as const)('of a reporter (%s)', (kind) => {
  it('neither person nor words stand on any page without the code', async () => {
    const { ticketNo } = sent[kind];
    const pages = [
      await door.get(`/lacak/${ticketNo}`),
      await door.get(`/lacak/${ticketNo}`, other.cookie),
      await door.get(`/lacak/${ticketNo}/tanda-terima`),
      await door.get(`/lacak/${ticketNo}/tanda-terima`, other.cookie),
      await door.post(`/lacak/${ticketNo}`, { code: other.code }),
      await door.post('/lacak', { ticket: ticketNo, code: '2222-2222' }),
      await door.post(`/lacak/${ticketNo}/cabut`, { sure: 'yes' }, other.cookie),
      await door.send(`/lacak/${ticketNo}/pesan`, { token: '', text: 'x' }, { cookie: other.cookie }),
      await door.get('/lapor', other.cookie),
      await door.get('/lacak'),
      await door.get('/privasi'),
    ];
    for (const page of pages) {
      expect(page.text + JSON.stringify(page.headers)).not.toMatch(TRACES);
      expect(page.text).not.toMatch(/dusun|beras|Sudah kami periksa/);
      expect(page.text + page.location).not.toContain(sent[kind].code);
    }
  });

  it('with it there are their own words and the answer, and still not who they are', async () => {
    const { ticketNo, cookie, page } = sent[kind];
    const inside = await door.get(`/lacak/${ticketNo}`, cookie);
    expect(inside.text).toContain(WORDS);
    expect(inside.text).toContain('Sudah kami periksa.');
    expect(inside.text + page.text).not.toMatch(TRACES);
  });
});

it('what others wrote in the same complaint is not on its reporter’s page', async () => {
  const { ticketNo, cookie } = other;
  const { id } = await complaintOf(door, ticketNo);
  await seedMessage(door.hub.deps.db, id, { text: 'Saya tetangga Bu Wahyuningsih.', channel_id: 'lapor' });
  await seedMessage(door.hub.deps.db, id, { text: 'Catatan Bu Wahyuningsih.', direction: 'out' });
  expect((await door.get(`/lacak/${ticketNo}`, cookie)).text).not.toMatch(TRACES);
});

it('an anonymous reporter’s name and address are stored nowhere; their contact is shown to no role but the one for it', async () => {
  const { db } = door.hub.deps;
  const { id } = await complaintOf(door, sent.anonymous.ticketNo);
  for (const role of ROLES) {
    const actor = await seedUser(db, { role, agencyId: 'diskominfo' });
    const { key } = await createKey(door.hub.deps, { userId: actor.userId, label: 'x', agencyId: null, unitId: null });
    for (const url of [`/api/v1/complaints/${id}`, '/api/v1/complaints', `/api/v1/complaints/${id}/brief`]) {
      const response = await door.app.inject({ url, headers: { authorization: `Bearer ${key}` } });
      expect(response.body, `${role} ${url}`).not.toMatch(TRACES);
    }
  }
});

it('name and contact are shown to those who handle the report, and each look is written down', async () => {
  const { db } = door.hub.deps;
  const actor = await seedUser(db, { role: 'agency_admin', agencyId: 'diskominfo' });
  const { key } = await createKey(door.hub.deps, { userId: actor.userId, label: 'x', agencyId: null, unitId: null });
  for (const kind of ['named', 'secret'] as const) {
    const { id } = await complaintOf(door, sent[kind].ticketNo);
    const headers = { authorization: `Bearer ${key}` };
    const { reporter } = (await door.app.inject({ url: `/api/v1/complaints/${id}`, headers })).json();
    expect(reporter).toMatchObject({ hidden: null, contact: PERSON });
    const looks = db.selectFrom('access_log').select(['complaint_id', 'what']).where('user_id', '=', actor.userId);
    expect(await looks.execute()).toContainEqual({ complaint_id: id, what: 'contact' });
  }
});

it('no log line names a reporter, their words or a code', () => {
  const all = lines.join('\n');
  expect(all).not.toMatch(TRACES);
  expect(all).not.toMatch(/beras|masjid/);
  for (const { code } of [...Object.values(sent), other]) expect(all).not.toContain(code);
});

it('without a door there is a plain page, and the short notice that platforms ask for', async () => {
  const hub = await testHub();
  const app = buildApi({
    ...hub.deps,
    ...{ pool: hub.foundation.pool, hooks: hub.hooks, publicUrl: 'http://127.0.0.1:3000' },
    readiness: async () => ({ ready: true, checks: {} }),
  });
  for (const url of ['/lapor', '/lacak', '/lacak/K7M-4QD-X2P', '/lacak/K7M-4QD-X2P/tanda-terima']) {
    const page = await app.inject(url);
    expect([page.statusCode, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.body).toContain('Formulir aduan belum dibuka');
  }
  expect((await app.inject({ method: 'POST', url: '/lapor', payload: {} })).statusCode).toBe(404);
  expect((await app.inject('/privasi')).body).toContain('Kebijakan privasi');
  await app.close();
  await hub.close();
});

it('the notice names who answers for the data, how long it stays, and what people may ask', async () => {
  const { text } = await door.get('/privasi');
  for (const said of [
    'Pemerintah Kabupaten Contoh, Jl. Merdeka No. 2',
    'pdp@contohkab.go.id',
    'Bagian Hukum',
    '3 x 24 jam',
    '1 tahun setelah aduan selesai',
    '30 hari',
    'Lapor Contoh',
    'Pasal 20 ayat (2)',
  ])
    expect(text).toContain(said);
});

it('the pages stand in no description of the API, and only they and the hooks need no key', async () => {
  const { paths } = (await door.app.inject('/openapi.json')).json() as { paths: Record<string, unknown> };
  const open = Object.keys(paths).filter((path) => !path.startsWith('/api/v1/'));
  expect(open.sort()).toEqual([
    '/healthz', '/hooks/{endpoint}', '/hooks/{endpoint}/deletion', '/metrics', '/privasi/penghapusan/{code}', '/readyz',
  ]); // biome-ignore format: one glance
});
