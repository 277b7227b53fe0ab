import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handOver } from '../../src/flows/publish/handOver.ts';
import { packZip } from '../../src/platform/tables/zip.ts';
import { CHANNELS, testAdapters, testConfig } from '../helpers/desk.ts';
import { type Answer, type Login, type TestApi, testApi } from './helper.ts';

const [web] = CHANNELS;
const hp = {
  ...web!,
  id: 'wa-hp',
  label: 'WhatsApp HP',
  adapter: 'chat',
  mode: 'assisted' as const,
  endpoint: undefined,
};
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');

let api: TestApi;
let officer: Login;
beforeAll(async () => {
  api = await testApi({ config: { ...testConfig(), channels: [...CHANNELS, hp] } as never, adapters: testAdapters });
  officer = await api.login([{ role: 'intake_officer' }]);
});
afterAll(() => api.close());

const send = async (body: string | Buffer, query: string, who = officer, channel = 'wa-hp'): Promise<Answer> => {
  const headers = { authorization: `Bearer ${who.key}`, 'content-type': 'text/plain' };
  const url = `/api/v1/channels/${channel}/chats?${query}`;
  const response = await api.app.inject({ method: 'POST', url, payload: body, headers });
  return { status: response.statusCode, body: response.json(), text: response.body, headers: response.headers };
};
const counts = ({ body }: Answer): object =>
  Object.fromEntries(Object.entries(body.counts as object).filter(([, count]) => count > 0));
const messages = async (text: string) =>
  api.db.selectFrom('message').selectAll().where('text', '=', text).orderBy('id').execute();

const CHAT = [
  '23/11/26 08.00 - Pesan dan panggilan dienkripsi secara end-to-end.',
  '23/11/26 08.01 - Siti Aminah: Lampu jalan padam pak',
  '23/11/26 08.02 - Siti Aminah: IMG-1.png (file terlampir)',
  '23/11/26 09.30 - Dinas Kominfo: Kami teruskan ke PUPR',
];
const OURS = 'ours=Dinas%20Kominfo';

describe('an exported chat', () => {
  it('is one complaint of its citizen, with the files, and the office answered outside the hub', async () => {
    const zip = packZip([
      { name: 'WhatsApp Chat with Siti Aminah.txt', content: Buffer.from(CHAT.join('\n')) },
      { name: 'IMG-1.png', content: PNG },
    ]);
    expect(counts(await send(zip, `${OURS}&dry=true`))).toEqual({ messages: 3, new: 2, ours: 1, skipped: 1 });
    expect(await messages('Lampu jalan padam pak')).toEqual([]);
    expect(counts(await send(zip, OURS))).toEqual({ messages: 3, new: 2, ours: 1, skipped: 1, files: 1 });
    const [first] = await messages('Lampu jalan padam pak');
    const [photo] = await messages('[Berkas: IMG-1.png]');
    const [answer] = await messages('Kami teruskan ke PUPR');
    expect([photo?.complaint_id, answer?.complaint_id]).toEqual([first?.complaint_id, first?.complaint_id]);
    expect([first?.direction, answer?.direction]).toEqual(['in', 'out']);
    const files = await api.db.selectFrom('attachment').selectAll().where('message_id', '=', photo!.id).execute();
    expect(files).toMatchObject([{ name: 'IMG-1.png', mime: 'image/png', state: 'stored' }]);
    const event = await api.db
      .selectFrom('event')
      .select('type')
      .where('complaint_id', '=', first!.complaint_id)
      .where('type', '=', 'message.outside_hub')
      .execute();
    expect(event).toHaveLength(1);
  });

  it('adds only what is new when it is exported again, and recognises what the hub answered', async () => {
    const [first] = await messages('Lampu jalan padam pak');
    const detail = await officer.get(`/api/v1/complaints/${first!.complaint_id}`);
    const draft = await officer.post(`/api/v1/complaints/${first!.complaint_id}/drafts`, {
      text: 'Lampu diperbaiki\nbesok pagi.',
      submit: true,
    });
    expect([detail.status, draft.status]).toEqual([200, 201]);
    await handOver(api.deps, 'wa-hp');
    const longer = [
      ...CHAT,
      '24/11/26 07.00 - Dinas Kominfo: Lampu diperbaiki',
      'besok  pagi.',
      // No answer of the hub: it does not wait for the one that does.
      '24/11/26 07.30 - Dinas Kominfo: Petugas sudah jalan',
      '24/11/26 08.00 - Siti Aminah: Alhamdulillah sudah nyala',
    ];
    const dukcapil = await api.login([{ role: 'agency_admin', agencyId: 'dukcapil' }]);
    const theirs = await send(longer.join('\n'), `${OURS}&dry=true`, dukcapil);
    expect([counts(theirs), theirs.body.toConfirm]).toEqual([expect.objectContaining({ echoes: 1 }), []]);
    const again = await send(longer.join('\n'), OURS);
    expect(counts(again)).toEqual({ messages: 6, new: 1, ours: 1, echoes: 1, known: 3, skipped: 1 });
    const waiting = await api.db
      .selectFrom('publication')
      .select(['id', 'state'])
      .where('complaint_id', '=', first!.complaint_id)
      .execute();
    expect(waiting).toMatchObject([{ state: 'assist' }]);
    expect(again.body.toConfirm).toEqual([{ publicationId: waiting[0]!.id, at: '2026-11-24T00:00:00.000Z' }]);
    expect(await messages('Lampu diperbaiki\nbesok  pagi.')).toEqual([]);
    expect(counts(await send(longer.join('\n'), OURS))).toEqual({ messages: 6, known: 6, skipped: 1 });
  });

  it.each([
    ['ours=Dinas', '"Siti Aminah"'],
    [`${OURS}&contact=abc`, 'telephone number'],
  ])('with %s is refused with what to say', async (query, words) => {
    expect(await send(CHAT.join('\n'), query)).toMatchObject({
      status: 422,
      body: { code: 'unreadable_file', detail: expect.stringContaining(words) },
    });
  });

  it('of a group is taken only on purpose, each author for themselves', async () => {
    const group = [
      '23/11/26 08.01 - Budi: Jalan rusak di RT 1',
      '23/11/26 08.02 - Tini: Sampah di RT 2',
      '23/11/26 08.03 - Dinas Kominfo: Siap',
    ];
    const refused = await send(group.join('\n'), OURS);
    expect(refused).toMatchObject({ status: 422, body: { detail: expect.stringContaining('group=true') } });
    expect(counts(await send(group.join('\n'), `${OURS}&group=true`))).toEqual({ messages: 3, new: 2, ours: 1 });
    const [budi] = await messages('Jalan rusak di RT 1');
    const [tini] = await messages('Sampah di RT 2');
    expect(budi?.complaint_id).not.toBe(tini?.complaint_id);
  });

  it('is for those who may enter there, and must be one', async () => {
    const auditor = await api.login([{ role: 'auditor' }]);
    expect((await send(CHAT.join('\n'), OURS, auditor)).status).toBe(403);
    expect((await send(CHAT.join('\n'), OURS, officer, 'web')).status).toBe(409);
    expect((await send('Isi;Nama\nx;y', OURS)).body.detail).toContain('bukan ekspor obrolan WhatsApp');
    expect((await send(packZip([{ name: 'foto.png', content: PNG }]), OURS)).body.detail).toContain('_chat.txt');
  });
});

describe('pasting', () => {
  it('proposes an entry that can be entered as it is, and stores nothing', async () => {
    const before = await api.db.selectFrom('source_item').select('id').execute();
    const html =
      '<p>LGWP12345678</p><p>20-11-2026 09:15 WIB</p><p>Pelapor: Siti</p><div>Selokan <b>mampet</b></div><script>x</script>';
    const answer = await officer.post('/api/v1/channels/wa-hp/paste', {
      html,
      url: 'http://169.254.169.254/latest?utm_source=x',
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        proposal: {
          ...{ channel: 'wa-hp', text: 'Selokan mampet', reference: 'LGWP12345678', reporter: { name: 'Siti' } },
          ...{ receivedAt: '2026-11-20T02:15:00.000Z', permalink: 'http://169.254.169.254/latest' },
        },
        notes: [expect.stringContaining('Tautan tidak dibuka'), expect.stringContaining('Periksa semuanya')],
      },
    });
    expect(await api.db.selectFrom('source_item').select('id').execute()).toHaveLength(before.length);
    expect((await officer.post('/api/v1/complaints', answer.body.proposal)).status).toBe(201);
  });

  it('of a screenshot alone is an attachment whose words somebody has to type', async () => {
    const screenshot = '0199c2f0-5511-7b10-9f0e-1d2c3b4a5968';
    const { body } = await officer.post('/api/v1/channels/wa-hp/paste', { screenshot });
    expect(body.proposal).toEqual({ channel: 'wa-hp', attachments: [screenshot] });
    expect(body.notes).toContainEqual(expect.stringContaining('teks di dalamnya tidak dibaca'));
    expect((await officer.post('/api/v1/channels/wa-hp/paste', {})).status).toBe(400);
    const auditor = await api.login([{ role: 'auditor' }]);
    expect((await auditor.post('/api/v1/channels/wa-hp/paste', { text: 'x' })).status).toBe(403);
  });
});
