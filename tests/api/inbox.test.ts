import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComplaintSeed, type Seeded, seedComplaint, seedMessage, seedPublication } from '../helpers/register.ts';
import { type Login, type TestApi, testApi } from './helper.ts';

interface Item {
  id: string;
  author: string | null;
  [key: string]: unknown;
}

let api: TestApi;
let admin: Login;
beforeAll(async () => {
  api = await testApi();
  admin = await api.login([{ role: 'central_admin' }]);
});
afterAll(() => api.close());

const seed = (about: ComplaintSeed = {}) => seedComplaint(api.db, about);
async function inbox(query: string, who = admin): Promise<{ items: Item[]; nextCursor: string | null }> {
  const answer = await who.get(`/api/v1/complaints?${query}`);
  expect(answer.text).toBeTruthy();
  expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ items: expect.any(Array) })]);
  return answer.body as never;
}
const ids = async (query: string, who = admin) => (await inbox(query, who)).items.map((item) => item.id);

describe('one line', () => {
  it('says what there is, and names only whom everybody can see', async () => {
    const author = { id: '7', name: 'Budi Santoso', phone: '081234567890' };
    const context = { post: { text: 'Perbaikan jalan' } };
    const shown = await seed({
      ...{ channel_id: 'fb', adapter: 'social', surface: 'comment', author, context, text: `Jalan ${'a'.repeat(400)}` },
      ...{ agency_id: 'dpupr', unit_id: 'bina-marga', category: 'jalan', permalink: 'https://contoh.example/1' },
    });
    await seedPublication(api.db, shown, { state: 'refused' });
    const [item] = (await inbox('channel=fb')).items;
    expect(item).toMatchObject({
      ...{ id: shown.id, ticketNo: shown.ticketNo, state: 'received', stateLabel: 'Diterima', author: 'Budi Santoso' },
      ...{
        channel: 'fb',
        channelLabel: 'Facebook Pemkab',
        surface: 'comment',
        public: true,
        context,
        replyWindow: null,
      },
      ...{ agency: 'dpupr', unit: 'bina-marga', assignee: null, messages: 1, attachments: 0 },
      flags: { anonymous: false, secret: false, sensitive: false, reactionPending: false },
      publication: { state: 'refused', label: 'Ditolak platform', needsPerson: true },
    });
    expect(item?.excerpt).toHaveLength(280);
    expect(JSON.stringify(item)).not.toContain('0812');
  });

  it('never names an anonymous or a private reporter', async () => {
    const author = { name: 'Nama Rahasia' };
    await seed({ surface: 'comment', anonymous: true, author, category: 'x', channel_id: 'hidden' });
    await seed({ surface: 'message', author, channel_id: 'hidden' });
    const page = await inbox('channel=hidden');
    expect(page.items.map((item) => item.author)).toEqual([null, null]);
    expect(JSON.stringify(page)).not.toContain('Rahasia');
  });

  it('shows until when it can be answered', async () => {
    const at = new Date('2026-11-20T00:00:00Z');
    const { id } = await seed({ channel_id: 'chat', adapter: 'chat', surface: 'message', at });
    await seedMessage(api.db, id, { at: new Date('2026-11-21T00:00:00Z') });
    const [item] = (await inbox('channel=chat')).items;
    expect(item?.replyWindow).toEqual({ until: '2026-11-22T00:00:00.000Z' });
  });
});

describe('filters', () => {
  let made: Record<string, Seeded>;
  const only = (query: string) => ids(`adapter=filters&${query}`);
  const idOf = (...names: string[]) => names.map((name) => made[name]!.id).sort();
  beforeAll(async () => {
    const base = { adapter: 'filters', channel_id: 'f' };
    made = {
      a: await seed({ ...base, state: 'new', surface: 'comment', kind: null, at: new Date('2026-11-01T00:00:00Z') }),
      b: await seed({
        ...base,
        agency_id: 'dpupr',
        unit_id: 'x',
        assignee_id: admin.actor.userId,
        at: new Date('2026-11-02T00:00:00Z'),
      }),
      c: await seed({
        ...base,
        agency_id: 'dukcapil',
        kind: 'aspiration',
        state: 'answered',
        reaction_pending: true,
        at: new Date('2026-11-03T00:00:00Z'),
      }),
    };
    await seedPublication(api.db, made.b!, { state: 'uncertain', needs_person: true });
    await seedPublication(api.db, made.a!, { state: 'uncertain' });
    await seedPublication(api.db, made.c!, { state: 'published' });
  });
  it.each([
    ['channel=f', 'a b c'],
    ['channel=f&channel=fb', 'a b c'],
    ['channel=fb', ''],
    ['state=new', 'a'],
    ['state=new&state=answered', 'a c'],
    ['agency=dpupr', 'b'],
    ['agency=none', 'a'],
    ['agency=none&agency=dukcapil', 'a c'],
    ['unit=x', 'b'],
    ['assignee=me', 'b'],
    ['assignee=none', 'a c'],
    ['kind=aspiration', 'c'],
    ['surface=comment', 'a'],
    ['public=true', 'a'],
    ['public=false', 'b c'],
    ['reactionPending=true', 'c'],
    ['needsPerson=true', 'b'],
    ['needsPerson=false', 'a c'],
    ['from=2026-11-02T00:00:00Z', 'b c'],
    ['to=2026-11-02T00:00:00Z', 'a'],
    ['from=2026-11-02T07:00:00%2B07:00&to=2026-11-03T00:00:00Z', 'b'],
    ['state=new&agency=dpupr', ''],
  ])('%s', async (query, expected) => {
    expect((await only(query)).sort()).toEqual(idOf(...expected.split(' ').filter(Boolean)));
  });

  it('knows which windows close within six hours', async () => {
    const now = api.desk.clock.now().getTime();
    const chat = { channel_id: 'chat', adapter: 'chat', surface: 'message' as const };
    const ago = (hours: number, about: ComplaintSeed = {}) =>
      seed({ ...chat, ...about, at: new Date(now - hours * 3_600_000) });
    const closing = [await ago(18), await ago(23.9)];
    // Answered, and the citizen wrote again.
    closing.push(await ago(20, { answered_at: new Date(), reaction_pending: true }));
    await ago(17.9);
    await ago(24);
    await ago(20, { answered_at: new Date() });
    await ago(20, { channel_id: 'web', adapter: 'webhook' });
    expect((await ids('windowClosing=true')).sort()).toEqual(closing.map((one) => one.id).sort());
  });
});

describe('search', () => {
  it('knows Indonesian, words and phrases', async () => {
    const { id } = await seed({ text: 'Perbaikan jembatan gantung di Desa Sidomulyo sangat lambat', channel_id: 's' });
    for (const q of ['memperbaiki', 'jembatan sidomulyo', '"jembatan gantung"', 'perbaikan -sungai'])
      expect(await ids(`channel=s&q=${encodeURIComponent(q)}`), q).toEqual([id]);
    for (const q of ['"gantung jembatan"', 'sungai', 'jembatan -lambat'])
      expect(await ids(`channel=s&q=${encodeURIComponent(q)}`), q).toEqual([]);
  });

  it('finds a ticket however it is typed, in the scope only', async () => {
    const { id, ticketNo } = await seed({ agency_id: 'dpupr' });
    for (const q of [ticketNo!, ticketNo!.toLowerCase(), ticketNo!.replaceAll('-', ''), ticketNo!.replaceAll('-', ' ')])
      expect(await ids(`q=${encodeURIComponent(q)}`)).toEqual([id]);
    const other = await api.login([{ role: 'agency_admin', agencyId: 'dukcapil' }]);
    expect(await ids(`q=${ticketNo}`, other)).toEqual([]);
  });

  it('still finds words that look like a ticket', async () => {
    const { id } = await seed({ text: 'Pelayanan loket lambat', channel_id: 's2' });
    expect(await ids('channel=s2&q=pelayanan')).toEqual([id]);
  });

  it.each(["'", '"', '\\', '(((', '&|!', "o'reilly:*", '%', '\u0001', '🙂'])('survives %j', async (q) => {
    await inbox(`q=${encodeURIComponent(q)}`);
  });
});

describe('pages', () => {
  it('give everything once, newest activity first, also at equal times', async () => {
    const at = new Date('2026-10-01T00:00:00Z');
    const made: Seeded[] = [];
    for (let n = 0; n < 25; n++)
      made.push(await seed({ channel_id: 'pages', at: n % 2 ? at : new Date(at.getTime() + n) }));
    // Microseconds that a JavaScript date cannot hold.
    await sql`update complaint set last_activity_at = last_activity_at + interval '7 microseconds' where channel_id = 'pages'`.execute(
      api.db,
    );
    const seen: Item[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page++) {
      const answer = await inbox(`channel=pages&limit=4${cursor}`);
      seen.push(...answer.items);
      if (!answer.nextCursor) break;
      cursor = `&cursor=${answer.nextCursor}`;
    }
    expect(seen.map((item) => item.id).sort()).toEqual(made.map((one) => one.id).sort());
    const order = seen.map((item) => `${item.lastActivityAt} ${item.id}`);
    expect(order).toEqual([...order].sort().reverse());
  });

  it.each([
    'x',
    'W10',
    Buffer.from('["2026","x"]').toString('base64url'),
    Buffer.from('["9:9","0199c2f0-6a10-7c3e-9d53-0b8f6f1f2a11"]').toString('base64url'),
  ])('refuse the cursor %s', async (cursor) => {
    expect((await admin.get(`/api/v1/complaints?cursor=${cursor}`)).body.code).toBe('invalid_cursor');
  });

  it.each(['limit=0', 'limit=201', 'limit=x', 'state=selesai', 'from=kemarin', 'public=ya', 'assignee=siti', 'q='])(
    'refuse %s',
    async (query) => {
      const answer = await admin.get(`/api/v1/complaints?${query}`);
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
      expect(answer.body.errors).toMatchObject([{ pointer: expect.stringMatching(/^\/query\//) }]);
    },
  );

  it('name what is allowed when a parameter is unknown', async () => {
    const answer = await admin.get('/api/v1/complaints?status=new');
    expect([answer.status, answer.body.code]).toEqual([400, 'unknown_parameter']);
    expect(answer.body.allowed).toContain('state');
    expect(answer.body.allowed).toContain('windowClosing');
  });
});

it('finds its page with an index, also when there are many', async () => {
  const plan = async (query: ReturnType<typeof sql>) => {
    const { rows } = await sql`explain (format json) ${query}`.execute(api.db);
    return JSON.stringify(rows);
  };
  await sql`insert into complaint (id, state, channel_id, adapter, surface, public, thread_id, thread_hash, body, agency_id,
      received_at, last_activity_at, search)
    select gen_random_uuid(), 'received', 'big', 'big', 'report', false, 't', '\\x00', 'jalan rusak nomor ' || n, 'a' || n % 50,
      now(), now() - n * interval '1 second', to_tsvector('indonesian', 'jalan rusak nomor ' || n)
    from generate_series(1, 40000) n`.execute(api.db);
  await sql`vacuum analyze complaint`.execute(api.db);
  const page = sql`order by last_activity_at desc, id desc limit 51`;
  const whole = await plan(sql`select id from complaint where not sensitive ${page}`);
  expect(whole).toContain('complaint_activity');
  const agency = await plan(sql`select id from complaint where agency_id in ('a7') and not sensitive ${page}`);
  expect(agency).toContain('complaint_agency');
  const words = sql`search @@ websearch_to_tsquery('indonesian', 'nomor 4007')`;
  const search = await plan(
    sql`select id from complaint where agency_id in ('a7') and not sensitive and ${words} ${page}`,
  );
  expect(search).toContain('complaint_search');
  // Far below the newest ones, and common ones over several pages.
  expect((await inbox('channel=big&q=39950')).items.map((item) => item.excerpt)).toEqual(['jalan rusak nomor 39950']);
  const first = await inbox('channel=big&q=rusak&limit=2');
  const second = await inbox(`channel=big&q=rusak&limit=2&cursor=${first.nextCursor}`);
  const numbers = [...first.items, ...second.items].map((item) => item.excerpt);
  expect(numbers).toEqual([1, 2, 3, 4].map((n) => `jalan rusak nomor ${n}`));
});
