import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { approve } from '../../src/flows/desk/approve.ts';
import { type NewAnswer, saveDraft } from '../../src/flows/desk/drafts.ts';
import { merge, unmerge } from '../../src/flows/desk/merge.ts';
import { step } from '../../src/flows/desk/steps.ts';
import { newId } from '../../src/store/database.ts';
import { aboutOutgoing } from '../../src/store/outgoing.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testConfig, testDesk } from '../helpers/desk.ts';
import { type ComplaintSeed, type Seeded, seedComplaint, seedMessage, seedUser } from '../helpers/register.ts';
import { complaintRow, refused, trailOf } from './helper.ts';

let database: TestDatabase;
let desk: TestDesk;
let admin: Actor;
beforeAll(async () => {
  database = await testDatabase();
  desk = { ...testDesk(database.db, testConfig()), statusPages: 'https://aduan.contohkab.go.id/lacak' };
  admin = await seedUser(database.db, { role: 'central_admin' });
});
afterAll(() => database.close());

/** A report of Siti's, and Budi's comment and Tono's chat that were merged into it. */
let siti: Seeded;
let budi: Seeded;
let tono: Seeded;
const comment: ComplaintSeed = { channel_id: 'fb', adapter: 'social', surface: 'comment' };
const chat: ComplaintSeed = { channel_id: 'chat', adapter: 'chat', surface: 'message' };
beforeEach(async () => {
  siti = await seedComplaint(database.db, { author: { name: 'Siti Aminah' } });
  budi = await linked({ ...comment, author: { name: 'Budi Santoso' } });
  tono = await linked({ ...chat, author: { name: 'Tono Wibowo' } });
});

async function linked(seed: ComplaintSeed): Promise<Seeded> {
  const child = await seedComplaint(database.db, seed);
  await merge(desk, admin, child.id, siti.id, 'Jalan yang sama');
  return child;
}

/** A later message of a merged complaint's reporter: it joins the complaint that took theirs in. */
const later = (child: Seeded, seed: ComplaintSeed, about = {}) =>
  seedMessage(database.db, siti.id, {
    ...{ channel_id: seed.channel_id!, surface: seed.surface!, thread_id: `thread-${child.id}` },
    ...{ at: new Date(Date.now() + 1_000), ...about },
  });

const answer = (about: Partial<NewAnswer> = {}) =>
  saveDraft(desk, admin, siti.id, { text: 'Sudah kami tambal.', submit: true, ...about });
const queued = async () => {
  const rows = await database.db
    .selectFrom('publication')
    .select(['channel_id', 'target', 'text', 'id'])
    .where('complaint_id', '=', siti.id)
    .orderBy('position')
    .execute();
  return rows.map((row) => ({ channel: row.channel_id, to: row.target.messageId, text: row.text, id: row.id }));
};

describe('one answer to all', () => {
  it('goes to what each reporter wrote last, in their own threads', async () => {
    const news = await later(tono, chat);
    await answer({ toAll: true });
    expect((await queued()).map(({ channel, to }) => [channel, to])).toEqual([
      ['web', siti.messageId],
      ['fb', budi.messageId],
      ['chat', news],
    ]);
  });

  it('without it goes to the own reporter, whoever else wrote on that channel since', async () => {
    const twin = await linked({ author: { name: 'Wati' } });
    await later(twin, { channel_id: 'web', surface: 'report' });
    await answer();
    expect((await queued()).map(({ to }) => to)).toEqual([siti.messageId]);
  });

  it('says the same thing once in one chat', async () => {
    const thread_id = `thread-${siti.id}`;
    const again = await seedComplaint(database.db, { thread_id });
    await merge(desk, admin, again.id, siti.id, 'Sama');
    await answer({ toAll: true });
    const chats = (await queued()).filter(({ channel }) => channel === 'web').map(({ to }) => to);
    expect(chats).toEqual([again.messageId]);
  });

  it('leaves out who is on hold', async () => {
    await database.db.updateTable('complaint').set({ sensitive: true }).where('id', '=', tono.id).execute();
    await answer({ toAll: true });
    expect((await queued()).map(({ channel }) => channel)).toEqual(['web', 'fb']);
  });
});

describe('a text for one place', () => {
  const long = `${'Kami sudah meninjau lokasi bersama desa. '.repeat(13)}Terima kasih.`;

  it('is asked for where the text is too long, with what would fit', async () => {
    const refusal = await refused(answer({ text: long, toAll: true }), 'cannot_answer');
    expect(refusal.faults.map(({ code, messageId }) => [code, messageId]).sort()).toEqual(
      [siti, budi, tono].map((one) => ['too_long', one.messageId]).sort(),
    );
    const there = refusal.faults.find(({ messageId }) => messageId === budi.messageId)?.tooLong;
    expect(there).toMatchObject({ channel: 'fb', length: long.length, max: 500, over: long.length - 500 });
    expect(there!.proposal!.length).toBeLessThanOrEqual(500);
    expect(there!.proposal).toMatch(/lokasi bersama desa\.\nSelengkapnya: https:\/\/aduan\.contohkab\.go\.id\/lacak\//);
    // Each is shown their own ticket number.
    const proposals = refusal.faults.map(({ messageId, tooLong }) => [messageId, tooLong?.proposal?.split('/').at(-1)]);
    expect(new Map(proposals as [string, string][])).toEqual(
      new Map([siti, budi, tono].map((one) => [one.messageId, one.ticketNo!])),
    );
  });

  it('goes there, is approved together with the rest, and bound to it', async () => {
    const texts = { fb: ' Sudah ditambal, terima kasih. ', [tono.messageId]: 'Mas, sudah ditambal.' };
    const draft = await saveDraft(desk, admin, siti.id, { text: 'Sudah kami tambal.', toAll: true, texts });
    const tampered = await database.db
      .selectFrom('draft')
      .selectAll()
      .where('id', '=', draft.id)
      .executeTakeFirstOrThrow();
    const other = tampered.targets.map((target) => (target.channelId === 'fb' ? { ...target, text: 'Lain' } : target));
    const write = (targets: unknown) =>
      database.db
        .updateTable('draft')
        .set({ targets: JSON.stringify(targets) as never })
        .where('id', '=', draft.id)
        .execute();
    await write(other);
    await refused(approve(desk, admin, draft.id), 'conflict');
    await write(tampered.targets);
    await approve(desk, admin, draft.id);
    expect((await queued()).map(({ channel, text }) => [channel, text])).toEqual([
      ['web', 'Sudah kami tambal.'],
      ['fb', 'Sudah ditambal, terima kasih.'],
      ['chat', 'Mas, sudah ditambal.'],
    ]);
  });

  it('is not lost without a word', async () => {
    const refusal = await refused(answer({ toAll: true, texts: { x: 'Halo', fb: 'Halo' } }), 'cannot_answer');
    expect(refusal.faults).toMatchObject([{ code: 'no_target', message: expect.stringContaining('untuk x,') }]);
  });

  it('is looked at like any other', async () => {
    const refusal = await refused(answer({ toAll: true, texts: { fb: 'Hubungi 0812-3456-7890' } }), 'cannot_answer');
    expect(refusal.faults).toMatchObject([{ code: 'leak_phone', messageId: budi.messageId }]);
  });
});

describe('each reporter stays among themselves', () => {
  it('nobody is named where somebody else is answered in public, also on the same channel', async () => {
    const wati = await linked({ ...comment, author: { name: 'Wati Lestari' } });
    const to = (one: Seeded, text: string) => answer({ text, messageIds: [one.messageId] });
    await to(budi, 'Terima kasih Pak Budi Santoso.');
    for (const name of ['Wati Lestari', 'Tono Wibowo', 'Siti Aminah']) {
      const refusal = await refused(to(budi, `Terima kasih, juga kepada Ibu ${name}.`), 'cannot_answer');
      expect(refusal.faults).toMatchObject([{ code: 'leak_name', messageId: budi.messageId }]);
    }
    await database.db.updateTable('complaint').set({ anonymous: true }).where('id', '=', wati.id).execute();
    await refused(to(wati, 'Terima kasih Ibu Wati Lestari.'), 'cannot_answer');
  });

  it('in private it is a warning, and the own name is none', async () => {
    const to = (text: string) => answer({ text, messageIds: [tono.messageId] });
    expect((await to('Terima kasih Pak Tono Wibowo.')).warnings).toEqual([]);
    expect((await to('Seperti laporan Ibu Siti Aminah.')).warnings).toEqual([expect.stringContaining('nama pelapor')]);
  });

  it('but who reports without a name is named to nobody', async () => {
    await database.db.updateTable('complaint').set({ anonymous: true }).where('id', '=', siti.id).execute();
    const to = (text: string) => answer({ text, messageIds: [tono.messageId] });
    const refusal = await refused(to('Seperti laporan Ibu Siti Aminah.'), 'cannot_answer');
    expect(refusal.faults).toMatchObject([{ code: 'leak_name', message: expect.stringContaining('anonim') }]);
    await answer({ text: 'Terima kasih Bapak Tono Wibowo.', messageIds: [tono.messageId] });
    // The same person may have reported with their name as well.
    const named = await linked({ ...chat, author: { name: 'Siti Aminah' } });
    await answer({ text: 'Terima kasih Ibu Siti Aminah.', messageIds: [named.messageId] });
  });

  it('a ticket number goes to its own reporter only, also in a text for one place', async () => {
    const text = `Nomor ${siti.ticketNo} selesai.`;
    await answer({ text });
    const refusal = await refused(answer({ text: text.replaceAll('-', ''), toAll: true }), 'cannot_answer');
    expect(refusal.faults.map(({ code, messageId }) => [code, messageId])).toEqual([
      ['foreign_ticket', budi.messageId],
      ['foreign_ticket', tono.messageId],
    ]);
    const texts = { fb: 'Selesai.', chat: `Digabung dengan ${siti.ticketNo}.` };
    const there = await refused(answer({ text, toAll: true, texts }), 'cannot_answer');
    expect(there.faults.map(({ code, messageId }) => [code, messageId])).toEqual([['foreign_ticket', tono.messageId]]);
    await answer({ text, toAll: true, texts: { ...texts, chat: `Nomor ${tono.ticketNo} selesai.` } });
  });

  it('adapters are given the ticket number of whoever is answered', async () => {
    const news = await later(tono, chat);
    const bare = await linked({ ...comment, state: 'new' });
    await answer({ toAll: true });
    const rows = await queued();
    const about = await aboutOutgoing(
      database.db,
      rows.map(({ id }) => id),
    );
    const tickets = new Map(rows.map(({ to, id }) => [to, about.get(id)?.ticket_no]));
    expect([...tickets]).toEqual([
      [siti.messageId, siti.ticketNo],
      [budi.messageId, budi.ticketNo],
      [news, tono.ticketNo],
      [bare.messageId, null],
    ]);
  });

  it('what was written into a secret complaint is never answered in public, wherever it stands now', async () => {
    const secret = await linked({ ...comment, secret: true });
    const news = await later(secret, comment);
    const refusal = await refused(answer({ messageIds: [news] }), 'cannot_answer');
    expect(refusal.faults[0]).toMatchObject({ code: 'secret', messageId: news });
  });
});

describe('ways to the same person', () => {
  const names = async (open: ComplaintSeed, other: ComplaintSeed) => {
    const reporter_id = newId();
    await database.db.insertInto('reporter').values({ id: reporter_id, contact: null }).execute();
    const seeded = [];
    for (const seed of [open, other]) {
      const one = await seedComplaint(database.db, { ...seed, reporter_id });
      await database.db.updateTable('message').set({ reporter_id }).where('id', '=', one.messageId).execute();
      seeded.push(one);
    }
    const [mine, elsewhere] = seeded as [Seeded, Seeded];
    const refusal = await refused(saveDraft(desk, admin, mine.id, { text: 'Halo' }), 'cannot_answer');
    const ways = refusal.faults.flatMap((fault) => fault.ways ?? []);
    return ways.some(({ complaintId }) => complaintId === elsewhere.id);
  };
  const late: ComplaintSeed = { ...chat, at: new Date(Date.now() - 48 * 3_600_000) };

  it('lead to other reports, but not between an open and an anonymous one', async () => {
    expect(await names(late, comment)).toBe(true);
    expect(await names(late, { ...comment, anonymous: true })).toBe(false);
    expect(await names({ ...late, anonymous: true }, comment)).toBe(false);
  });
});

describe('merging', () => {
  it('joins nothing on hold with what is not', async () => {
    const held = await seedComplaint(database.db, { sensitive: true, sensitive_by: admin.userId });
    await refused(merge(desk, admin, held.id, siti.id, 'sama'), 'stays_on_hold');
    const open = await seedComplaint(database.db);
    await refused(merge(desk, admin, open.id, held.id, 'sama'), 'stays_on_hold');
    await step(desk, admin, held.id, 'lift');
    await merge(desk, admin, held.id, siti.id, 'sama');
  });

  it('undone, takes along what its reporter wrote meanwhile', async () => {
    const news = await later(tono, chat);
    await unmerge(desk, admin, tono.id);
    const { complaint_id } = await database.db
      .selectFrom('message')
      .select('complaint_id')
      .where('id', '=', news)
      .executeTakeFirstOrThrow();
    expect(complaint_id).toBe(tono.id);
    expect(await complaintRow(database.db, tono.id)).toMatchObject({ messages: 2, state: 'received' });
    expect((await complaintRow(database.db, siti.id)).messages).toBe(1);
    const event = database.db.selectFrom('event').select('data').where('complaint_id', '=', tono.id);
    expect((await event.orderBy('seq', 'desc').executeTakeFirstOrThrow()).data).toMatchObject({ messages: [news] });
    expect((await trailOf(database.db, siti.id)).at(-1)).toBe('duplicate.given');
  });
});
