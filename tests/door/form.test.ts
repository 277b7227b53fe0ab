import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GOOD, messagesIn, type TestDoor, testDoor, tokenIn } from './helper.ts';

let door: TestDoor;
beforeAll(async () => {
  door = await testDoor({ settings: { required: ['name', 'phone'] } });
});
afterAll(() => door.close());

const complaints = () => door.hub.deps.db.selectFrom('complaint').selectAll().orderBy('id').execute();
const send = async (fields: Record<string, string>) =>
  door.send('/lapor', {
    token: await door.form(),
    situs: '',
    ...GOOD,
    name: 'Siti Aminah',
    phone: '0812-5551-2345',
    ...fields,
  });

describe('a complaint sent at /lapor', () => {
  it('is in the register at once, and its receipt shows number, code, time, channel and short content', async () => {
    const { ticketNo, code, page } = await door.complain({
      name: 'Siti Aminah',
      phone: '081255512345',
      category: 'jalan',
      place: 'Pasar Tumenggungan',
      date: '2026-11-01',
      title: 'Jalan berlubang',
    });
    expect(page.status).toBe(200);
    for (const words of [
      ticketNo,
      code,
      'Formulir warga',
      'WIB',
      'Jalan berlubang',
      'oleh sistem aduan Kabupaten Contoh',
    ])
      expect(page.text).toContain(words);
    const [complaint] = (await complaints()).slice(-1);
    expect(complaint).toMatchObject({
      ticket_no: ticketNo,
      state: 'received',
      surface: 'form',
      adapter: 'website',
      title: 'Jalan berlubang',
      category: 'jalan',
      location: { text: 'Pasar Tumenggungan' },
      anonymous: false,
      secret: false,
    });
    expect(complaint?.occurred_at?.toISOString()).toBe('2026-10-31T17:00:00.000Z');
  });

  it('may hold signs that no database takes', async () => {
    const { ticketNo } = await door.complain({
      name: 'Siti',
      phone: '081255512345',
      text: 'Jalan\0 rusak sekali \uD800',
    });
    expect(ticketNo).not.toBe('');
  });

  it('is one, however often it is sent: a double click, a reload', async () => {
    const before = (await complaints()).length;
    const fields = { token: await door.form(), situs: '', ...GOOD, name: 'Budi', phone: '081255512345' };
    const sent = await Promise.all([door.send('/lapor', fields), door.send('/lapor', fields)]);
    const again = await door.send('/lapor', fields);
    expect(new Set([...sent, again].map((one) => one.location)).size).toBe(1);
    expect(sent.map((one) => one.status)).toEqual([303, 303]);
    expect((await complaints()).length).toBe(before + 1);
  });

  it('is another one when somebody goes back and writes something else', async () => {
    const fields = { token: await door.form(), situs: '', ...GOOD, name: 'Budi', phone: '081255512345' };
    const first = await door.send('/lapor', fields);
    const other = await door.send('/lapor', { ...fields, text: 'Lampu jalan di gang kami mati semua.' });
    expect(other.status).toBe(303);
    expect(other.location).not.toBe(first.location);
  });

  it('opens only shortly after: later the same form leads to where the code is asked for', async () => {
    const fields = { token: await door.form(), situs: '', ...GOOD, name: 'Budi', phone: '081255512345' };
    await door.send('/lapor', fields);
    door.wait(2 * 3_600_000);
    const late = await door.send('/lapor', fields);
    expect([late.status, late.cookie]).toEqual([303, '']);
    expect(late.location).toMatch(/^\/lacak\/[^/]+$/);
  });

  it('keeps nothing of who writes anonymously but the contact they leave', async () => {
    await door.complain({
      identity: 'anonymous',
      name: 'Rahasia Sekali',
      address: 'Jl. Mawar 3',
      phone: '0812-5551-0000',
      secret: 'yes',
    });
    const [complaint] = (await complaints()).slice(-1);
    expect(complaint).toMatchObject({ anonymous: true, secret: true });
    const [message] = await door.hub.deps.db
      .selectFrom('message')
      .selectAll()
      .where('complaint_id', '=', complaint!.id)
      .execute();
    expect(door.hub.deps.keyring.decryptJson(message!.author_sealed!, 'author')).toEqual({
      ...{ phone: '0812-5551-0000', id: expect.stringMatching(/^form:/) },
    });
  });
});

describe('a form that cannot be taken', () => {
  it('comes back filled in, with the message at the field, a summary and a way to each', async () => {
    const page = await send({ text: 'x', name: '', phone: 'entah', date: '2099-01-01', email: 'budi' });
    expect(page.status).toBe(422);
    expect(messagesIn(page.text)).toHaveLength(5);
    for (const name of ['text', 'name', 'phone', 'date', 'email']) {
      expect(page.text).toContain(`<a href="#${name}">`);
      expect(page.text).toMatch(
        new RegExp(`id="${name}" [^>]*aria-describedby="[^"]*${name}-galat"[^>]*aria-invalid="true"`),
      );
    }
    expect(page.text).toContain('value="entah"');
    expect(page.text).toContain('<title>Belum terkirim: ');
    expect(page.text).toMatch(/class="galat" role="alert" tabindex="-1" autofocus/);
    const sent = await door.send('/lapor', {
      token: tokenIn(page.text),
      situs: '',
      ...GOOD,
      name: 'Budi',
      phone: '081255512345',
    });
    expect(sent.status).toBe(303);
  });

  it('says how long a text may be, and keeps the longer one', async () => {
    const page = await send({ text: 'a'.repeat(10_001) });
    expect(messagesIn(page.text)).toEqual([
      'Isi aduan paling panjang 10.000 huruf; sekarang 10.001. Mohon dipersingkat.',
    ]);
    expect(page.text).toContain('a'.repeat(10_001));
  });

  it('is written as text, whatever it holds', async () => {
    const page = await send({
      text: '</textarea><script>alert(1)</script>',
      name: '"><img src=x onerror=alert(1)>',
      phone: '',
    });
    expect(page.status).toBe(422);
    expect(page.text).not.toMatch(/<script>|<img/);
    expect(page.text).toContain('&lt;/textarea&gt;&lt;script&gt;');
  });

  it('is not a choice that does not exist', async () => {
    expect(messagesIn((await send({ category: 'hantu' })).text)).toHaveLength(1);
  });
});

describe('what a robot sends', () => {
  const nothingNew = async (page: { status: number; text: string }, before: number) => {
    expect(page.status).toBe(422);
    expect(page.text).toContain('tidak hilang');
    expect(page.text).toContain('Jalan di depan pasar berlubang dalam');
    expect((await complaints()).length).toBe(before);
  };

  it('is not taken when it fills in the field that nobody sees', async () => {
    const before = (await complaints()).length;
    await nothingNew(await send({ situs: 'http://iklan.example' }), before);
  });

  it('is not taken when it comes faster than anybody reads', async () => {
    const before = (await complaints()).length;
    const token = tokenIn((await door.get('/lapor')).text);
    await nothingNew(
      await door.send('/lapor', { token, situs: '', ...GOOD, name: 'Budi', phone: '081255512345' }),
      before,
    );
  });

  it('is not taken with a token that the hub did not sign, or with none', async () => {
    const before = (await complaints()).length;
    const token = await door.form();
    const forged = token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
    await nothingNew(await send({ token: forged }), before);
    await nothingNew(await send({ token: '' }), before);
  });

  it('and what a person sent from an old page comes back with everything, ready to be sent', async () => {
    const token = await door.form();
    door.wait(13 * 3_600_000);
    const page = await send({ token });
    await nothingNew(page, (await complaints()).length);
    const sent = await send({ token: tokenIn(page.text) });
    expect(sent.status).toBe(303);
  });
});

it('too many forms from one address come back filled in, and another address is served', async () => {
  const strict = await testDoor({}, { limits: { doorPosts: 2 } });
  const fields = { token: await strict.form(), situs: '', ...GOOD };
  const from = (address: string) =>
    strict.send('/lapor', { ...fields, text: `${GOOD.text} ${Math.random()}` }, { from: address });
  expect([(await from('203.0.113.7')).status, (await from('203.0.113.7')).status]).toEqual([303, 303]);
  const third = await from('203.0.113.7');
  expect(third.status).toBe(429);
  expect(third.text).toContain('tunggu sepuluh menit');
  expect(third.text).toContain('Jalan di depan pasar berlubang dalam');
  expect((await from('203.0.113.8')).status).toBe(303);
  await strict.close();
});
