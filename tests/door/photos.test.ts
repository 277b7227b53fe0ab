import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorDeps } from '../../src/flows/door/deps.ts';
import { takePhoto } from '../../src/flows/door/waiting.ts';
import { complaintOf } from './answers.ts';
import { type FormFile, GOOD, messagesIn, type TestDoor, testDoor, tokenIn } from './helper.ts';

let door: TestDoor;
beforeAll(async () => {
  door = await testDoor({
    settings: { photos: 2 },
    policies: { attachments: { maxBytes: 3_000_000, allowHosts: [] } },
  });
});
afterAll(() => door.close());

const photo = async (name: string): Promise<FormFile> => {
  const picture = sharp({ create: { width: 2_400, height: 1_800, channels: 3, background: '#264' } }).withExif({
    IFD0: { Artist: 'Siti Aminah' },
    IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '7/1 40/1 12/1' },
  });
  return { name, mime: 'image/jpeg', bytes: await picture.jpeg().toBuffer() };
};
const PDF = { name: 'Surat Siti.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n%%EOF\n') };
const filesOf = async (ticketNo: string) => {
  const { id } = await complaintOf(door, ticketNo);
  return door.hub.deps.db
    .selectFrom('attachment')
    .selectAll()
    .where('complaint_id', '=', id)
    .orderBy('position')
    .execute();
};
const waiting = () => door.hub.deps.db.selectFrom('door_photo').selectAll().execute();

describe('files that come with a form', () => {
  it('are kept without place and owner, under names that say nothing', async () => {
    const { ticketNo } = await door.complain({}, [await photo('IMG_Siti_Rumah.jpg'), PDF]);
    const files = await filesOf(ticketNo);
    expect(files.map(({ name, mime, state }) => [name, mime, state])).toEqual([
      ['foto-1.jpg', 'image/jpeg', 'stored'],
      ['dokumen-2.pdf', 'application/pdf', 'stored'],
    ]);
    const kept = await door.hub.deps.files.get(files[0]!.sha256!);
    expect((await sharp(kept).metadata()).exif).toBeUndefined();
    expect(kept.includes('Siti')).toBe(false);
    expect((await sharp(kept).metadata()).width).toBe(2_048);
    expect(await waiting()).toEqual([]);
  });

  it('stay with a form that comes back, and go along when it is sent, but for those that are left out', async () => {
    const token = await door.form();
    const back = await door.send(
      '/lapor',
      { token, situs: '', ...GOOD, text: '' },
      { files: [await photo('a.jpg'), PDF] },
    );
    expect(back.text).toContain('Jangan ikutkan foto-1.jpg');
    const rows = await waiting();
    expect(rows).toHaveLength(2);
    expect(rows.every(({ sealed }) => !sealed.includes('JFIF') && !sealed.includes('%PDF'))).toBe(true);
    const sent = await door.send('/lapor', { token: tokenIn(back.text), situs: '', ...GOOD, drop: '2' });
    expect(sent.status).toBe(303);
    const ticketNo = sent.location.split('/')[2]!;
    expect((await filesOf(ticketNo)).map(({ name }) => name)).toEqual(['foto-1.jpg']);
    expect(await waiting()).toEqual([]);
  });

  it('of a form that never comes are gone after two hours', async () => {
    const token = await door.form();
    await door.send('/lapor', { token, situs: '', ...GOOD, text: '' }, { files: [PDF] });
    expect(await waiting()).toHaveLength(1);
    door.wait(2 * 3_600_000 + 1_000);
    await door.send(
      '/lapor',
      { token: await door.form(), situs: '', ...GOOD, text: '' },
      { files: [await photo('b.jpg')] },
    );
    expect((await waiting()).map(({ name }) => name)).toEqual(['foto-1.jpg']);
  });

  it('that cannot be taken are named with the reason, and nothing that was written is lost', async () => {
    const heic = Buffer.from([0, 0, 0, 24, ...Buffer.from('ftypheic'), 0, 0, 0, 0, ...Buffer.from('mif1heic')]);
    const files: FormFile[] = [
      { name: 'IMG_1.HEIC', mime: 'image/heic', bytes: heic },
      { name: 'virus.exe', mime: 'image/jpeg', bytes: Buffer.from('MZ\u0090') },
      { name: 'besar.jpg', mime: 'image/jpeg', bytes: Buffer.alloc(3_100_000, 1) },
    ];
    const page = await door.send('/lapor', { token: await door.form(), situs: '', ...GOOD }, { files });
    expect(page.status).toBe(422);
    const [said = ''] = messagesIn(page.text);
    expect(said).toMatch(/IMG_1\.HEIC: foto HEIC belum.*virus\.exe: jenis berkas ini.*besar\.jpg: terlalu besar/);
    expect(page.text).toContain('href="#photos"');
    expect(page.text).toContain(GOOD.text);
  });

  it('are at most as many as the channel says', async () => {
    const page = await door.send(
      '/lapor',
      { token: await door.form(), situs: '', ...GOOD },
      { files: [PDF, PDF, PDF] },
    );
    expect(messagesIn(page.text)).toEqual(['Surat Siti.pdf: tidak diikutkan: paling banyak 2 berkas.']);
    expect(page.text.match(/Jangan ikutkan/g)).toHaveLength(2);
  });

  it('that were refused count, too: no form has more of them looked at', async () => {
    const broken = { ...PDF, name: 'rusak.exe', bytes: Buffer.from('MZ') };
    const page = await door.send(
      '/lapor',
      { token: await door.form(), situs: '', ...GOOD },
      { files: [broken, broken, PDF] },
    );
    expect(messagesIn(page.text)[0]).toContain('Surat Siti.pdf: tidak diikutkan');
  });

  it('of a robot are not looked at', async () => {
    const before = (await waiting()).length;
    await door.send('/lapor', { token: await door.form(), situs: 'iklan', ...GOOD }, { files: [PDF] });
    expect((await waiting()).length).toBe(before);
  });

  it('may come with a later message', async () => {
    const { ticketNo, cookie } = await door.complain();
    const token = await door.form(`/lacak/${ticketNo}`, cookie);
    await door.send(
      `/lacak/${ticketNo}/pesan`,
      { token, situs: '', text: 'Ini fotonya.' },
      { cookie, files: [await photo('x.jpg')] },
    );
    expect((await filesOf(ticketNo)).map(({ name }) => name)).toEqual(['foto-1.jpg']);
    expect((await door.get(`/lacak/${ticketNo}`, cookie)).text).toContain('foto-1.jpg</a>');
  });
});

it('a large document is refused, and so is what would fill the disk', async () => {
  const deps = doorDeps(door.hub.deps);
  const large = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(10 * 1024 ** 2)]);
  expect(await takePhoto(deps, 'besar', 1, large)).toEqual({ refused: 'large' });
  const size = 499 * 1024 ** 2;
  const row = { form: 'lain', position: 1, name: 'x', mime: 'application/pdf', size, sealed: Buffer.alloc(1) };
  const expires_at = new Date(deps.clock.now().getTime() + 60_000);
  await deps.db
    .insertInto('door_photo')
    .values({ ...row, expires_at })
    .execute();
  expect(await takePhoto(deps, 'kecil', 1, large.subarray(0, 2 * 1024 ** 2))).toEqual({ refused: 'busy' });
  await deps.db.deleteFrom('door_photo').execute();
});

it('a request that is no form is a page with advice', async () => {
  const broken = await door.app.inject({
    method: 'POST',
    url: '/lapor',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    payload: '--x\r\nrusak',
  });
  expect(broken.statusCode).toBeGreaterThanOrEqual(400);
  expect(broken.statusCode).toBeLessThan(500);
  expect(broken.body).toContain('Silakan kembali ke halaman tadi');
  const json = await door.app.inject({ method: 'POST', url: '/lapor', payload: { text: 'x' } });
  expect([json.statusCode, json.headers['content-type']]).toEqual([415, 'text/html; charset=utf-8']);
});
