import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/access.ts';
import { approve } from '../../src/flows/desk/approve.ts';
import { returnDraft, saveDraft } from '../../src/flows/desk/drafts.ts';
import { merge } from '../../src/flows/desk/merge.ts';
import { step } from '../../src/flows/desk/steps.ts';
import { upload } from '../../src/flows/desk/uploads.ts';
import { raiseWindowAlarms } from '../../src/flows/windows.ts';
import { type TestDatabase, testDatabase } from '../helpers/database.ts';
import { type TestDesk, testDesk } from '../helpers/desk.ts';
import { seedComplaint, seedMessage, seedUser } from '../helpers/register.ts';
import { complaintRow, refused, trailOf } from './helper.ts';

let database: TestDatabase;
let desk: TestDesk;
let author: Actor;
let head: Actor;
beforeAll(async () => {
  database = await testDatabase(30);
  desk = testDesk(database.db);
  author = await seedUser(database.db, { role: 'complaint_team', agencyId: 'dpupr' });
  head = await seedUser(database.db, { role: 'agency_head', agencyId: 'dpupr' });
});
afterAll(() => database.close());

const publications = (complaintId: string) =>
  database.db
    .selectFrom('publication')
    .selectAll()
    .where('complaint_id', '=', complaintId)
    .orderBy('position')
    .execute();
const draftState = async (id: string) =>
  (await database.db.selectFrom('draft').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;
const text = 'Terima kasih, perbaikan dijadwalkan Senin.';

describe('where a second person is asked for', () => {
  const complaint = () => seedComplaint(database.db, { agency_id: 'dpupr' });

  it('a draft waits, whatever its author wants, and somebody else approves it', async () => {
    const { id, messageId } = await complaint();
    const draft = await saveDraft(desk, author, id, { text, submit: true });
    expect(draft).toMatchObject({ number: 1, state: 'awaiting_approval', warnings: [] });
    expect((await complaintRow(database.db, id)).state).toBe('awaiting_approval');
    expect(await publications(id)).toEqual([]);
    await refused(approve(desk, author, draft.id), 'forbidden');
    desk.woken.length = 0;
    const ids = await approve(desk, head, draft.id);
    const [publication, ...more] = await publications(id);
    expect(more).toEqual([]);
    expect(publication).toMatchObject({ id: ids[0], kind: 'answer', state: 'queued', text, channel_id: 'web' });
    expect(publication?.target).toEqual({
      ...{ messageId, objectId: `object-${messageId}`, threadId: `thread-${id}`, surface: 'report' },
      ref: { to: messageId },
    });
    expect(desk.woken).toEqual([['publish', 'web']]);
    expect((await complaintRow(database.db, id)).state).toBe('in_progress');
    expect(await trailOf(database.db, id)).toEqual(['draft.saved', 'draft.approved']);
  });

  it('nobody approves what they wrote, whatever their role', async () => {
    const { id } = await complaint();
    const draft = await saveDraft(desk, head, id, { text });
    await refused(approve(desk, head, draft.id), 'second_person_required');
    const other = await seedUser(database.db, { role: 'agency_head', agencyId: 'dukcapil' });
    await refused(approve(desk, other, draft.id), 'not_found');
    const admin = await seedUser(database.db, { role: 'central_admin' });
    await refused(approve(desk, admin, draft.id), 'forbidden');
  });

  it('of twenty approvals at once, one counts', async () => {
    const { id } = await complaint();
    const draft = await saveDraft(desk, author, id, { text });
    const heads = await Promise.all(
      Array.from({ length: 20 }, () => seedUser(database.db, { role: 'agency_head', agencyId: 'dpupr' })),
    );
    const outcomes = await Promise.allSettled(heads.map((one) => approve(desk, one, draft.id)));
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    for (const one of outcomes) if (one.status === 'rejected') expect(one.reason.code).toBe('illegal_state');
    expect(await publications(id)).toHaveLength(1);
    expect(await trailOf(database.db, id)).toEqual(['draft.saved', 'draft.approved']);
  });

  it('a newer version takes the place of the open one', async () => {
    const { id } = await complaint();
    const first = await saveDraft(desk, author, id, { text });
    const second = await saveDraft(desk, author, id, { text: `${text} Mohon maaf.` });
    expect([await draftState(first.id), await draftState(second.id)]).toEqual(['superseded', 'awaiting_approval']);
    await refused(approve(desk, head, first.id), 'illegal_state');
    await approve(desk, head, second.id);
  });

  it('an approval is bound to what was written', async () => {
    const { id } = await complaint();
    const draft = await saveDraft(desk, author, id, { text });
    await database.db.updateTable('draft').set({ text: 'Lain' }).where('id', '=', draft.id).execute();
    await refused(approve(desk, head, draft.id), 'conflict');
    expect(await publications(id)).toEqual([]);
  });

  it('goes back to its author with a reason', async () => {
    const { id } = await complaint();
    const draft = await saveDraft(desk, author, id, { text });
    await refused(returnDraft(desk, author, draft.id, 'x'), 'forbidden');
    await returnDraft(desk, head, draft.id, 'Sebutkan tanggalnya');
    expect(await draftState(draft.id)).toBe('returned');
    expect((await complaintRow(database.db, id)).state).toBe('in_progress');
    await refused(approve(desk, head, draft.id), 'illegal_state');
    await refused(returnDraft(desk, head, draft.id, 'x'), 'illegal_state');
  });

  it('what has ended is not approved any more', async () => {
    const { id } = await complaint();
    const draft = await saveDraft(desk, author, id, { text });
    await step(desk, head, id, 'withdraw', 'Diminta pelapor');
    expect(await draftState(draft.id)).toBe('superseded');
    await refused(approve(desk, head, draft.id), 'illegal_state');
  });
});

describe('where none is asked for', () => {
  it('the author submits and it is queued at once', async () => {
    const officer = await seedUser(database.db, { role: 'intake_officer' });
    const { id } = await seedComplaint(database.db, { agency_id: 'dukcapil' });
    const draft = await saveDraft(desk, officer, id, { text, submit: true });
    expect(draft.state).toBe('approved');
    expect(await publications(id)).toHaveLength(1);
  });

  it('answers what is no complaint, and keeps it so', async () => {
    const officer = await seedUser(database.db, { role: 'intake_officer' });
    const { id } = await seedComplaint(database.db, { state: 'not_complaint' });
    await saveDraft(desk, officer, id, { text, submit: true });
    expect((await complaintRow(database.db, id)).state).toBe('not_complaint');
    expect(await publications(id)).toHaveLength(1);
  });

  it('refuses what nobody has judged', async () => {
    const officer = await seedUser(database.db, { role: 'intake_officer' });
    const { id } = await seedComplaint(database.db, { state: 'new', surface: 'comment' });
    await refused(saveDraft(desk, officer, id, { text }), 'illegal_state');
  });
});

describe('targets', () => {
  it("are the citizen's newest message, unless somebody names others", async () => {
    const admin = await seedUser(database.db, { role: 'central_admin' });
    const { id, messageId } = await seedComplaint(database.db, { at: new Date('2026-11-20T00:00:00Z') });
    const newest = await seedMessage(database.db, id, { at: new Date('2026-11-21T00:00:00Z') });
    await seedMessage(database.db, id, { at: new Date('2026-11-22T00:00:00Z'), direction: 'out' });
    await seedMessage(database.db, id, { at: new Date('2026-11-22T00:00:00Z'), automated: true });
    await seedMessage(database.db, id, { at: new Date('2026-11-22T00:00:00Z'), deleted_at: new Date() });
    await saveDraft(desk, admin, id, { text, submit: true });
    await saveDraft(desk, admin, id, { text, submit: true, messageIds: [messageId, newest] });
    const targets = (await publications(id)).map((one) => one.target.messageId);
    expect(targets).toEqual([newest, messageId, newest]);
  });

  it('may be those of merged complaints, and of nobody else', async () => {
    const admin = await seedUser(database.db, { role: 'central_admin' });
    const parent = await seedComplaint(database.db);
    const child = await seedComplaint(database.db, { channel_id: 'fb', adapter: 'social', surface: 'comment' });
    await merge(desk, admin, child.id, parent.id, 'sama');
    desk.woken.length = 0;
    await saveDraft(desk, admin, parent.id, { text, submit: true, messageIds: [parent.messageId, child.messageId] });
    expect((await publications(parent.id)).map((one) => one.channel_id).sort()).toEqual(['fb', 'web']);
    expect(desk.woken.map(([, subject]) => subject).sort()).toEqual(['fb', 'web']);
    await database.db.updateTable('complaint').set({ sensitive: true }).where('id', '=', child.id).execute();
    const held = { text, messageIds: [child.messageId] };
    await refused(saveDraft(desk, admin, parent.id, held), 'unknown_message');
    const foreign = await seedComplaint(database.db);
    const answer = { text, messageIds: [foreign.messageId] };
    await refused(saveDraft(desk, admin, parent.id, answer), 'unknown_message');
  });
});

describe('checks before saving', () => {
  const chat = (at: Date) =>
    seedComplaint(database.db, { channel_id: 'chat', adapter: 'chat', surface: 'message', agency_id: 'dukcapil', at });
  const officer = () => seedUser(database.db, { role: 'intake_officer' });

  it('refuse every fault at once, and save nothing', async () => {
    const { id } = await seedComplaint(database.db, { surface: 'comment', secret: true });
    const answer = { text: `NIK 3305011212900001 ${'x'.repeat(600)}` };
    const refusal = await refused(saveDraft(desk, await officer(), id, answer), 'cannot_answer');
    expect(refusal.faults.map((fault) => fault.code)).toEqual(['secret', 'leak_nik', 'too_long']);
    expect(await database.db.selectFrom('draft').select('id').where('complaint_id', '=', id).execute()).toEqual([]);
    expect(await trailOf(database.db, id)).toEqual([]);
  });

  it('know names that are not public where the answer goes, and contacts of the agencies', async () => {
    const admin = await seedUser(database.db, { role: 'central_admin' });
    const open = await seedComplaint(database.db, {
      ...{ channel_id: 'fb', adapter: 'social', surface: 'comment', author: { name: 'Budi Santoso' } },
    });
    const reported = await seedComplaint(database.db, { author: { name: 'Siti Aminah' } });
    await merge(desk, admin, reported.id, open.id, 'sama');
    const answer = (words: string) => saveDraft(desk, admin, open.id, { text: words, messageIds: [open.messageId] });
    const refusal = await refused(answer('Terima kasih Pak Budi Santoso dan Bu Siti.'), 'cannot_answer');
    expect(refusal.faults).toMatchObject([{ code: 'leak_name', messageId: open.messageId }]);
    await refused(answer('Hubungi 0287-555123.'), 'cannot_answer');
    await answer('Terima kasih Pak Budi Santoso. Informasi: 0287-381234.');
  });

  it('warn of personal data in an answer that only its reader gets', async () => {
    const { id } = await seedComplaint(database.db);
    const draft = await saveDraft(desk, await officer(), id, { text: 'NIK 3305011212900001 sudah terdaftar.' });
    expect(draft.warnings).toEqual([expect.stringContaining('NIK')]);
  });

  it('know the reply window, at drafting and again at approving', async () => {
    const now = desk.clock.now();
    const person = await officer();
    const late = await chat(new Date(now.getTime() - 24 * 3_600_000));
    const refusal = await refused(saveDraft(desk, person, late.id, { text }), 'cannot_answer');
    expect(refusal.faults[0]?.code).toBe('window');
    const early = await chat(new Date(now.getTime() - 23 * 3_600_000));
    const draft = await saveDraft(desk, person, early.id, { text });
    desk.setNow(new Date(now.getTime() + 2 * 3_600_000));
    await refused(approve(desk, person, draft.id), 'cannot_answer');
    desk.setNow(now);
    await approve(desk, person, draft.id);
  });

  it('count the window from the newest message of the thread', async () => {
    const now = desk.clock.now();
    const { id, messageId } = await chat(new Date(now.getTime() - 48 * 3_600_000));
    await seedMessage(database.db, id, { at: new Date(now.getTime() - 3_600_000) });
    await saveDraft(desk, await officer(), id, { text, messageIds: [messageId] });
  });

  it('warn about channels that do not send now, and keep nobody back', async () => {
    const { id } = await seedComplaint(database.db);
    const paused = { channel_id: 'web', paused_at: new Date(), health: 'paused' };
    await database.db
      .insertInto('channel_state')
      .values(paused as never)
      .execute();
    const draft = await saveDraft(desk, await officer(), id, { text });
    expect(draft.warnings).toEqual(['Kanal Aplikasi Lapor sedang dijeda: jawaban menunggu.']);
    await database.db.deleteFrom('channel_state').execute();
  });

  it('let answers wait for a channel whose file is broken', async () => {
    const { id } = await seedComplaint(database.db, { channel_id: 'rusak' });
    const draft = await saveDraft(desk, await officer(), id, { text });
    expect(draft.warnings).toEqual(['Kanal rusak salah setelan atau sudah dihapus: jawaban menunggu.']);
    const lost = await seedComplaint(database.db, { channel_id: 'x', adapter: 'sudah-tidak-ada' });
    await refused(saveDraft(desk, await officer(), lost.id, { text }), 'cannot_answer');
  });

  it('know which files may go along', async () => {
    const person = await officer();
    const { id } = await chat(desk.clock.now());
    const stored = new Map<string, Uint8Array>();
    const files = {
      put: async (bytes: Uint8Array) => {
        const sha256 = 'a'.repeat(64);
        stored.set(sha256, bytes);
        return { sha256, size: bytes.byteLength };
      },
    };
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const withFiles = { ...desk, files };
    const image = await upload(withFiles, person, id, { name: '../../foto.png', mime: 'text/plain', bytes: png });
    expect(image).toMatchObject({ name: 'foto.png', mime: 'image/png', size: png.length });
    const note = await upload(withFiles, person, id, { name: 'a.txt', mime: 'text/plain', bytes: Buffer.from('halo') });
    await saveDraft(desk, person, id, { text, attachmentIds: [image.id] });
    await refused(saveDraft(desk, person, id, { text, attachmentIds: [note.id] }), 'cannot_answer');
    const elsewhere = await chat(desk.clock.now());
    await refused(saveDraft(desk, person, elsewhere.id, { text, attachmentIds: [image.id] }), 'unknown_attachment');
    const big = { name: 'a', mime: 'image/png', bytes: Buffer.alloc(5_000_001) };
    await refused(upload(withFiles, person, id, big), 'too_large');
    await refused(upload(withFiles, person, id, { ...big, bytes: Buffer.alloc(0) }), 'unknown_attachment');
  });
});

describe('a private reply to what stands in public', () => {
  const comment = (at = new Date()) =>
    seedComplaint(database.db, {
      ...{ agency_id: 'dukcapil', channel_id: 'fb', adapter: 'social', surface: 'comment', secret: true, at },
    });
  const clerk = () => seedUser(database.db, { role: 'complaint_team', agencyId: 'dukcapil' });
  const faults = async (work: Promise<unknown>) =>
    (await refused(work, 'cannot_answer')).faults.map(({ code }) => code);

  it('may go where a public answer may not, and once', async () => {
    const { id } = await comment();
    const person = await clerk();
    expect(await faults(saveDraft(desk, person, id, { text }))).toEqual(['secret']);
    await saveDraft(desk, person, id, { text, privately: true, submit: true });
    const [publication] = await publications(id);
    expect(publication?.target).toMatchObject({ surface: 'comment', privately: true });
    expect(await faults(saveDraft(desk, person, id, { text, privately: true }))).toEqual(['privately_used']);
    await database.db.updateTable('publication').set({ state: 'refused' }).where('id', '=', publication!.id).execute();
    await saveDraft(desk, person, id, { text, privately: true });
  });

  it('has a window of its own, counted from the message', async () => {
    const { id } = await comment(new Date(Date.now() - 8 * 86_400_000));
    expect(await faults(saveDraft(desk, await clerk(), id, { text, privately: true }))).toEqual(['window']);
  });
});

describe('when the time to answer is over', () => {
  const DAY_MS = 86_400_000;
  const chat = (given: Parameters<typeof seedComplaint>[1]) =>
    seedComplaint(database.db, {
      ...{ agency_id: 'dukcapil', channel_id: 'chat', adapter: 'chat', surface: 'message' },
      ...given,
    });

  it('the refusal names the ways that remain: in public, in private, and where the same person wrote elsewhere', async () => {
    const person = await seedUser(database.db, { role: 'complaint_team', agencyId: 'dukcapil' });
    const late = await chat({ at: new Date(Date.now() - 2 * DAY_MS), contact: { name: 'Siti' } });
    const reporter = (await complaintRow(database.db, late.id)).reporter_id;
    const comment = await seedComplaint(database.db, {
      ...{ agency_id: 'dukcapil', channel_id: 'fb', adapter: 'social', surface: 'comment', reporter_id: reporter },
    });
    await database.db
      .updateTable('message')
      .set({ reporter_id: reporter })
      .where('id', '=', comment.messageId)
      .execute();
    const refusal = await refused(saveDraft(desk, person, late.id, { text }), 'cannot_answer');
    expect(refusal.faults).toMatchObject([{ code: 'window' }]);
    expect(refusal.faults[0]!.ways).toEqual([
      { kind: 'public_reply', channel: 'fb', complaintId: comment.id, messageId: comment.messageId },
      { kind: 'private_reply', channel: 'fb', complaintId: comment.id, messageId: comment.messageId },
    ]);
    expect(refusal.faults[0]!.message).toContain(
      'Yang masih dapat: jawaban publik di Facebook Pemkab; balasan pribadi di Facebook Pemkab.',
    );
  });

  it('an answer that still waits for approval raises its alarm before that, once', async () => {
    const { id } = await seedComplaint(database.db, {
      ...{ agency_id: 'dpupr', channel_id: 'chat', adapter: 'chat', surface: 'message' },
      at: new Date(Date.now() - DAY_MS + 7 * 3_600_000),
    });
    const draft = await saveDraft(desk, author, id, { text });
    const deps = { ...desk, clock: { now: () => new Date() } };
    await raiseWindowAlarms(deps);
    expect(await trailOf(database.db, id)).toEqual(['draft.saved']);
    deps.clock = { now: () => new Date(Date.now() + 2 * 3_600_000) };
    await raiseWindowAlarms(deps);
    await raiseWindowAlarms(deps);
    expect(await trailOf(database.db, id)).toEqual(['draft.saved', 'draft.window_closing']);
    const event = await database.db
      .selectFrom('event')
      .selectAll()
      .where('complaint_id', '=', id)
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow();
    const until = new Date((event.data as { until: string; draftId: string }).until);
    expect(event.data).toMatchObject({ draftId: draft.id });
    expect(until > deps.clock.now()).toBe(true);
  });
});
