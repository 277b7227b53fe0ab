import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/store/database.ts';
import { seedComplaint, seedMessage, seedPublication } from '../helpers/register.ts';
import { type Login, type TestApi, testApi } from './helper.ts';

let api: TestApi;
let team: Login;
let head: Login;
beforeAll(async () => {
  api = await testApi();
  team = await api.login([{ role: 'complaint_team', agencyId: 'dpupr' }]);
  head = await api.login([{ role: 'agency_head', agencyId: 'dpupr' }]);
});
afterAll(() => api.close());

const of = (id: string, rest = '') => `/api/v1/complaints/${id}${rest}`;

describe('from the inbox to the answer', () => {
  it('walks the whole way through the API', async () => {
    const { id, messageId } = await seedComplaint(api.db, { agency_id: 'dpupr', state: 'new', surface: 'comment' });
    const accepted = await team.post(of(id, '/accept'), { kind: 'complaint' });
    expect([accepted.status, accepted.body.state, accepted.body.stateLabel]).toEqual([200, 'received', 'Diterima']);
    const from = { agency: 'dpupr', unit: null, assignee: null };
    const to = { ...from, assignee: team.actor.userId };
    expect((await team.post(of(id, '/assign'), { from, to })).body.assignee).toBe(team.actor.userId);
    expect((await team.post(of(id, '/notes'), { text: 'Sudah dicek' })).status).toBe(201);
    const draft = await team.post(of(id, '/drafts'), { text: 'Sudah kami perbaiki.' });
    expect([draft.status, draft.body.state]).toEqual([201, 'awaiting_approval']);
    const own = await team.post(`/api/v1/drafts/${draft.body.id}/approve`);
    expect([own.status, own.body.code]).toEqual([403, 'forbidden']);
    const approved = await head.post(`/api/v1/drafts/${draft.body.id}/approve`);
    expect(approved.status).toBe(200);
    const [publicationId] = approved.body.publications as string[];
    const listed = (await team.get(`/api/v1/publications?complaint=${id}`)).body.items as { id: string }[];
    expect(listed).toMatchObject([
      {
        ...{ id: publicationId, state: 'queued', label: 'Antre', actions: ['cancel'], text: 'Sudah kami perbaiki.' },
        target: { messageId, surface: 'comment', permalink: null },
      },
    ]);
    const detail = (await team.get(of(id))).body as Record<string, unknown>;
    expect(detail).toMatchObject({
      ...{ state: 'in_progress', actions: ['close', 'withdraw', 'return', 'reject', 'disclaim', 'merge'] },
      approval: { required: true, by: ['agency_head', 'agency_admin'] },
      drafts: [{ number: 1, state: 'approved', approval: { by: { id: head.actor.userId, name: head.actor.name } } }],
      publications: [{ id: publicationId }],
      notes: [{ text: 'Sudah dicek', author: { name: team.actor.name } }],
    });
    expect((detail.events as { type: string }[]).map((event) => event.type)).toEqual([
      ...['complaint.accepted', 'complaint.assigned', 'note.added', 'draft.saved', 'draft.approved'],
    ]);
  });

  it('says in Indonesian why an answer cannot be sent', async () => {
    const { id, messageId } = await seedComplaint(api.db, { agency_id: 'dpupr', surface: 'comment', secret: true });
    const answer = await team.post(of(id, '/drafts'), { text: 'Halo' });
    expect([answer.status, answer.body.code]).toEqual([422, 'cannot_answer']);
    expect(answer.body.errors).toEqual([{ code: 'secret', message: expect.stringContaining('rahasia'), messageId }]);
  });

  it('answers 204 when the complaint left the view', async () => {
    const { id } = await seedComplaint(api.db, { agency_id: 'dpupr' });
    const from = { agency: 'dpupr', unit: null, assignee: null };
    const back = await team.post(of(id, '/assign'), {
      from,
      to: { ...from, agency: null },
      reason: 'Bukan kewenangan',
    });
    expect([back.status, back.text]).toEqual([204, '']);
  });
});

describe('one complaint', () => {
  it('shows messages with versions and tombstones, and where each stands', async () => {
    const { id, messageId } = await seedComplaint(api.db, { agency_id: 'dpupr' });
    const deleted = await seedMessage(api.db, id, { deleted_at: new Date('2026-11-24T00:00:00Z'), text: 'x' });
    await seedMessage(api.db, id, { direction: 'out', outside_hub: true, text: 'Dijawab langsung' });
    for (const text of ['satu', 'dua']) {
      const version = { message_id: messageId, at: new Date(), hash: Buffer.from(text), title: null, text };
      await api.db.insertInto('message_version').values(version).execute();
    }
    const { messages } = (await team.get(of(id))).body as unknown as { messages: { id: string }[] };
    const find = (wanted: string) => messages.find((message) => message.id === wanted);
    expect(find(messageId)).toMatchObject({ versions: 2, deletedAt: null, direction: 'in' });
    expect(find(deleted)).toMatchObject({ deletedAt: '2026-11-24T00:00:00.000Z' });
    expect(messages).toContainEqual(expect.objectContaining({ direction: 'out', outsideHub: true }));
  });

  it('records each reading of a contact, and shows none of an anonymous reporter', async () => {
    const contact = { name: 'Siti Aminah', phone: '081200000001' };
    const known = await seedComplaint(api.db, { agency_id: 'dpupr', contact });
    const anonymous = await seedComplaint(api.db, { agency_id: 'dpupr', contact, anonymous: true });
    expect((await team.get(of(known.id))).body.reporter).toEqual({ hidden: null, contact });
    const kept = await team.get(of(anonymous.id));
    expect(kept.body.reporter).toEqual({ hidden: 'anonymous', contact: null });
    expect(kept.text).not.toMatch(/Aminah|0812/);
    const privacy = await api.login([{ role: 'privacy_officer' }, { role: 'complaint_team', agencyId: 'dpupr' }]);
    expect((await privacy.get(of(anonymous.id))).body.reporter).toEqual({ hidden: null, contact });
    const log = (await privacy.get('/api/v1/access-log')).body.items as object[];
    expect(log).toMatchObject([
      { user: { id: privacy.actor.userId }, complaint: anonymous.id, what: 'contact' },
      { user: { id: team.actor.userId }, complaint: known.id, what: 'contact' },
    ]);
  });

  it('explains what is uncertain and what a person can do', async () => {
    const complaint = await seedComplaint(api.db, { agency_id: 'dpupr' });
    const explanation = 'Belum pasti terkirim; cek di aplikasi.';
    const id = await seedPublication(api.db, complaint, {
      state: 'uncertain',
      needs_person: true,
      explanation,
      reason: 'timeout',
    });
    const started_at = new Date('2026-11-24T00:00:00Z');
    const attempt = {
      publication_id: id,
      attempt: 1,
      owner: 'w',
      started_at,
      ended_at: null,
      outcome: null,
      explanation: null,
    };
    await api.db.insertInto('publication_attempt').values(attempt).execute();
    const { publications } = (await team.get(of(complaint.id))).body as unknown as { publications: object[] };
    expect(publications).toMatchObject([
      {
        state: 'uncertain',
        needsPerson: true,
        explanation,
        reason: 'timeout',
        actions: ['confirm', 'retry', 'cancel'],
        attempts: [{ attempt: 1 }],
      },
    ]);
    const bare = await team.post(`/api/v1/publications/${id}/retry`, {});
    expect([bare.status, bare.body.code]).toEqual([400, 'invalid_request']);
    const confirmed = await team.post(`/api/v1/publications/${id}/confirm`, {
      permalink: 'https://contoh.example/1',
      publishedAt: '2026-11-24T09:00:00+07:00',
    });
    expect(confirmed.body).toMatchObject({ state: 'published', publishedAt: '2026-11-24T02:00:00.000Z', actions: [] });
    expect((await team.get(of(complaint.id))).body.state).toBe('answered');
  });
});

describe('attachments', () => {
  it('go in and come out byte for byte, as nothing a browser would run', async () => {
    const { id } = await seedComplaint(api.db, { agency_id: 'dpupr' });
    const bytes = Buffer.from('<script>alert(1)</script>');
    const headers = {
      authorization: `Bearer ${team.key}`,
      'content-type': 'text/html',
      'x-filename': 'd%C3%A9nah%22%0d%0a.html',
    };
    const up = await api.app.inject({ method: 'POST', url: of(id, '/attachments'), headers, payload: bytes });
    expect([up.statusCode, up.json().size]).toEqual([201, bytes.length]);
    const down = await api.app.inject({
      url: of(id, `/attachments/${up.json().id}`),
      headers: { authorization: headers.authorization },
    });
    expect(down.rawPayload).toEqual(bytes);
    expect(down.headers).toMatchObject({
      ...{ 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' },
      ...{ 'content-security-policy': "sandbox; default-src 'none'", 'cache-control': 'private, no-store' },
    });
    expect(down.headers['content-disposition']).toMatch(
      /^attachment; filename="[\x20-\x7e]+"; filename\*=UTF-8''[\w%.!~-]+$/,
    );
  });

  it('are refused when they are too large', async () => {
    const { id } = await seedComplaint(api.db, { agency_id: 'dpupr' });
    const headers = { authorization: `Bearer ${team.key}`, 'content-type': 'image/png' };
    const payload = Buffer.alloc(5_000_001);
    const answer = await api.app.inject({ method: 'POST', url: of(id, '/attachments'), headers, payload });
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'body_too_large']);
  });

  it('that are not stored yet cannot be read', async () => {
    const { id, messageId } = await seedComplaint(api.db, { agency_id: 'dpupr' });
    const attachment = newId();
    const row = { id: attachment, message_id: messageId, complaint_id: id, channel_id: 'web', position: 0, name: 'a' };
    await api.db
      .insertInto('attachment')
      .values({ ...row, state: 'waiting' } as never)
      .execute();
    expect((await team.get(of(id, `/attachments/${attachment}`))).status).toBe(404);
  });
});

describe('the hub', () => {
  it('lists channels with health and abilities, broken files among them', async () => {
    const keeper = await api.login([{ role: 'channel_admin' }]);
    const { items } = (await keeper.get('/api/v1/channels')).body as unknown as { items: { id: string }[] };
    expect(items.map((item) => item.id)).toEqual(['chat', 'fb', 'rusak', 'web']);
    expect(items[1]).toMatchObject({
      abilities: ['poll', 'publish'],
      surfaces: ['comment', 'message'],
      health: { state: 'ok', label: 'Normal' },
    });
    expect(items[2]).toMatchObject({
      adapter: null,
      enabled: false,
      health: { state: 'misconfigured', label: 'Salah setelan', reason: 'salah' },
    });
    const seen = ((await team.get('/api/v1/channels')).body as unknown as { items: { id: string }[] }).items;
    expect(seen.map((item) => item.id)).not.toContain('chat');
    expect((await keeper.post('/api/v1/channels/fb/pause', { reason: 'uji' })).status).toBe(204);
    const paused = (await keeper.get('/api/v1/channels')).body as unknown as { items: object[] };
    expect(paused.items[1]).toMatchObject({ paused: true, health: { state: 'paused', label: 'Dijeda' } });
    expect((await keeper.post('/api/v1/channels/fb/resume', {})).status).toBe(204);
    expect((await keeper.post('/api/v1/channels/fb/poll')).status).toBe(204);
    const range = { from: '2026-11-25T00:00:00+07:00', to: '2026-11-24T00:00:00+07:00' };
    expect((await keeper.post('/api/v1/channels/fb/replay', range)).body.code).toBe('invalid_request');
  });

  it('pages through the trail, and finds by type and actor', async () => {
    const admin = await api.login([{ role: 'system_admin' }]);
    const { id } = await seedComplaint(api.db);
    for (const text of ['a', 'b', 'c']) await admin.post(of(id, '/notes'), { text });
    await admin.post(of(id, '/reject'), { reason: 'Tidak terbukti' });
    const url = `/api/v1/events?complaint=${id}&limit=3`;
    const first = (await admin.get(url)).body as unknown as {
      items: { type: string; reason: string }[];
      nextCursor: string;
    };
    expect(first.items.map((event) => event.type)).toEqual(['complaint.rejected', 'note.added', 'note.added']);
    expect(first.items[0]?.reason).toBe('Tidak terbukti');
    const second = (await admin.get(`${url}&cursor=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ items: [{ type: 'note.added', seq: 1 }], nextCursor: null });
    const mine = `/api/v1/events?type=complaint.rejected&type=x&actor=user:${admin.actor.userId}`;
    expect((await admin.get(mine)).body.items).toHaveLength(1);
    const privacy = await api.login([{ role: 'privacy_officer' }]);
    const codes = (await privacy.get(url)).text;
    expect(codes).toContain('complaint.rejected');
    expect(codes).not.toContain('Tidak terbukti');
  });
});

describe('what a person is to publish by hand', () => {
  const shown = async (about: Parameters<typeof seedPublication>[2]) => {
    const complaint = await seedComplaint(api.db, { agency_id: 'dpupr' });
    await seedPublication(api.db, complaint, { state: 'assist', ...about });
    const { items } = (await team.get(`/api/v1/publications?complaint=${complaint.id}`)).body as { items: unknown[] };
    return (items as { assist: object }[])[0]!.assist;
  };

  it('says which status to set, and what to enter of a report', async () => {
    const status = { state: 'in_progress', label: 'Diproses', code: 'Tindak Lanjut' };
    expect(await shown({ kind: 'status', text: '', detail: status })).toMatchObject({
      status: { label: 'Diproses', code: 'Tindak Lanjut' },
      title: null,
      location: null,
    });
    expect(
      await shown({ kind: 'forward', detail: { title: 'Jalan rusak', location: 'Desa Contoh', anonymous: true } }),
    ).toMatchObject({ status: null, title: 'Jalan rusak', location: 'Desa Contoh' });
    expect(await shown({})).toMatchObject({ status: null, title: null, location: null });
  });
});
