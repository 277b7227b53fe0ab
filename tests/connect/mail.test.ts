import { afterEach, expect, it } from 'vitest';
import { CONNECTION_KEY } from '#contract';
import email from '../../adapters/email/index.ts';
import { settings as emailSettings } from '../../adapters/email/settings.ts';
import { type ImapStandIn, startImap } from '../../simulators/mail/imap.ts';
import { Mailbox } from '../../simulators/mail/mailbox.ts';
import { SignIn } from '../../simulators/mail/signIn.ts';
import { startSmtp } from '../../simulators/mail/smtp.ts';
import type { Channel } from '../../src/config/load.ts';
import { channelContext } from '../../src/flows/context.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { poll } from '../../src/flows/poll.ts';
import { ensureChannels } from '../../src/store/channelState.ts';
import { channelStore } from '../../src/store/channelValues.ts';
import { publicationOf, queueAnswers } from '../helpers/answers.ts';
import { eventually } from '../helpers/eventually.ts';
import { type TestHub, testHub } from '../helpers/hub.ts';
import { connectAsPerson } from './world.ts';

const USER = 'aduan@contohkab.example';
const SECRET = 'sim-mail-client-secret';
const MAIL = [
  `From: Siti <siti@warga.example>`,
  `To: ${USER}`,
  'Subject: Lampu jalan mati',
  'Message-ID: <1@warga.example>',
  'Date: Tue, 24 Nov 2026 08:00:00 +0700',
  '',
  'Lampu mati tiga malam.',
  '',
].join('\r\n');

interface MailWorld {
  hub: TestHub;
  signIn: SignIn;
  imap: ImapStandIn;
  mailbox: Mailbox;
  sent: Buffer[];
  connect(walk?: object): ReturnType<typeof connectAsPerson>;
  probe(): Promise<unknown>;
  /** The kept pair as if its access token were over. */
  age(): Promise<unknown>;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function mailWorld(like: 'google' | 'microsoft'): Promise<MailWorld> {
  const mailbox = new Mailbox(USER, 'sandi-yang-tidak-dipakai');
  const signIn = await SignIn.start({ mailbox, like, clientId: 'klien', clientSecret: SECRET });
  // The stand-in offers XOAUTH2 as soon as there are tokens.
  mailbox.tokens.add('sim-first');
  const sent: Buffer[] = [];
  const imap = await startImap(mailbox);
  const smtp = await startSmtp({
    ...{ user: USER, password: 'sandi-yang-tidak-dipakai', takes: (proof) => mailbox.takes(proof) },
    deliver: async ({ raw }) => void sent.push(raw),
  });
  const hub = await testHub({
    channels: [channelOf({ imap: imap.port, smtp: smtp.port, signIn: signIn.url, like })],
    secrets: { MAIL_CLIENT: SECRET },
  });
  closing.push(
    () => hub.close(),
    imap.close,
    smtp.close,
    () => signIn.close(),
  );
  await ensureChannels(hub.deps.db, ['surel']);
  const store = channelStore(hub.deps.db, hub.deps.keyring, 'surel');
  const [channel] = hub.deps.config.channels;
  return {
    ...{ hub, signIn, imap, mailbox, sent },
    connect: (walk = {}) => connectAsPerson(hub, 'surel', { paste: true, ...walk }),
    probe: () => email.probe!(channelContext(hub.deps, channel!, { signal: AbortSignal.timeout(20_000) })),
    age: () => store.update(CONNECTION_KEY, async (old) => ({ ...(old as object), until: new Date(0).toISOString() })),
  };
}

const channelOf = (at: { imap: number; smtp: number; signIn: string; like: string }): Channel => ({
  ...{
    id: 'surel',
    label: 'Surel',
    adapter: 'email',
    account: USER,
    agency: 'diskominfo',
    mode: 'automatic',
    enabled: true,
  },
  ...{ poll: { every: 3_600_000 }, publish: { concurrency: 2, receipts: false, statuses: false } },
  settings: emailSettings.parse({
    ...{ host: '127.0.0.1', port: at.imap, security: 'none', user: USER, firstConnect: 'all' },
    smtp: { host: '127.0.0.1', port: at.smtp, security: 'none' },
    oauth: {
      ...{ with: at.like, clientId: 'klien', clientSecret: '${MAIL_CLIENT}' },
      ...{ authorizeUrl: `${at.signIn}/authorize`, tokenUrl: `${at.signIn}/token` },
    },
  }),
  file: 'channels/surel.yaml',
});

it.each(['google', 'microsoft'] as const)(
  'a mailbox at %s is connected, read by IMAP and answered by SMTP without a password',
  async (like) => {
    const { hub, mailbox, sent, connect, probe } = await mailWorld(like);
    mailbox.inbox.append(Buffer.from(MAIL));
    await expect(probe()).rejects.toThrow('kanal channel connect surel');
    const { connection } = await connect();
    expect(connection).toMatchObject({ account: USER, missing: [] });
    await expect(probe()).resolves.toMatchObject({ detail: expect.stringContaining('menerima login') });
    await poll(hub.deps, 'surel');
    await drainNormalise(hub.deps, 'surel');
    const { complaint_id } = await hub.deps.db.selectFrom('message').selectAll().executeTakeFirstOrThrow();
    await hub.work();
    const [id = ''] = await queueAnswers(hub, [complaint_id], 'Besok diperbaiki.');
    await eventually(async () => expect((await publicationOf(hub, id)).state).toBe('published'));
    expect(sent).toHaveLength(1);
    expect(sent[0]?.toString()).toContain('Besok diperbaiki.');
  },
);

it.each(['google', 'microsoft'] as const)(
  'two processes that refresh at once leave one valid pair (%s)',
  async (like) => {
    const { signIn, connect, probe, age } = await mailWorld(like);
    await connect();
    const before = signIn.given;
    for (const round of [1, 2, 3]) {
      await age();
      await Promise.all(Array.from({ length: 5 }, probe));
      expect(signIn.given - before).toBe(round);
    }
    expect(signIn.refused).toBe(0);
  },
);

it('a token that the server no longer takes is asked for again; refused once more, a person is told', async () => {
  const { mailbox, connect, probe } = await mailWorld('microsoft');
  await connect();
  const cutOff = () => {
    mailbox.tokens.clear();
    mailbox.tokens.add('sim-first');
  };
  cutOff();
  await expect(probe()).rejects.toThrow('Token diminta lagi');
  await expect(probe()).resolves.toBeDefined();
  cutOff();
  await expect(probe()).rejects.toThrow(/menolak token.*kanal channel connect surel/);
});

it('a withdrawn app asks for a new consent, and works again after it', async () => {
  const { signIn, mailbox, connect, probe, age } = await mailWorld('microsoft');
  await connect();
  signIn.revoke();
  mailbox.tokens.add('sim-first');
  await age();
  await expect(probe()).rejects.toThrow(/invalid_grant, AADSTS70008.*kanal channel connect surel/);
  await connect();
  await expect(probe()).resolves.toBeDefined();
});

it.each([
  ['Izinnya ditolak', { decide: 'deny' }],
  ['Alamat kembali belum terdaftar', { paste_: () => 'AADSTS50011: The redirect URI specified does not match' }],
  [
    'menyetujui aplikasi ini dulu',
    { paste_: () => 'http://localhost/?error=consent_required&error_description=AADSTS65001' },
  ],
])('a refusal of Microsoft is said plainly: %s', async (words, walk) => {
  const { connect } = await mailWorld('microsoft');
  await expect(connect(walk)).rejects.toThrow(words);
});

it('a mailbox with a password says that it needs no consent', async () => {
  const { hub, connect } = await mailWorld('google');
  const [channel] = hub.deps.config.channels;
  channel!.settings = emailSettings.parse({ host: 'mail.x.example', user: USER, password: '${MAIL_CLIENT}' });
  await expect(connect()).rejects.toThrow('masuk dengan sandi');
});

it('what Microsoft did not grant is named', async () => {
  const { signIn, connect } = await mailWorld('microsoft');
  signIn.consent.withheld.add('https://outlook.office.com/SMTP.Send');
  const { connection } = await connect();
  expect(connection.missing).toMatchObject([{ without: 'surat tidak dapat dijawab' }]);
});
