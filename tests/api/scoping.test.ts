import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Grant } from '../../src/core/access.ts';
import { saveDraft } from '../../src/flows/desk/drafts.ts';
import { addNote } from '../../src/flows/desk/notes.ts';
import { newId } from '../../src/store/database.ts';
import { refreshLikeness } from '../../src/store/likeness.ts';
import { type Seeded, seedComplaint, seedMessage, seedPublication } from '../helpers/register.ts';
import { type Login, type TestApi, testApi } from './helper.ts';

/** Words that stand in one complaint only: whoever is shown one has seen that complaint. */
interface Place extends Seeded {
  name: string;
  secretWord: string;
  draftId: string;
  publicationId: string;
  attachmentId: string;
  secondMessage: string;
}

interface Person {
  name: string;
  grants: Partial<Grant>[];
  scope?: { agencyId?: string; unitId?: string };
  /** The complaints they may see. */
  sees: string[];
}

const EVERYTHING = ['dpupr', 'dpuprUnit', 'dukcapil', 'nowhere'];
const PEOPLE: Person[] = [
  { name: 'system_admin', grants: [{ role: 'system_admin' }], sees: EVERYTHING },
  { name: 'central_admin', grants: [{ role: 'central_admin' }], sees: EVERYTHING },
  { name: 'intake_officer', grants: [{ role: 'intake_officer' }], sees: EVERYTHING },
  { name: 'auditor', grants: [{ role: 'auditor' }], sees: [...EVERYTHING, 'held'] },
  { name: 'privacy_officer', grants: [{ role: 'privacy_officer' }], sees: [] },
  { name: 'channel_admin', grants: [{ role: 'channel_admin' }], sees: [] },
  { name: 'nobody', grants: [], sees: [] },
  { name: 'agency', grants: [{ role: 'agency_admin', agencyId: 'dpupr' }], sees: ['dpupr', 'dpuprUnit'] },
  { name: 'unit', grants: [{ role: 'unit_head', agencyId: 'dpupr', unitId: 'bina-marga' }], sees: ['dpuprUnit'] },
  { name: 'agency without agency', grants: [{ role: 'agency_head' }], sees: [] },
  {
    name: 'central key of one agency',
    grants: [{ role: 'central_admin' }],
    scope: { agencyId: 'dukcapil' },
    sees: ['dukcapil'],
  },
  {
    ...{ name: 'agency key of one unit', grants: [{ role: 'agency_admin', agencyId: 'dpupr' }] },
    ...{ scope: { agencyId: 'dpupr', unitId: 'bina-marga' }, sees: ['dpuprUnit'] },
  },
];

let api: TestApi;
let marker: Login;
const places = new Map<string, Place>();
beforeAll(async () => {
  api = await testApi();
  marker = await api.login([{ role: 'central_admin' }]);
  const boss = await api.login([{ role: 'central_admin' }]);
  const seeds = {
    dpupr: { agency_id: 'dpupr' },
    dpuprUnit: { agency_id: 'dpupr', unit_id: 'bina-marga' },
    dukcapil: { agency_id: 'dukcapil' },
    nowhere: {},
    held: { agency_id: 'dpupr', unit_id: 'bina-marga', sensitive: true, sensitive_by: marker.actor.userId },
  };
  for (const [name, about] of Object.entries(seeds)) {
    const secretWord = `kata${name}akhir`;
    const seeded = await seedComplaint(api.db, {
      ...{ ...about, text: `Aduan ${secretWord}`, surface: 'comment', author: { name: `Nama${secretWord}` } },
      contact: { phone: `0812${secretWord}` },
    });
    const secondMessage = await seedMessage(api.db, seeded.id, { text: `Tambahan ${secretWord}` });
    const writer = name === 'held' ? marker.actor : boss.actor;
    await addNote(api.desk, writer, seeded.id, `Catatan ${secretWord}`);
    const draft = await saveDraft(api.desk, writer, seeded.id, { text: `Jawaban ${secretWord}` });
    const publicationId = await seedPublication(api.db, seeded, {
      state: 'uncertain',
      needs_person: true,
      text: `Terkirim ${secretWord}`,
    });
    const file = await api.deps.files.put(Buffer.from(`berkas ${secretWord}`));
    const attachmentId = newId();
    await api.db
      .insertInto('attachment')
      .values({
        ...{ id: attachmentId, message_id: seeded.messageId, complaint_id: seeded.id, channel_id: 'web', position: 0 },
        ...{ name: `${secretWord}.txt`, mime: 'text/plain', sha256: file.sha256, size: file.size, state: 'stored' },
      })
      .execute();
    await api.db.transaction().execute((tx) => refreshLikeness(tx, [seeded.id]));
    places.set(name, { ...seeded, name, secretWord, draftId: draft.id, publicationId, attachmentId, secondMessage });
  }
});
afterAll(() => api.close());

/** Every address that can show something of a complaint without being told which one. */
const LISTS = [
  '/api/v1/complaints?limit=200',
  ...['tambahan', 'aduan', 'jawaban'].map((q) => `/api/v1/complaints?q=${q}`),
  '/api/v1/complaints?needsPerson=true',
  '/api/v1/complaints?agency=none&agency=dpupr&agency=dukcapil',
  '/api/v1/publications?limit=200',
  '/api/v1/publications?needsPerson=true',
  '/api/v1/events?limit=200',
  '/api/v1/access-log',
  '/api/v1/channels',
  '/api/v1/quarantine',
];

/** Every address that names a complaint, or something of one; all of them change or show something. */
function aimed(at: Place, mine: Place | undefined): [method: 'get' | 'post', url: string, body?: unknown][] {
  const complaint = `/api/v1/complaints/${at.id}`;
  const reason = 'sebab';
  const nobody = { agency: null, unit: null, assignee: null };
  return [
    ['get', complaint],
    ['get', `/api/v1/complaints?q=${at.ticketNo}`],
    ['get', `/api/v1/complaints?q=${at.secretWord}`],
    ['get', `${complaint}/brief`],
    ['get', `${complaint}/receipt`],
    ['get', `/api/v1/publications/${at.publicationId}/letter`],
    ['get', `${complaint}/duplicates`],
    ['get', `${complaint}/attachments/${at.attachmentId}`],
    ['get', `/api/v1/publications?complaint=${at.id}`],
    ['get', `/api/v1/events?complaint=${at.id}`],
    ['get', `/api/v1/access-log?complaint=${at.id}`],
    ['post', `${complaint}/accept`, {}],
    ['post', `${complaint}/dismiss`, {}],
    ['post', '/api/v1/complaints/bulk', { action: 'dismiss', ids: [at.id] }],
    ['post', `${complaint}/drafts`, { text: 'Halo' }],
    ...['start', 'close', 'withdraw', 'disclaim', 'reaction', 'hold', 'lift'].map((step): ['post', string, unknown] => [
      ...(['post', `${complaint}/steps`] as const),
      { step, reason },
    ]),
    ['post', `${complaint}/forward`, { channel: 'web' }],
    ['post', `${complaint}/notes`, { text: 'x' }],
    ['post', `${complaint}/assign`, { from: nobody, to: nobody, reason }],
    ['post', `${complaint}/merge`, { into: mine?.id ?? newId(), reason }],
    ['post', `${complaint}/unmerge`, {}],
    ['post', `${complaint}/not-duplicate`, { of: mine?.id ?? newId() }],
    ['post', `${complaint}/split`, { messages: [at.secondMessage] }],
    ['post', `${complaint}/move`, { messages: [at.secondMessage], to: mine?.id ?? newId() }],
    ...['return', 'reject', 'reopen'].map((action): ['post', string, unknown] => [
      'post',
      `${complaint}/${action}`,
      { reason },
    ]),
    ...['hide', 'unhide', 'read'].map((action): ['post', string, unknown] => [
      'post',
      `/api/v1/messages/${at.messageId}/${action}`,
      {},
    ]),
    ['post', `/api/v1/drafts/${at.draftId}/approve`],
    ['post', `/api/v1/drafts/${at.draftId}/return`, { reason }],
    ['post', `/api/v1/publications/${at.publicationId}/confirm`, { permalink: 'https://contoh.example/1' }],
    ['post', `/api/v1/publications/${at.publicationId}/retry`, { notThere: true }],
    ['post', `/api/v1/publications/${at.publicationId}/decline`, { reason }],
    ['post', `/api/v1/publications/${at.publicationId}/cancel`, {}],
    ...(mine
      ? ([
          ['get', `/api/v1/complaints/${mine.id}/duplicates`],
          ['post', `/api/v1/complaints/${mine.id}/not-duplicate`, { of: at.id }],
          ['post', `/api/v1/complaints/${mine.id}/merge`, { into: at.id, reason }],
          ['post', `/api/v1/complaints/${mine.id}/move`, { messages: [mine.secondMessage], to: at.id }],
          ['post', `/api/v1/complaints/${mine.id}/move`, { messages: [at.secondMessage], to: mine.id }],
          ['post', `/api/v1/complaints/${mine.id}/split`, { messages: [at.secondMessage] }],
          ['post', `/api/v1/complaints/${mine.id}/drafts`, { text: 'Halo', messages: [at.messageId] }],
          ['post', `/api/v1/complaints/${mine.id}/drafts`, { text: 'Halo', attachments: [at.attachmentId] }],
          ['get', `/api/v1/complaints/${mine.id}/attachments/${at.attachmentId}`],
        ] as ['get' | 'post', string, unknown][])
      : []),
  ];
}

const hidden = (person: Person): Place[] => [...places.values()].filter((place) => !person.sees.includes(place.name));

/** The whole register, to prove that nothing changed. */
async function register(): Promise<string> {
  const tables = [
    'complaint',
    'message',
    'note',
    'draft',
    'approval',
    'publication',
    'event',
    'not_duplicate',
  ] as const;
  const rows = await Promise.all(
    tables.map((table) => sql`select * from ${sql.table(table)} t order by t::text`.execute(api.db)),
  );
  return JSON.stringify(rows.map((one) => one.rows));
}

describe.each(PEOPLE)('$name', (person) => {
  let login: Login;
  beforeAll(async () => {
    login = await api.login(person.grants, person.scope);
  });

  it('finds in lists what they may see, and not a word of anything else', async () => {
    const texts = await Promise.all(LISTS.map(async (url) => (await login.get(url)).text));
    for (const place of hidden(person)) {
      for (const [index, text] of texts.entries()) {
        expect(text, `${LISTS[index]} shows ${place.name}`).not.toContain(place.secretWord);
        // Who reads the trail only gets ids of what is not on hold; see docs/api.md.
        const trail = person.name === 'privacy_officer' && /events|access/.test(LISTS[index]!) && place.name !== 'held';
        if (!trail) expect(text, `${LISTS[index]} shows ${place.name}`).not.toContain(place.id);
      }
    }
    const seen = person.sees.filter((name) => texts[0]?.includes(places.get(name)!.id));
    expect(seen).toEqual(person.sees);
  });

  it('gets nothing out of, and changes nothing in, what they may not see', async () => {
    const before = await register();
    const mine = places.get(person.sees[0] ?? '');
    for (const place of hidden(person)) {
      for (const [method, url, body] of aimed(place, mine)) {
        const answer = method === 'get' ? await login.get(url) : await login.post(url, body);
        const what = `${method} ${url} ${JSON.stringify(body)}: ${answer.text}`;
        expect(answer.text, what).not.toContain(place.secretWord);
        if (!`${url}${JSON.stringify(body)}`.includes(place.id)) expect(answer.text, what).not.toContain(place.id);
        const named = [place.id, place.draftId, place.publicationId].some((id) => url.includes(`/${id}`));
        if (named) expect(answer.status, what).toBe(404);
        expect(answer.status, what).toBeLessThan(500);
      }
    }
    expect(await register()).toBe(before);
  });

  it('reads what they may see, and the contact only where the role allows it', async () => {
    for (const name of person.sees) {
      const place = places.get(name)!;
      const answer = await login.get(`/api/v1/complaints/${place.id}`);
      expect(answer.status).toBe(200);
      for (const part of ['Aduan', 'Tambahan', 'Catatan', 'Jawaban', 'Terkirim'])
        expect(answer.text).toContain(`${part} ${place.secretWord}`);
      expect(answer.text.includes(`0812${place.secretWord}`)).toBe(person.name !== 'system_admin');
    }
  });
});

it('the marker sees what is on hold', async () => {
  const { id, secretWord } = places.get('held')!;
  const answer = await marker.get(`/api/v1/complaints/${id}`);
  expect(answer.status).toBe(200);
  expect((await marker.get('/api/v1/complaints')).text).toContain(secretWord);
});

it('every address under /api/v1 refuses who has no key', async () => {
  const { paths } = (await api.app.inject('/openapi.json')).json() as { paths: Record<string, object> };
  const inside = Object.entries(paths).filter(([path]) => path.startsWith('/api/v1'));
  expect(inside.length).toBeGreaterThan(30);
  for (const [path, methods] of inside) {
    for (const method of Object.keys(methods)) {
      const url = path.replace(/\{\w+\}/g, newId());
      const bare = await api.app.inject({ method: method.toUpperCase() as 'GET', url });
      expect([bare.statusCode, bare.json().code], `${method} ${path}`).toEqual([401, 'unauthenticated']);
      const wrong = { authorization: `Bearer ka_${'a'.repeat(43)}` };
      const refused = await api.app.inject({ method: method.toUpperCase() as 'GET', url, headers: wrong });
      expect(refused.statusCode, `${method} ${path}`).toBe(401);
    }
  }
});

it('tries every address that names a complaint, a draft or a publication', async () => {
  const { paths } = (await api.app.inject('/openapi.json')).json() as { paths: Record<string, object> };
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  const some = places.get('dpupr')!;
  const tried = [...LISTS.map((url) => ['get', url] as const), ...aimed(some, some)].map(([method, url]) => {
    const path = url
      .split('?')[0]!
      .replace(some.attachmentId, '{attachmentId}')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, '{id}');
    return `${method} ${path}`;
  });
  // Entering names no complaint; whose files it may take is in entry.test.ts.
  const elsewhere = /channels\/|quarantine\/|\/stream|post .*\/(attachments|complaints)$/;
  const inside = all.filter((name) => name.includes('/api/v1') && !elsewhere.test(name));
  expect(inside.filter((name) => !tried.includes(name))).toEqual([]);
});
