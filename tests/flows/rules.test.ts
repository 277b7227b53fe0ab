import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hubSchema } from '../../src/config/hub.ts';
import type { Actor } from '../../src/core/access.ts';
import { accept } from '../../src/flows/desk/judge.ts';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { tryRules } from '../../src/flows/rulesTry.ts';
import { drainTriage } from '../../src/flows/triage.ts';
import { delivery, message, type TestHub, testHub } from '../helpers/hub.ts';
import { seedUser } from '../helpers/register.ts';

const { routing } = hubSchema.parse({
  site: { name: 'Uji' },
  agencies: [{ id: 'dpupr', name: 'PUPR' }],
  routing: [
    { id: 'pungli', when: { words: ['pungli'] }, then: { sensitive: true } },
    { id: 'akun-sendiri', when: { ownAccount: true }, then: { dismiss: 'own' } },
    { id: 'pujian', when: { only: ['thanks', 'emoji'] }, then: { dismiss: 'praise' } },
    { when: { rating: [4, 5], withoutWords: ['tapi'] }, then: { dismiss: 'praise', category: 'ulasan' } },
    { id: 'promo', when: { words: ['pinjol'] }, then: { dismiss: 'spam' } },
    { id: 'surat-promo', when: { surface: ['mail'], words: ['newsletter'] }, then: { dismiss: 'spam' } },
    { id: 'berulang', when: { repeated: { times: 3, within: '24h', by: 'anyone' } }, then: { dismiss: 'spam' } },
  ],
});

let hub: TestHub;
let officer: Actor;
beforeAll(async () => {
  hub = await testHub({
    hub: { routing, ownAccounts: { webhook: ['@DinasPUPR'] } },
    policies: { receipt: { enabled: true, text: 'Nomor {ticketNo}' } },
  });
  officer = await seedUser(hub.deps.db, { role: 'intake_officer' });
});
afterAll(() => hub.close());

let turn = 0;
beforeEach(() => {
  turn += 1;
});

async function read(): Promise<void> {
  await drainIntake(hub.deps, 'lapor');
  await drainNormalise(hub.deps, 'lapor');
}

/** Brings what was written to the end of triage; comments unless it says otherwise. */
async function bring(...items: Record<string, unknown>[]) {
  const ids = items.map((_, at) => `r${turn}-${at}`);
  await hub.hooks.receive(
    'lapor',
    delivery({ items: items.map((about, at) => message(ids[at]!, { surface: 'comment', ...about })) }),
  );
  await read();
  await drainTriage(hub.deps);
  return rows(ids);
}

const rows = (threads: readonly string[]) =>
  hub.deps.db.selectFrom('complaint').selectAll().where('thread_id', 'in', threads).orderBy('thread_id').execute();
const judged = (all: Awaited<ReturnType<typeof rows>>) =>
  all.map(({ state, dismissed_as, dismissed_rule }) => [state, dismissed_as, dismissed_rule]);
const events = (id: string) =>
  hub.deps.db.selectFrom('event').select(['type', 'data']).where('complaint_id', '=', id).orderBy('seq').execute();
const receipts = (id: string) =>
  hub.deps.db.selectFrom('publication').select('kind').where('complaint_id', '=', id).execute();

describe('rules', () => {
  it('say that something is no complaint, and what it is instead; the trail names the rule', async () => {
    const all = await bring(
      { text: 'Terima kasih min 🙏' },
      { text: 'Petugasnya ramah', rating: 5, surface: 'review' },
      { text: 'Pinjol cepat cair' },
      { text: 'Jalan Pemuda sudah kami aspal', author: { id: '7', handle: 'dinaspupr' } },
      { text: 'Jalan rusak' },
    );
    expect(judged(all)).toEqual([
      ['not_complaint', 'praise', 'pujian'],
      ['not_complaint', 'praise', 'routing.3'],
      ['not_complaint', 'spam', 'promo'],
      ['not_complaint', 'own', 'akun-sendiri'],
      ['new', null, null],
    ]);
    expect((await events(all[1]!.id)).at(-1)).toEqual({
      type: 'complaint.routed',
      data: { state: 'not_complaint', dismissed_as: 'praise', category: 'ulasan', rules: ['routing.3'] },
    });
    expect(all[0]!.body).toBe('Terima kasih min 🙏');
  });

  it('let pass one star, a photograph, what is sensitive, and what was sent to the office alone', async () => {
    const photo = { name: 'lubang.jpg', mime: 'image/jpeg', url: 'http://127.0.0.1:9/lubang.jpg' };
    const all = await bring(
      { text: 'Terima kasih', rating: 1, surface: 'review' },
      { text: '👎', attachments: [photo] },
      { text: 'Pinjol dan pungli di loket' },
      { text: 'Terima kasih', surface: 'report' },
      { text: 'Newsletter mingguan', surface: 'report' },
      { text: 'Newsletter mingguan', surface: 'mail' },
    );
    expect(judged(all).map(([state]) => state)).toEqual([
      ...['new', 'new', 'new', 'received', 'received'],
      'not_complaint',
    ]);
    expect(all[2]!.sensitive).toBe(true);
    expect(await receipts(all[4]!.id)).toEqual([{ kind: 'receipt' }]);
    expect(await receipts(all[5]!.id)).toEqual([]);
  });

  it('see the third time that the same is said, by whomever', async () => {
    const text = 'Ayo ramaikan konser di alun-alun';
    const all = await bring({ text }, { text: text.toUpperCase() }, { text: ` ${text}\n` }, { text: `${text} besok` });
    expect(
      judged(all)
        .map(([state]) => state)
        .filter((state) => state === 'not_complaint'),
    ).toHaveLength(3);
    expect(all[3]!.state).toBe('new');
  });

  it('never go against a person: accepted stays accepted, before triage and after it', async () => {
    const early = `r${turn}-dini`;
    await hub.hooks.receive('lapor', delivery(message(early, { surface: 'mail', text: 'Newsletter' })));
    await read();
    const [waiting] = await rows([early]);
    await hub.deps.db.updateTable('complaint').set({ state: 'new' }).where('id', '=', waiting!.id).execute();
    await accept(hub.deps, officer, waiting!.id);
    const [dismissed] = await bring({ text: 'Pinjol cepat cair, banyak warga tertipu' });
    expect(dismissed!.state).toBe('not_complaint');
    await accept(hub.deps, officer, dismissed!.id);
    await drainTriage(hub.deps);
    await hub.deps.db.updateTable('complaint').set({ triaged_at: null }).where('id', '=', dismissed!.id).execute();
    await hub.deps.db.updateTable('outbox').set({ done_at: null }).where('complaint_id', '=', dismissed!.id).execute();
    await drainTriage(hub.deps);
    expect(judged(await rows([early, dismissed!.thread_id]))).toEqual([
      ['received', null, null],
      ['received', null, null],
    ]);
  });

  it('a mail that a person takes back gets its receipt then, once', async () => {
    const [mail] = await bring({ text: 'Newsletter: loket tutup terus', surface: 'mail' });
    expect(await receipts(mail!.id)).toEqual([]);
    await accept(hub.deps, officer, mail!.id);
    await drainTriage(hub.deps);
    expect(await receipts(mail!.id)).toEqual([{ kind: 'receipt' }]);
  });

  it('what its writer changes is looked at again by people', async () => {
    const [praise] = await bring({ text: '👍' });
    expect(praise!.state).toBe('not_complaint');
    const edit = { surface: 'comment', text: 'Pinjol resmi desa macet', edited: true, at: '2026-11-24T02:00:00.000Z' };
    await hub.hooks.receive('lapor', delivery(message(praise!.thread_id, edit)));
    await read();
    await drainTriage(hub.deps);
    expect(judged(await rows([praise!.thread_id]))).toEqual([['new', null, null]]);
    expect((await events(praise!.id)).map(({ type }) => type)).toContain('complaint.reconsidered');
  });
});

describe('a trial', () => {
  it('shows what the rules would do with the newest, and changes nothing', async () => {
    const [praise] = await bring(
      { text: '👍👍👍' },
      { text: 'Pungli di loket B' },
      { text: 'Newsletter desa', surface: 'mail' },
      { text: 'Jembatan goyang' },
    );
    await accept(hub.deps, officer, praise!.id);
    const before = await hub.deps.db.selectFrom('complaint').selectAll().orderBy('id').execute();
    const trial = await tryRules(hub.deps, 4);
    expect([trial.looked, trial.untouched]).toEqual([4, 1]);
    expect(trial.rules.filter(({ count }) => count > 0)).toEqual([
      { rule: 'pungli', count: 1, effect: 'sensitif', workedOn: 0, examples: [] },
      {
        ...{ rule: 'pujian', count: 1, effect: 'bukan aduan (pujian)', workedOn: 1 },
        examples: [{ channel: 'lapor', text: '👍👍👍' }],
      },
      {
        ...{ rule: 'surat-promo', count: 1, effect: 'bukan aduan (spam)', workedOn: 0 },
        examples: [{ channel: 'lapor', text: 'Newsletter desa' }],
      },
    ]);
    expect(await hub.deps.db.selectFrom('complaint').selectAll().orderBy('id').execute()).toEqual(before);
  });
});
