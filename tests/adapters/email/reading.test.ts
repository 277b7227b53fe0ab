import { afterEach, describe, expect, it } from 'vitest';
import { type ImapStandIn, startImap } from '../../../simulators/mail/imap.ts';
import { Mailbox } from '../../../simulators/mail/mailbox.ts';
import { drainMedia } from '../../../src/flows/media.ts';
import { type Dovecot, startDovecot } from '../../helpers/dovecot.ts';
import { CHANNEL, type MailHub, mailHub } from './hub.ts';
import { mailWithPhoto, PHOTO } from './kit.mails.ts';
import { citizensMail, poisonedMail, subjectOf } from './mails.ts';

const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);
const subjects = (count: number, from = 0) => numbers(count, from).map(subjectOf).sort();

let reader: MailHub | undefined;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await reader?.hub.close();
  reader = undefined;
  for (const close of closing.splice(0)) await close();
});

async function dovecot(): Promise<Dovecot> {
  const server = await startDovecot();
  closing.push(server.stop);
  return server;
}

interface Stand {
  box: Mailbox;
  imap: ImapStandIn;
  server: { port: number; user: string; password: string };
}

async function stand(): Promise<Stand> {
  const box = new Mailbox('aduan@kabupaten.example', 'uji');
  const imap = await startImap(box);
  closing.push(imap.close);
  return { box, imap, server: { port: imap.port, user: box.user, password: box.password } };
}

const fill = (box: Mailbox, count: number, from = 0) => {
  for (const number of numbers(count, from)) box.inbox.append(citizensMail(number));
};
const allOnce = async (count: number) => expect((await reader!.titles()).sort()).toEqual(subjects(count));

describe('a real Dovecot', () => {
  it('gives 499 of 500 mails; the poisoned one stands in quarantine with its reason, whole', async () => {
    const server = await dovecot();
    for (const number of numbers(499)) await server.deliver(citizensMail(number));
    await server.deliver(poisonedMail(499));
    reader = await mailHub(server);
    await reader.read();
    await allOnce(499);
    const [bad, ...more] = await reader.quarantine();
    expect(more).toEqual([]);
    expect(bad?.reason).toMatch(/terlalu banyak bagian/);
    expect(bad?.raw.subarray(bad.raw.indexOf('\r\n') + 2).equals(poisonedMail(499))).toBe(true);
  });

  it('gives every mail once when its UIDs are made anew, and what came meanwhile', async () => {
    const server = await dovecot();
    for (const number of numbers(300)) await server.deliver(citizensMail(number));
    reader = await mailHub(server);
    await reader.read();
    await server.rebuild();
    for (const number of numbers(20, 300)) await server.deliver(citizensMail(number));
    await reader.read();
    await allOnce(320);
    expect(await reader.outcomes()).toEqual({ applied: 320 });
  });

  it('gives suspected spam, which waits for a person', async () => {
    const server = await dovecot();
    await server.deliver(citizensMail(1), { folder: 'Junk' });
    await server.deliver(citizensMail(2));
    reader = await mailHub(server);
    await reader.read();
    const rows = await reader.hub.deps.db.selectFrom('complaint').select(['title', 'state']).orderBy('title').execute();
    expect(rows).toEqual([
      { title: subjectOf(1), state: 'new' },
      { title: subjectOf(2), state: 'received' },
    ]);
  });

  it('leaves every mail unread', async () => {
    const server = await dovecot();
    await server.deliver(citizensMail(1));
    reader = await mailHub(server);
    await reader.read();
    const { ImapFlow } = await import('imapflow');
    const { host, port, user, password: pass } = server;
    const client = new ImapFlow({ host, port, secure: false, logger: false, auth: { user, pass } });
    await client.connect();
    expect(await client.status('INBOX', { unseen: true })).toMatchObject({ unseen: 1 });
    await client.logout();
  });
});

describe('a mail server in trouble', () => {
  it('breaks the connection after every 50 mails: none is missed, none comes twice', async () => {
    const { box, imap, server } = await stand();
    fill(box, 420);
    imap.faults.dropAfter = 50;
    reader = await mailHub(server);
    await reader.read();
    await allOnce(420);
    expect(await reader.outcomes()).toEqual({ applied: 420 });
  });

  it('gives the same mails new UIDs', async () => {
    const { box, server } = await stand();
    fill(box, 120);
    reader = await mailHub(server);
    await reader.read();
    // So few are left that new mail gets UIDs that were read before.
    for (const number of numbers(100, 1)) box.inbox.expunge(number);
    box.inbox.rebuild();
    fill(box, 10, 120);
    await reader.read();
    await allOnce(130);
    expect(await reader.outcomes()).toEqual({ applied: 130 });
  });

  it('deletes a mail while it is read: only that one is missing', async () => {
    const { box, imap, server } = await stand();
    fill(box, 60);
    imap.faults.expungeDuringFetch = 31;
    reader = await mailHub(server);
    await reader.read();
    expect((await reader.titles()).sort()).toEqual(subjects(60).filter((title) => title !== subjectOf(30)));
  });

  it.each([
    ['breaks the connection at two mails, always', 'poisoned'],
    ['has two mails without giving their content', 'hollow'],
  ] as const)('%s: the others arrive, and these end as records with their reason', async (_, fault) => {
    const { box, imap, server } = await stand();
    fill(box, 30);
    imap.faults[fault] = new Set([7, 20]);
    reader = await mailHub(server);
    await reader.read();
    const bad = [subjectOf(6), subjectOf(19)];
    expect((await reader.titles()).sort()).toEqual(subjects(30).filter((title) => !bad.includes(title)));
    for (let hours = 1; hours <= 6; hours++) {
      await elapse(reader, hours);
      await reader.read();
    }
    expect((await reader.quarantine()).map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/UID (7|20) .* tidak dapat diambil/),
      expect.stringMatching(/UID (7|20) .* tidak dapat diambil/),
    ]);
  });

  it('breaks at a mail once: it arrives at a later try', async () => {
    const { box, imap, server } = await stand();
    fill(box, 30);
    imap.faults.poisoned = new Set([7]);
    reader = await mailHub(server);
    await reader.read();
    imap.faults.poisoned = undefined;
    await elapse(reader, 1);
    await reader.read();
    await allOnce(30);
  });

  it('refuses to search: no empty folder, but a failure, and nothing is lost', async () => {
    const { box, imap, server } = await stand();
    fill(box, 5);
    imap.faults.refuseSearch = true;
    reader = await mailHub(server);
    await reader.read();
    expect(await reader.health()).toMatchObject({
      health: 'degraded',
      reason: expect.stringMatching(/refused the search/),
    });
    imap.faults.refuseSearch = undefined;
    await reader.read();
    await allOnce(5);
    expect(await reader.health()).toMatchObject({ health: 'ok' });
  });

  it('asks us to be slower: the account waits as long as it says', async () => {
    const { box, imap, server } = await stand();
    fill(box, 5);
    imap.faults.throttledMs = 92_415;
    reader = await mailHub(server);
    await reader.read();
    expect(await reader.health()).toMatchObject({ health: 'throttled' });
    imap.faults.throttledMs = undefined;
    await reader.read();
    await allOnce(5);
  });

  it('has lost the folder of suspected spam: the inbox is read all the same', async () => {
    const { box, imap, server } = await stand();
    fill(box, 3);
    reader = await mailHub(server, { folders: { junk: 'Spam lama' } });
    await reader.read();
    await allOnce(3);
    imap.faults.vanished = new Set(['INBOX']);
    await reader.read();
    expect((await reader.health()).reason).toMatch(/no such folder/);
  });

  it('knows neither IDLE nor special folders', async () => {
    const { box, imap, server } = await stand();
    imap.faults.without = new Set(['IDLE', 'SPECIAL-USE']);
    fill(box, 3);
    box.folder('Junk').append(citizensMail(3));
    reader = await mailHub(server);
    await reader.read();
    await allOnce(4);
  });
});

describe('what is taken', () => {
  it.each([
    ['all', 60, undefined],
    ['3d', 20, undefined],
    ['0s', 0, undefined],
  ])('of old mail at the first connection, with firstConnect %s: %i', async (firstConnect, wanted) => {
    const { box, server } = await stand();
    const day = 86_400_000;
    for (const number of numbers(40)) box.inbox.append(citizensMail(number), new Date(Date.now() - 30 * day));
    for (const number of numbers(20, 40)) box.inbox.append(citizensMail(number), new Date(Date.now() - day));
    reader = await mailHub(server, { firstConnect });
    await reader.read();
    expect((await reader.titles()).sort()).toEqual(subjects(wanted, 60 - wanted));
    fill(box, 1, 60);
    await reader.read();
    expect((await reader.titles()).sort()).toEqual(subjects(wanted + 1, 60 - wanted));
  });

  it('leaves 10,000 old mails where they are without fetching one', async () => {
    const { box, imap, server } = await stand();
    const old = new Date(Date.now() - 40 * 86_400_000);
    for (const number of numbers(10_000)) box.inbox.append(citizensMail(number), old);
    reader = await mailHub(server, { firstConnect: '3d' });
    await reader.read();
    expect(imap.counts['UID FETCH'] ?? 0).toBe(0);
    fill(box, 2, 10_000);
    await reader.read();
    expect((await reader.titles()).sort()).toEqual(subjects(2, 10_000));
  });

  it('is one mail once, though it lies in two folders, and two mails though they claim one id', async () => {
    const { box, server } = await stand();
    box.inbox.append(citizensMail(1));
    box.folder('Junk').append(citizensMail(1));
    box.inbox.append(citizensMail(2, { id: 'surat-1@surel.example', from: 'Orang lain <lain@surel.example>' }));
    reader = await mailHub(server);
    await reader.read();
    expect((await reader.titles()).sort()).toEqual([subjectOf(1), subjectOf(2)].sort());
    const rows = await reader.hub.deps.db.selectFrom('complaint').select('id').execute();
    expect(rows).toHaveLength(2);
  });

  it('is what was attached, out of the mail as it is stored: the mailbox may be empty by then', async () => {
    const { box, imap, server } = await stand();
    box.inbox.append(mailWithPhoto);
    reader = await mailHub(server);
    await reader.read();
    await imap.close();
    await drainMedia(reader.hub.deps, CHANNEL);
    const row = await reader.hub.deps.db.selectFrom('attachment').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ name: 'lubang.jpg', state: 'stored', size: PHOTO.length, reason: null });
    expect(new Uint8Array(await reader.hub.deps.files.get(row.sha256 ?? ''))).toEqual(PHOTO);
  });

  it('is a mail over the limit as a record with its reason; the rest goes on', async () => {
    const { box, imap, server } = await stand();
    fill(box, 1);
    box.inbox.append(citizensMail(1, { body: 'x'.repeat(50_000) }));
    fill(box, 1, 2);
    reader = await mailHub(server, { limits: { messageBytes: 20_000 } });
    await reader.read();
    expect((await reader.titles()).sort()).toEqual([subjectOf(0), subjectOf(2)].sort());
    const [large] = await reader.quarantine();
    expect(large?.reason).toMatch(/lebih besar dari 20000/);
    expect(large?.raw.toString()).toContain(`Subject: ${subjectOf(1)}`);
    expect(large?.raw.length).toBeLessThan(2_000);
    expect(imap.counts.SELECT ?? 0).toBe(0);
  });

  it('is found by the daily second look, when it turned up below the last UID', async () => {
    const { box, server } = await stand();
    fill(box, 5);
    reader = await mailHub(server);
    await reader.read();
    const late = { uid: 3, raw: citizensMail(77), at: new Date(), flags: new Set<string>() };
    box.inbox.expunge(3);
    box.inbox.insert(late);
    await reader.read();
    expect(await reader.titles()).not.toContain(subjectOf(77));
    await elapse(reader, 25);
    await reader.read();
    expect((await reader.titles()).sort()).toEqual([...subjects(5), subjectOf(77)].sort());
    expect(await reader.outcomes()).toEqual({ applied: 6 });
  });
});

/** The hub's clock stands so many hours later. */
async function elapse({ hub }: MailHub, hours: number): Promise<void> {
  const at = Date.now() + hours * 3_600_000;
  Object.assign(hub.deps, { clock: { now: () => new Date(at) } });
}
