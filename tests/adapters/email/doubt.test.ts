import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idempotencyOf, settleAfterOf } from '#contract';
import email from '../../../adapters/email/index.ts';
import { type ImapStandIn, startImap } from '../../../simulators/mail/imap.ts';
import { Mailbox } from '../../../simulators/mail/mailbox.ts';
import { type Received, type SmtpStandIn, startSmtp } from '../../../simulators/mail/smtp.ts';
import { createTokens } from '../../../src/platform/tokens.ts';
import { freePort } from '../../helpers/ports.ts';
import { ACCOUNT, answer, KEY, mailContext, mailSettings, PASSWORD } from './bench.ts';

let mailbox: Mailbox;
let imap: ImapStandIn;
let smtp: SmtpStandIn;
/** What a provider does with what it takes. */
let file: (mail: Received) => void;

beforeEach(async () => {
  mailbox = new Mailbox(ACCOUNT, PASSWORD);
  file = ({ raw }) => void mailbox.folder('Sent').append(raw);
  imap = await startImap(mailbox);
  smtp = await startSmtp({ user: ACCOUNT, password: PASSWORD, deliver: (mail) => file(mail) });
});
afterEach(() => Promise.all([imap.close(), smtp.close()]));

const sent = () => mailbox.folder('Sent').mails;
const contextFor = (sentCopies: string, more = {}) =>
  mailContext(mailSettings({ smtp: smtp.port, imap: imap.port }, { sentCopies }, more));
type Context = ReturnType<typeof contextFor>;
const send = (ctx: Context, about = {}) => email.publish!.send(answer(about), ctx);
const look = (ctx: Context, about = {}) => email.reconcile!(answer(about), ctx);

const breakAfter = (take: boolean) => smtp.steer((step) => (step === 'message' ? { take, then: 'drop' } : undefined));
const inDoubt = async (ctx: Context, take: boolean) => {
  breakAfter(take);
  await expect(send(ctx)).rejects.toMatchObject({ kind: 'retry', nothingSent: false });
  smtp.steer(null);
};

describe('where the provider files sent mail', () => {
  const OTHER = '0198f3aa-9999-7222-8333-444455556666';

  it('what it took is found, also by its own id for it', async () => {
    const ctx = contextFor('provider');
    await inDoubt(ctx, true);
    expect(await look(ctx)).toMatchObject({ found: { publishedId: expect.stringContaining(KEY) } });
    const messageId = '<AM0PR01.x@AM0PR01.apcprd01.prod.outlook.com>';
    smtp.steer((step) => (step === 'message' ? { take: true, messageId, then: 'drop' } : undefined));
    await expect(send(ctx, { key: OTHER })).rejects.toMatchObject({ nothingSent: false });
    expect(await look(ctx, { key: OTHER })).toEqual({ found: { publishedId: messageId.slice(1, -1) } });
  });

  it('what it did not take is absent: the mail before it is found in the same way', async () => {
    const ctx = contextFor('provider');
    await send(ctx, { key: OTHER });
    await inDoubt(ctx, false);
    expect(await look(ctx)).toBe('absent');
  });

  it('nothing is proven while nobody has seen it file anything', async () => {
    const ctx = contextFor('provider');
    await inDoubt(ctx, false);
    expect(await look(ctx)).toBe('unknown');
  });

  it('what it took is found, though the keys of the hub were rotated meanwhile', async () => {
    const ctx = contextFor('provider');
    await send(ctx, { key: OTHER });
    await inDoubt(ctx, true);
    const tokens = createTokens([{ id: 'zz', key: Buffer.alloc(32, 3) }]);
    expect(await look({ ...ctx, tokens })).toMatchObject({ found: { publishedId: expect.stringContaining(KEY) } });
  });

  it('an earlier mail of this hub is evidence as well, after a restore that lost what we noted', async () => {
    const ctx = contextFor('provider');
    await send(ctx, { key: OTHER });
    const fresh = contextFor('provider');
    await inDoubt(fresh, false);
    expect(await look(fresh)).toBe('absent');
  });

  it('nothing is proven where it does not file after all', async () => {
    const ctx = contextFor('provider');
    await send(ctx, { key: OTHER });
    file = () => {};
    await send(ctx, { key: `${OTHER}-2` });
    await inDoubt(ctx, true);
    expect(await look(ctx)).toBe('unknown');
  });

  it('nothing is proven where it changes the id and drops our fields, so that nothing of ours can be found', async () => {
    const ctx = contextFor('provider');
    file = ({ raw }) => {
      const changed = raw.toString('latin1').replace(/^(?:Message-ID|X-Hub-[\w-]+): .*\r\n/gim, '');
      mailbox.folder('Sent').append(Buffer.from(`Message-ID: <${Math.random()}@outlook.com>\r\n${changed}`, 'latin1'));
    };
    await send(ctx, { key: OTHER });
    await inDoubt(ctx, true);
    expect(await look(ctx)).toBe('unknown');
  });

  it.each([
    ['the search is refused', () => Object.assign(imap.faults, { refuseSearch: true })],
    ['the connection breaks', () => imap.steer(({ name }) => (name === 'UID SEARCH' ? { then: 'drop' } : undefined))],
    ['the folder is gone', () => void mailbox.folders.delete('Sent')],
    ['nobody listens there', () => imap.close()],
  ])('it is unknown when %s', async (_, trouble) => {
    const ctx = contextFor('provider');
    await send(ctx, { key: OTHER });
    await inDoubt(ctx, false);
    await trouble();
    expect(await look(ctx)).toBe('unknown');
  });

  it('a wrong password is told, not taken for a look', async () => {
    const ctx = contextFor('provider', { user: 'lain' });
    await expect(look(ctx)).rejects.toMatchObject({ kind: 'auth' });
  });

  it('files nothing ourselves', async () => {
    await send(contextFor('provider'));
    expect(sent()).toHaveLength(1);
  });
});

describe('where the hub files sent mail', () => {
  beforeEach(() => {
    file = () => {};
  });

  it('lies there as read once it was taken, and only then', async () => {
    const ctx = contextFor('hub');
    await inDoubt(ctx, true);
    expect(sent()).toHaveLength(0);
    await send(ctx);
    expect(sent().map((mail) => [...mail.flags])).toEqual([['\\Seen']]);
    expect(sent()[0]!.raw.equals(smtp.received.at(-1)!.raw)).toBe(true);
  });

  it('what lies there was sent; that nothing lies there proves nothing', async () => {
    const ctx = contextFor('hub');
    await inDoubt(ctx, false);
    expect(await look(ctx)).toBe('unknown');
    await send(ctx);
    expect(await look(ctx)).toMatchObject({ found: { publishedId: expect.stringContaining(KEY) } });
  });

  it('a mail that was taken is sent, though the mailbox cannot be reached or takes no copy', async () => {
    const port = await freePort();
    const ctx = mailContext(mailSettings({ smtp: smtp.port, imap: port }, { sentCopies: 'hub' }));
    expect(await send(ctx)).toMatchObject({ publishedId: expect.stringContaining(KEY) });
    expect(ctx.logged.join()).toContain('not noted in the mailbox');
    const without = contextFor('hub', { folders: { sent: false } });
    mailbox.folders.delete('Sent');
    await send(without);
    expect(smtp.received).toHaveLength(2);
  });
});

it('a doubt can be looked up only where the provider files; when it is absent is a setting', () => {
  const read = (smtpPart: Record<string, unknown> | undefined) =>
    email.settings.parse({ ...mailSettings({ smtp: 25 }, smtpPart), ...(smtpPart ? {} : { smtp: undefined }) });
  const ways = ['provider', 'hub', 'none'].map((sentCopies) => idempotencyOf(email, read({ sentCopies })));
  expect(ways).toEqual(['lookup', 'none', 'none']);
  expect(idempotencyOf(email, read(undefined))).toBe('none');
  expect(settleAfterOf(email, read({}))).toBe('900000ms');
  expect(settleAfterOf(email, read({ settleAfter: '2s' }))).toBe('2000ms');
});

it('a mailbox that is only read refuses to send, and says so when it is checked', async () => {
  const { smtp: _, ...readOnly } = mailSettings({ smtp: smtp.port, imap: imap.port });
  const ctx = mailContext(readOnly);
  await expect(send(ctx)).rejects.toMatchObject({ kind: 'refused', reason: 'unsupported' });
  expect((await email.probe!(ctx)).detail).toContain('hanya dibaca');
});

it('a check logs in on both sides, sends nothing and leaves nothing open', async () => {
  const { detail } = await email.probe!(contextFor('provider'));
  expect(detail).toMatch(/Kotak surat terbuka.*Server surat keluar menerima login/);
  expect(smtp.received).toHaveLength(0);
  await expect.poll(() => smtp.connections() + imap.connections()).toBe(0);
  smtp.steer((step) => (step === 'auth' ? { reply: '535 5.7.8 no' } : undefined));
  await expect(email.probe!(contextFor('provider'))).rejects.toMatchObject({ kind: 'auth' });
});
