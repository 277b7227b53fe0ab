import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { saveDraft } from '../../src/flows/desk/drafts.ts';
import { merge, unmerge } from '../../src/flows/desk/merge.ts';
import { upload } from '../../src/flows/desk/uploads.ts';
import { eventually } from '../helpers/eventually.ts';
import { seedUser } from '../helpers/register.ts';
import { complaintOf } from './answers.ts';
import { type TestDoor, testDoor } from './helper.ts';

let door: TestDoor;
let officer: Actor;
beforeAll(async () => {
  const routing = [{ when: { category: ['jalan'] }, then: { agency: 'dpupr' } }];
  door = await testDoor({ hub: { routing } });
  officer = await seedUser(door.hub.deps.db, {});
  const left = { form: 'lama', position: 1, name: 'x', mime: 'image/jpeg', size: 1, sealed: Buffer.alloc(1) };
  await door.hub.deps.db
    .insertInto('door_photo')
    .values({ ...left, expires_at: new Date(0) })
    .execute();
  await door.hub.work();
});
afterAll(() => door.close());

const pageOf = async (ticketNo: string, cookie: string) => (await door.get(`/lacak/${ticketNo}`, cookie)).text;

it('an approved answer stands on the status page once, with its file, and the complaint is answered', async () => {
  const { deps } = door.hub;
  const { ticketNo, cookie } = await door.complain({ category: 'jalan' });
  const { id } = await complaintOf(door, ticketNo);
  await eventually(async () => expect((await complaintOf(door, ticketNo)).agency_id).toBe('dpupr'));
  const pdf = { name: 'surat.pdf', mime: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n%%EOF\n') };
  const file = await upload(deps, officer, id, pdf);
  await saveDraft(deps, officer, id, { text: 'Lubang sudah kami tambal.', attachmentIds: [file.id], submit: true });
  await eventually(async () => expect(await pageOf(ticketNo, cookie)).toContain('Lubang sudah kami tambal.'));
  const page = await pageOf(ticketNo, cookie);
  expect(page.match(/Lubang sudah kami tambal/g)).toHaveLength(1);
  expect(page).toContain('surat.pdf</a>');
  expect(page).toContain('<p class="status">Ditanggapi</p>');
  expect(page).toContain('Dinas PUPR');
  const [row] = await deps.db.selectFrom('publication').selectAll().where('complaint_id', '=', id).execute();
  expect(row).toMatchObject({
    state: 'published',
    published_id: row!.id,
    permalink: `http://127.0.0.1:3000/lacak/${ticketNo}`,
  });
});

it('an answer to all that were linked stands on the page of each, and what its reporter adds joins the parent', async () => {
  const { deps } = door.hub;
  const [one, two] = [
    await door.complain({ text: 'Jembatan Karangsari retak di tengah.' }),
    await door.complain({ text: 'Retak jembatan makin lebar, mohon ditutup.' }),
  ];
  const [parent, child] = [await complaintOf(door, one.ticketNo), await complaintOf(door, two.ticketNo)];
  await merge(deps, officer, child.id, parent.id, 'sama');
  const token = await door.form(`/lacak/${two.ticketNo}`, two.cookie);
  const more = await door.send(
    `/lacak/${two.ticketNo}/pesan`,
    { token, situs: '', text: 'Sisi timur juga.' },
    { cookie: two.cookie },
  );
  expect([more.status, more.location, more.cookie]).toEqual([303, `/lacak/${two.ticketNo}`, '']);
  await saveDraft(deps, officer, parent.id, { text: 'Jembatan kami tutup hari ini.', toAll: true, submit: true });
  for (const { ticketNo, cookie } of [one, two])
    await eventually(async () => expect(await pageOf(ticketNo, cookie)).toContain('Jembatan kami tutup hari ini.'));
  expect(await pageOf(two.ticketNo, two.cookie)).toContain('Sisi timur juga.');
  expect(await pageOf(one.ticketNo, one.cookie)).not.toMatch(/Sisi timur|makin lebar/);
  expect(await pageOf(two.ticketNo, two.cookie)).not.toContain('retak di tengah');
  // Taken out again, it keeps its answer.
  await unmerge(deps, officer, child.id);
  expect(await pageOf(two.ticketNo, two.cookie)).toContain('Jembatan kami tutup hari ini.');
});

it('photos that were left behind are cleared away, also where nobody sends others', () =>
  eventually(async () => {
    expect(await door.hub.deps.db.selectFrom('door_photo').select('form').execute()).toEqual([]);
  }));
