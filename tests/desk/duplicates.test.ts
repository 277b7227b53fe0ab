import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { denyDuplicate, suggestDuplicates } from '../../src/flows/desk/duplicates.ts';
import { merge } from '../../src/flows/desk/merge.ts';
import { newId } from '../../src/store/database.ts';
import { refreshLikeness } from '../../src/store/likeness.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testDesk } from '../helpers/desk.ts';
import { seedComplaint, seedUser } from '../helpers/register.ts';
import { refused, trailOf } from './helper.ts';

let database: TestDatabase;
let desk: TestDesk;
let officer: Actor;
beforeAll(async () => {
  database = await testDatabase();
  desk = testDesk(database.db);
  officer = await seedUser(database.db, { role: 'intake_officer' });
});
afterAll(() => database.close());

async function complaint(seed: Parameters<typeof seedComplaint>[1]): Promise<string> {
  const { id } = await seedComplaint(database.db, seed);
  await database.db.transaction().execute((tx) => refreshLikeness(tx, [id]));
  return id;
}

async function reporter(): Promise<string> {
  const id = newId();
  await database.db.insertInto('reporter').values({ id, contact: null }).execute();
  return id;
}

const seen = async (id: string, actor = officer) =>
  (await suggestDuplicates(desk, actor, id)).map(({ row, reasons }) => [row.id, reasons.map(({ code }) => code)]);

it('suggests the likeliest first, with the reasons', async () => {
  const here = { location: { lat: -7.67, lon: 109.65 } };
  const mine = await complaint({ text: 'Lampu merah perempatan Tugu Lawet mati total', ...here });
  const same = await complaint({ text: 'lampu merah di perempatan tugu lawet mati', channel_id: 'fb', ...here });
  const near = await complaint({ text: 'Trotoar pecah', ...here });
  expect(await seen(mine)).toEqual([
    [same, ['text', 'place']],
    [near, ['place']],
  ]);
  const [first, second] = await suggestDuplicates(desk, officer, mine);
  expect(first!.score).toBeGreaterThan(second!.score);
  expect(first!.reasons[0]!.label).toMatch(/^teks mirip \d\d %$/);
});

describe('one person behind two reports', () => {
  it('is said to who may read the contact of both', async () => {
    const reporter_id = await reporter();
    const mine = await complaint({ text: 'Wabah belalang', reporter_id });
    const other = await complaint({ text: 'Jaringan seluler hilang', reporter_id, secret: true });
    expect(await seen(mine)).toEqual([[other, ['reporter']]]);
    // Keeps the hub running; the reporter's contact is no part of that.
    expect(await seen(mine, await seedUser(database.db, { role: 'system_admin' }))).toEqual([]);
  });

  it.each(['the open one', 'the anonymous one'])('never unmasks an anonymous report, asked from %s', async (from) => {
    const reporter_id = await reporter();
    const words =
      from === 'the open one' ? 'Pagar balai desa dicat ulang tanpa musyawarah' : 'Iuran ronda naik tiba-tiba';
    const open = await complaint({ text: words, reporter_id, surface: 'comment' });
    const anonymous = await complaint({ text: `${words} lagi`, reporter_id, anonymous: true });
    const [mine, other] = from === 'the open one' ? [open, anonymous] : [anonymous, open];
    const before = await suggestDuplicates(desk, officer, mine);
    expect(before.map(({ row, reasons }) => [row.id, reasons.map(({ code }) => code)])).toEqual([[other, ['text']]]);
    // Nor does the score tell: it is the same as with somebody else behind it.
    const stranger = await reporter();
    const change = database.db.updateTable('complaint').set({ reporter_id: stranger }).where('id', '=', other);
    await change.execute();
    const after = await suggestDuplicates(desk, officer, mine);
    expect(after.map(({ score }) => score)).toEqual(before.map(({ score }) => score));
  });

  it('nor by a reason that could only come from the person', async () => {
    const place = { location: { text: 'Balai Desa Wonosari Lor' }, reporter_id: await reporter() };
    const open = await complaint({ text: 'Unik', ...place });
    const anonymous = await complaint({ text: 'Lain', ...place, anonymous: true });
    expect([await seen(open), await seen(anonymous)]).toEqual([[], []]);
  });

  it('is said of an anonymous report to who may know its reporter', async () => {
    const reporter_id = await reporter();
    const mine = await complaint({ text: 'Gas melon langka', reporter_id });
    const other = await complaint({ text: 'Pupuk bersubsidi kosong', reporter_id, anonymous: true });
    const privacy = await seedUser(database.db, { role: 'privacy_officer' }, { role: 'central_admin' });
    expect(await seen(mine, privacy)).toEqual([[other, ['reporter']]]);
    expect(await seen(mine)).toEqual([]);
  });
});

it('a complaint on hold has no suggestions, and is none', async () => {
  const text = 'Kepala dusun meminta uang untuk tanda tangan surat';
  const marker = await seedUser(database.db, { role: 'central_admin' });
  const held = await complaint({ text, sensitive: true, sensitive_by: marker.userId });
  const open = await complaint({ text });
  expect([await seen(held, marker), await seen(open, marker)]).toEqual([[], []]);
  await refused(suggestDuplicates(desk, officer, held), 'not_found');
});

it('what was found different is not suggested again, from either side; linked ones neither', async () => {
  const text = 'Tanggul sungai Luk Ulo ambrol sepanjang sepuluh meter';
  const [a, b, c] = [await complaint({ text }), await complaint({ text }), await complaint({ text })];
  await denyDuplicate(desk, officer, b, { of: a, reason: 'Tanggul yang lain' });
  await denyDuplicate(desk, officer, a, { of: b });
  expect(await seen(a)).toEqual([[c, ['text']]]);
  expect(await seen(b)).toEqual([[c, ['text']]]);
  expect([await trailOf(database.db, a), await trailOf(database.db, b)]).toEqual([
    ['duplicate.denied'],
    ['duplicate.denied'],
  ]);
  await merge(desk, officer, c, a, 'Tanggul yang sama');
  expect([await seen(a), await seen(c)]).toEqual([[], [[b, ['text']]]]);
  await refused(denyDuplicate(desk, officer, a, { of: newId() }), 'not_found');
  expect(() => denyDuplicate(desk, officer, a, { of: a })).toThrow(/itself/);
  const auditor = await seedUser(database.db, { role: 'auditor' });
  await refused(denyDuplicate(desk, auditor, a, { of: b }), 'forbidden');
});
