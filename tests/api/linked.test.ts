import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { merge } from '../../src/flows/desk/merge.ts';
import { refreshLikeness } from '../../src/store/likeness.ts';
import { type ComplaintSeed, seedComplaint, seedMessage } from '../helpers/register.ts';
import { type Login, type TestApi, testApi } from './helper.ts';

let api: TestApi;
let officer: Login;
beforeAll(async () => {
  api = await testApi({ statusPages: 'https://aduan.contohkab.go.id/lacak' });
  officer = await api.login([{ role: 'intake_officer' }]);
});
afterAll(() => api.close());

const of = (id: string, rest = '') => `/api/v1/complaints/${id}${rest}`;

async function complaint(seed: ComplaintSeed) {
  const seeded = await seedComplaint(api.db, seed);
  await api.db.transaction().execute((tx) => refreshLikeness(tx, [seeded.id]));
  return seeded;
}

describe('suggested duplicates', () => {
  const text = 'Portal kereta Sruweng tidak menutup';

  it('say what it is, where, how likely, and why', async () => {
    const mine = await complaint({ text });
    const other = await complaint({ text: `${text} lagi`, channel_id: 'fb', surface: 'comment', agency_id: 'dpupr' });
    const answer = await officer.get(of(mine.id, '/duplicates'));
    expect(answer.status).toBe(200);
    expect(answer.body.items).toEqual([
      {
        complaint: {
          ...{ id: other.id, ticketNo: other.ticketNo, state: 'received', stateLabel: 'Diterima' },
          ...{ agency: 'dpupr', unit: null, assignee: null },
        },
        ...{ channel: 'fb', channelLabel: 'Facebook Pemkab', surface: 'comment', permalink: null, title: null },
        ...{ excerpt: `${text} lagi`, receivedAt: expect.stringMatching(/Z$/), score: expect.any(Number) },
        reasons: [{ code: 'text', label: expect.stringMatching(/^teks mirip \d+ %$/) }],
      },
    ]);
    const denied = await officer.post(of(other.id, '/not-duplicate'), { of: mine.id });
    expect([denied.status, denied.text]).toEqual([204, '']);
    expect((await officer.get(of(mine.id, '/duplicates'))).body.items).toEqual([]);
  });
});

describe('what is no complaint', () => {
  it('is shown with what it is instead and by which rule, and found by that', async () => {
    const seed: ComplaintSeed = { state: 'not_complaint', surface: 'comment', ticket_no: null };
    const praise = await complaint({ ...seed, text: 'Mantap', dismissed_as: 'praise', dismissed_rule: 'pujian' });
    const open = await complaint({ state: 'new', surface: 'comment', text: 'Beli follower murah' });
    const dismissed = await officer.post(of(open.id, '/dismiss'), { as: 'spam' });
    expect([dismissed.status, dismissed.body.state]).toEqual([200, 'not_complaint']);
    const items = async (query: string) =>
      (await officer.get(`/api/v1/complaints?${query}`)).body.items as { id: string }[];
    expect(await items('dismissedAs=praise')).toMatchObject([
      { id: praise.id, dismissal: { as: 'praise', label: 'Pujian', rule: 'pujian' } },
    ]);
    expect(await items('dismissedAs=spam')).toMatchObject([{ id: open.id, dismissal: { label: 'Spam', rule: null } }]);
    expect(await items('dismissedAs=spam&dismissedAs=praise')).toHaveLength(2);
    await officer.post(of(praise.id, '/accept'), {});
    expect((await officer.get(of(praise.id))).body).toMatchObject({ state: 'received', dismissal: null });
    const bulk = await officer.post('/api/v1/complaints/bulk', { action: 'dismiss', as: 'test', ids: [praise.id] });
    expect(bulk.body.results).toMatchObject([{ ok: true }]);
    expect(await items('dismissedAs=test')).toMatchObject([{ id: praise.id }]);
    expect((await officer.get('/api/v1/complaints?dismissedAs=lain')).status).toBe(400);
  });
});

describe('an answer to all linked complaints', () => {
  it('is refused with a proposal that fits, and goes out with a text for that channel', async () => {
    const parent = await complaint({});
    const child = await complaint({ channel_id: 'fb', adapter: 'social', surface: 'comment' });
    await merge(api.desk, officer.actor, child.id, parent.id, 'sama');
    const long = 'Perbaikan berjalan sesuai jadwal. '.repeat(20).trim();
    const refused = await officer.post(of(parent.id, '/drafts'), { text: long, toAll: true });
    expect([refused.status, refused.body.code]).toEqual([422, 'cannot_answer']);
    const errors = refused.body.errors as { messageId: string; tooLong: { proposal: string } }[];
    const there = errors.find((one) => one.messageId === child.messageId)!;
    expect(there.tooLong).toEqual({
      ...{ channel: 'fb', length: 679, max: 500, over: 179 },
      proposal: expect.stringMatching(new RegExp(`jadwal\\.\nSelengkapnya: \\S+/${child.ticketNo}$`)),
    });
    const texts = Object.fromEntries(errors.map((one) => [one.messageId, one.tooLong.proposal]));
    const draft = await officer.post(of(parent.id, '/drafts'), { text: long, toAll: true, texts, submit: true });
    expect([draft.status, draft.body.state]).toEqual([201, 'approved']);
    const detail = (await officer.get(of(parent.id))).body as {
      drafts: { targets: unknown[] }[];
      publications: unknown[];
    };
    expect(detail.drafts[0]!.targets).toContainEqual({
      ...{ channelId: 'fb', messageId: child.messageId, text: there.tooLong.proposal },
    });
    expect(detail.publications).toHaveLength(2);
  });

  it('names messages or everybody, not both', async () => {
    const { id, messageId } = await complaint({});
    const both = await officer.post(of(id, '/drafts'), { text: 'Halo', toAll: true, messages: [messageId] });
    expect([both.status, both.body.code]).toEqual([400, 'invalid_request']);
  });
});

it('shows no name of who wrote in private, or whose linked report is anonymous, below a public complaint', async () => {
  const parent = await complaint({ surface: 'comment', author: { name: 'Budi Terbuka' } });
  const hidden = await complaint({ surface: 'comment', anonymous: true });
  await merge(api.desk, officer.actor, hidden.id, parent.id, 'sama');
  const sealed = (name: string) => ({ author_sealed: api.desk.keyring.encryptJson({ name }, 'author') });
  await seedMessage(api.db, parent.id, { text: 'a', thread_id: `thread-${hidden.id}`, ...sealed('Wati Anonim') });
  await seedMessage(api.db, parent.id, { text: 'b', surface: 'message', ...sealed('Tono Pribadi') });
  await seedMessage(api.db, parent.id, { text: 'c', ...sealed('Sri Umum') });
  const { text, body } = await officer.get(of(parent.id));
  expect(text).not.toMatch(/Wati Anonim|Tono Pribadi/);
  const authors = (body.messages as { author: string | null }[]).map(({ author }) => author);
  expect(authors.toSorted()).toEqual(['Budi Terbuka', 'Sri Umum', null, null]);
});
