import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTicketNo } from '../../src/core/ticket.ts';
import { accessCodeOf } from '../../src/flows/door/code.ts';
import { openByCode } from '../../src/flows/door/look.ts';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { appendEvents } from '../../src/store/events.ts';
import { delivery, message } from '../helpers/hub.ts';
import { answer, answerFile, complaintOf, step } from './answers.ts';
import { messagesIn, type TestDoor, testDoor, tokenIn } from './helper.ts';

let door: TestDoor;
beforeAll(async () => {
  door = await testDoor();
});
afterAll(() => door.close());

const WORDS = 'Pungutan di loket pasar, hubungi saya di 0812-5551-2345, NIK 3305014101900001.';
const textOf = (page: { text: string }): string =>
  page.text.replace(/<style>.*?<\/style>/s, '').replace(/<[^>]+>/g, ' ');

describe('the status page without the code', () => {
  it('shows state, dates and agency, and nothing of content or person', async () => {
    const { ticketNo } = await door.complain({ text: WORDS, name: 'Siti Aminah', title: 'Pungutan' });
    await answer(door, ticketNo, { text: 'Sudah kami tindak.' });
    await step(door, ticketNo, 'in_progress');
    await step(door, ticketNo, 'awaiting_approval');
    await step(door, ticketNo, 'answered');
    const typed = await door.get(`/lacak/${ticketNo.toLowerCase().replaceAll('-', '')}`);
    expect([typed.status, typed.location]).toEqual([303, `/lacak/${ticketNo}`]);
    const page = await door.get(typed.location);
    const text = textOf(page);
    for (const shown of ['Ditanggapi', 'Dinas Kominfo', 'Ombudsman Republik Indonesia']) expect(text).toContain(shown);
    for (const hidden of ['ungutan', 'Siti', '0812', '3305', 'Sudah kami tindak', 'persetujuan'])
      expect(text).not.toContain(hidden);
    expect([...page.text.matchAll(/<li>(\w+)<time/g)].map((one) => one[1])).toEqual([
      'Diterima',
      'Diproses',
      'Ditanggapi',
    ]);
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self'; form-action 'self'/,
    );
  });

  it('says nothing of who works on it, or of messages that went elsewhere', async () => {
    const { ticketNo } = await door.complain({ secret: 'yes' });
    const { id: complaintId } = await complaintOf(door, ticketNo);
    const of = (type: string, to: string | object) => ({ complaintId, actor: 'user:x', type, data: { to } as never });
    await door.hub.deps.db
      .transaction()
      .execute((tx) =>
        appendEvents(tx, [of('complaint.assigned', { unit: 'x' }), of('messages.moved', 'y')], new Date()),
      );
    const page = await door.get(`/lacak/${ticketNo}`);
    expect(page.text.match(/<time/g)).toHaveLength(1);
  });

  it('of a secret complaint does not even name the agency', async () => {
    const { ticketNo } = await door.complain({ secret: 'yes' });
    expect(textOf(await door.get(`/lacak/${ticketNo}`))).not.toContain('Dinas Kominfo');
  });

  it('of a complaint on the hold looks like that of one that has just come', async () => {
    const held = await door.complain({ secret: 'yes' });
    const fresh = await door.complain({ secret: 'yes' });
    await step(door, held.ticketNo, 'in_progress');
    const { id } = await complaintOf(door, held.ticketNo);
    await door.hub.deps.db.updateTable('complaint').set({ sensitive: true }).where('id', '=', id).execute();
    const look = async (ticketNo: string) =>
      textOf(await door.get(`/lacak/${ticketNo}`))
        .replaceAll(ticketNo, '')
        .replace(/\d\d?\.\d\d WIB/g, '');
    expect(await look(held.ticketNo)).toBe(await look(fresh.ticketNo));
    await answer(door, held.ticketNo, { text: 'Diperiksa inspektorat.' });
    const inside = textOf(await door.get(`/lacak/${held.ticketNo}`, held.cookie));
    expect(inside).toContain('Jalan di depan pasar');
    expect(inside).not.toMatch(/inspektorat|Diproses|Cabut/);
  });

  it('of a duplicate follows the complaint that it went into, and shows nothing of it', async () => {
    const child = await door.complain({ text: 'Lampu jalan mati di Gang Mawar.' });
    const parent = await door.complain({ text: 'Semua lampu di Desa Karangsari mati.' });
    await step(door, child.ticketNo, 'duplicate');
    const { id } = await complaintOf(door, parent.ticketNo);
    await door.hub.deps.db
      .updateTable('complaint')
      .set({ merged_into: id })
      .where('ticket_no', '=', child.ticketNo)
      .execute();
    await step(door, parent.ticketNo, 'in_progress');
    const { id: childId, opening_message_id } = await complaintOf(door, child.ticketNo);
    await answer(door, parent.ticketNo, { text: 'Untuk pelapor lain.' });
    await answer(door, parent.ticketNo, { text: 'Untuk pelapor Gang Mawar.', messageId: opening_message_id! });
    expect(childId).not.toBe(id);
    const text = textOf(await door.get(`/lacak/${child.ticketNo}`, child.cookie));
    expect(text).toMatch(/Diproses/);
    expect(text).toContain('Untuk pelapor Gang Mawar.');
    expect(text).not.toMatch(/Karangsari|pelapor lain|Digabung/);
    expect(text).not.toContain(parent.ticketNo);
  });
});

describe('the code', () => {
  it('opens what its reporter wrote, masked where they wrote too much, and the answers, wherever those went', async () => {
    const { ticketNo, code } = await door.complain({ text: WORDS });
    const file = await answerFile(door, ticketNo, 'surat.jpg', Buffer.from('surat'));
    await answer(door, ticketNo, { text: 'Sudah kami tindak.', channelId: 'lapor', attachmentIds: [file] });
    await answer(door, ticketNo, { text: 'Belum disetujui.', state: 'queued' });
    await answer(door, ticketNo, { text: 'Tanda terima otomatis.', kind: 'receipt' });
    const opened = await door.post('/lacak', { ticket: ticketNo, code: code.toLowerCase().replace('-', ' ') });
    expect([opened.status, opened.location]).toEqual([303, `/lacak/${ticketNo}`]);
    expect(opened.headers['set-cookie']).toMatch(
      new RegExp(`; Path=/lacak/${ticketNo}; Max-Age=7200; HttpOnly; SameSite=Strict$`),
    );
    const inside = await door.get(opened.location, opened.cookie);
    const text = textOf(inside);
    for (const shown of [
      'Pungutan di loket pasar',
      '[nomor telepon disamarkan]',
      '[NIK disamarkan]',
      'Sudah kami tindak.',
      'lewat Lapor Contoh',
    ])
      expect(text).toContain(shown);
    for (const hidden of ['0812', '330501', 'Belum disetujui', 'otomatis']) expect(text).not.toContain(hidden);
    const path = /href="([^"]+\/berkas\/[^"]+)"/.exec(inside.text)?.[1] ?? '';
    expect((await door.get(path, opened.cookie)).text).toBe('surat');
    expect((await door.get(path)).status).toBe(404);
  });

  it('that is wrong, and a number that is wrong, get the same answer', async () => {
    const { ticketNo } = await door.complain();
    const unknown = newTicketNo();
    const [wrongCode, wrongTicket] = [
      await door.post('/lacak', { ticket: ticketNo, code: '2222-2222' }),
      await door.post('/lacak', { ticket: unknown, code: '2222-2222' }),
    ];
    expect([wrongCode.status, wrongTicket.status]).toEqual([422, 422]);
    expect(wrongCode.text.replaceAll(ticketNo, 'X')).toBe(wrongTicket.text.replaceAll(unknown, 'X'));
    expect([wrongCode.cookie, wrongTicket.cookie]).toEqual(['', '']);
    expect((await door.get(`/lacak/${unknown}`)).status).toBe(404);
  });

  it('of one complaint, or the cookie of one, does not open another', async () => {
    const [one, other] = [await door.complain(), await door.complain({ text: 'Ini hanya milik pelapor kedua.' })];
    expect((await door.post(`/lacak/${other.ticketNo}`, { code: one.code })).status).toBe(422);
    expect(textOf(await door.get(`/lacak/${other.ticketNo}`, one.cookie))).not.toContain('pelapor kedua');
    const forged = other.cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect(textOf(await door.get(`/lacak/${other.ticketNo}`, forged))).not.toContain('pelapor kedua');
    expect(textOf(await door.get(`/lacak/${other.ticketNo}`, other.cookie))).toContain('pelapor kedua');
    expect((await door.get(`/lacak/${other.ticketNo}/tanda-terima`)).location).toBe(`/lacak/${other.ticketNo}`);
  });

  it('can be tried only so often for one number from one address, even the right one, in every process alike', async () => {
    const { ticketNo, code, cookie } = await door.complain();
    for (let tries = 0; tries < 20; tries++) await door.post(`/lacak/${ticketNo}`, { code: '2222-2222' });
    expect((await door.post(`/lacak/${ticketNo}`, { code })).status).toBe(429);
    expect(textOf(await door.get(`/lacak/${ticketNo}`, cookie))).toContain('Jalan di depan pasar');
    // Somebody who only knows the number keeps its reporter out nowhere else.
    const elsewhere = { ticket: ticketNo, code, address: '10.0.0.2' };
    expect(await openByCode(door.hub.deps, elsewhere)).toMatchObject({ ticketNo });
    const unknown = newTicketNo();
    for (let tries = 0; tries < 20; tries++) await door.post(`/lacak/${unknown}`, { code: '2222-2222' });
    expect((await door.post(`/lacak/${unknown}`, { code })).status).toBe(429);
    door.wait(3_600_001);
    expect((await door.post(`/lacak/${ticketNo}`, { code })).status).toBe(303);
  });

  it('opens for two hours', async () => {
    const { ticketNo, cookie } = await door.complain();
    door.wait(2 * 3_600_000 + 1_000);
    expect(textOf(await door.get(`/lacak/${ticketNo}`, cookie))).not.toContain('Jalan di depan pasar');
  });
});

describe('what the reporter does there', () => {
  it('writes more, which joins the complaint; twice the same is once', async () => {
    const { ticketNo, cookie } = await door.complain();
    const token = await door.form(`/lacak/${ticketNo}`, cookie);
    const fields = { token, situs: '', text: 'Sekarang bertambah lebar.' };
    const sent = [
      await door.send(`/lacak/${ticketNo}/pesan`, fields, { cookie }),
      await door.send(`/lacak/${ticketNo}/pesan`, fields, { cookie }),
    ];
    expect(sent.map((one) => [one.status, one.location])).toEqual(Array(2).fill([303, `/lacak/${ticketNo}`]));
    expect((await complaintOf(door, ticketNo)).messages).toBe(2);
    expect(textOf(await door.get(`/lacak/${ticketNo}`, cookie)).match(/bertambah lebar/g)).toHaveLength(1);
  });

  it('keeps an empty or a hasty message, with the reason', async () => {
    const { ticketNo, cookie } = await door.complain();
    const page = await door.get(`/lacak/${ticketNo}`, cookie);
    const hasty = await door.send(
      `/lacak/${ticketNo}/pesan`,
      { token: tokenIn(page.text), situs: '', text: 'Cepat sekali' },
      { cookie },
    );
    expect([hasty.status, messagesIn(hasty.text).length]).toEqual([422, 1]);
    expect(hasty.text).toContain('Cepat sekali');
    const token = await door.form(`/lacak/${ticketNo}`, cookie);
    const empty = await door.send(`/lacak/${ticketNo}/pesan`, { token, situs: '', text: ' ' }, { cookie });
    expect(messagesIn(empty.text)).toEqual(['Tuliskan pesan Anda.']);
    expect((await door.send(`/lacak/${ticketNo}/pesan`, { token, situs: '', text: 'Tanpa kuki' })).location).toBe(
      `/lacak/${ticketNo}`,
    );
    expect((await complaintOf(door, ticketNo)).messages).toBe(1);
  });

  it('cannot write into what has ended', async () => {
    const { ticketNo, cookie } = await door.complain();
    const token = await door.form(`/lacak/${ticketNo}`, cookie);
    await step(door, ticketNo, 'closed');
    const page = await door.get(`/lacak/${ticketNo}`, cookie);
    expect(page.text).not.toContain('Kirim pesan');
    const late = await door.send(`/lacak/${ticketNo}/pesan`, { token, situs: '', text: 'Masih rusak.' }, { cookie });
    expect(late.status).toBe(422);
    expect((await complaintOf(door, ticketNo)).messages).toBe(1);
  });

  it('withdraws it, once they say that they are sure; the register keeps it, and why', async () => {
    const { ticketNo, cookie } = await door.complain();
    const unsure = await door.post(`/lacak/${ticketNo}/cabut`, { reason: 'Sudah beres' }, cookie);
    expect([unsure.status, (await complaintOf(door, ticketNo)).state]).toEqual([422, 'received']);
    await door.post(`/lacak/${ticketNo}/cabut`, { sure: 'yes' });
    expect((await complaintOf(door, ticketNo)).state).toBe('received');
    await door.post(`/lacak/${ticketNo}/cabut`, { sure: 'yes', reason: 'Sudah\0 beres' }, cookie);
    const { id, state } = await complaintOf(door, ticketNo);
    expect(state).toBe('withdrawn');
    const event = await door.hub.deps.db
      .selectFrom('event')
      .innerJoin('event_reason', 'event_id', 'event.id')
      .selectAll()
      .where('complaint_id', '=', id)
      .where('type', '=', 'complaint.withdrawn')
      .executeTakeFirstOrThrow();
    expect([event.actor, event.text]).toEqual([
      'channel:formulir-warga',
      'Dicabut oleh pelapor di halaman status: Sudah\uFFFD beres',
    ]);
    expect(textOf(await door.get(`/lacak/${ticketNo}`, cookie))).toContain('Dicabut');
  });

  it('closes it on a device that others use, too', async () => {
    const { ticketNo, cookie } = await door.complain();
    const closed = await door.post(`/lacak/${ticketNo}/tutup`, {}, cookie);
    expect(closed.headers['set-cookie']).toMatch(/^kanal_aduan=; Path=\/lacak\/[^;]+; Max-Age=0/);
  });

  it('reads why it was sent back or rejected, masked, and only they do', async () => {
    const { ticketNo, cookie } = await door.complain();
    await step(door, ticketNo, 'incomplete', 'Mohon sebutkan nomor tiangnya, kirim ke 0812-7777-1234.');
    expect(textOf(await door.get(`/lacak/${ticketNo}`, cookie))).toContain(
      'nomor tiangnya, kirim ke [nomor telepon disamarkan]',
    );
    expect(textOf(await door.get(`/lacak/${ticketNo}`))).not.toContain('nomor tiangnya');
  });
});

it('a complaint of another channel opens by its code too, and says where to write more', async () => {
  await door.hub.hooks.receive('lapor', delivery({ items: [message('dari-aplikasi')] }));
  await drainIntake(door.hub.deps, 'lapor');
  await drainNormalise(door.hub.deps, 'lapor');
  const { id, ticket_no } = await door.hub.deps.db
    .selectFrom('complaint')
    .selectAll()
    .where('channel_id', '=', 'lapor')
    .executeTakeFirstOrThrow();
  const opened = await door.post('/lacak', { ticket: ticket_no!, code: accessCodeOf(door.hub.deps.keyring, id) });
  const text = textOf(await door.get(opened.location, opened.cookie));
  expect(text).toContain('Jalan berlubang di depan pasar');
  expect(text).toContain('tulislah lewat Lapor Contoh');
  expect(text).not.toMatch(/Kirim pesan|Siti Aminah/);
});
