import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { newestCitizenMessage } from '../../src/store/messages.ts';
import { delivery, message, type TestHub, testHub } from '../helpers/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await testHub({});
});
afterAll(() => hub.close());

let thread = '';
let n = 0;
beforeEach(() => {
  thread = `claim-${++n}`;
});

const budi = { id: 'budi@contoh.example', name: 'Budi' };
const asing = { id: 'asing@contoh.example', name: 'Orang lain' };
const mail = (id: string, author: typeof budi, about = {}) =>
  message(`${thread}-${id}`, { threadId: thread, surface: 'mail', claimed: true, author, ...about });

async function bring(...items: unknown[]): Promise<void> {
  await hub.hooks.receive('lapor', delivery({ items }));
  await drainIntake(hub.deps, 'lapor');
  await drainNormalise(hub.deps, 'lapor');
}
const messageRow = (id: string) =>
  hub.deps.db.selectFrom('message').selectAll().where('object_id', '=', `${thread}-${id}`).executeTakeFirstOrThrow();
const complaintOf = async (id: string) => (await messageRow(id)).complaint_id;

describe('who joins a thread that anyone can claim', () => {
  it('its author does, also in the same batch, and in another thread of the same complaint by quoting us', async () => {
    await bring(mail('1', budi), mail('2', budi), mail('us', budi, { fromUs: true }));
    await bring(mail('3', budi, { threadId: `${thread}-lain`, parentId: `${thread}-us` }));
    expect(await complaintOf('2')).toBe(await complaintOf('1'));
    expect(await complaintOf('3')).toBe(await complaintOf('1'));
    expect((await messageRow('2')).stranger).toBe(false);
  });

  it('a stranger by the thread does, marked, and is not the one who is answered', async () => {
    await bring(mail('1', budi));
    await bring(mail('2', asing));
    const row = await messageRow('2');
    expect(row).toMatchObject({ complaint_id: await complaintOf('1'), stranger: true });
    const newest = await newestCitizenMessage(hub.deps.db, row.complaint_id, 'lapor');
    expect(newest?.object_id).toBe(`${thread}-1`);
    await bring(mail('3', asing));
    expect((await messageRow('3')).stranger).toBe(true);
  });

  it('a stranger who quotes us or names the ticket does not', async () => {
    await bring(mail('1', budi), mail('us', budi, { fromUs: true }));
    const id = await complaintOf('1');
    const row = await hub.deps.db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    const about = { threadId: `${thread}-lain`, parentId: `${thread}-us`, ticketNo: row.ticket_no };
    await bring(mail('2', asing, about));
    expect(await complaintOf('2')).not.toBe(id);
    await bring(mail('3', budi, { threadId: `${thread}-baru`, ticketNo: row.ticket_no }));
    expect(await complaintOf('3')).toBe(id);
  });

  it('whoever wrote in what was merged into it does', async () => {
    await bring(mail('1', budi), mail('other', asing, { threadId: `${thread}-o` }));
    const [mine, theirs] = [await complaintOf('1'), await complaintOf('other')];
    await hub.deps.db
      .updateTable('complaint')
      .set({ state: 'duplicate', merged_into: theirs })
      .where('id', '=', mine)
      .execute();
    await bring(mail('2', budi));
    expect(await messageRow('2')).toMatchObject({ complaint_id: theirs, stranger: false });
  });
});

describe('what comes with a message', () => {
  it('keeps whether its author is proven, and everything that was quoted, cleaned', async () => {
    const full = { text: 'Halo\n> lama', html: '<p onclick="x()">Halo<script>y()</script></p>' };
    await bring(mail('1', budi, { verified: false, full, text: 'Halo' }));
    expect(await messageRow('1')).toMatchObject({
      text: 'Halo',
      verified: false,
      full_body: { text: 'Halo\n> lama', html: '<p>Halo</p>' },
    });
  });

  it('waits for a person when it may be spam', async () => {
    await bring(mail('1', budi, { unsure: true }));
    const id = await complaintOf('1');
    const row = await hub.deps.db.selectFrom('complaint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
    expect(row).toMatchObject({ state: 'new', ticket_no: null });
  });
});
