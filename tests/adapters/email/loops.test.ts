import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settings } from '../../../adapters/email/settings.ts';
import { type ImapStandIn, startImap } from '../../../simulators/mail/imap.ts';
import { Mailbox } from '../../../simulators/mail/mailbox.ts';
import { type Received, type SmtpStandIn, startSmtp } from '../../../simulators/mail/smtp.ts';
import { drainNormalise } from '../../../src/flows/normalise.ts';
import { poll } from '../../../src/flows/poll.ts';
import { createPublisher } from '../../../src/flows/publish/index.ts';
import { drainTriage } from '../../../src/flows/triage.ts';
import { ensureChannels } from '../../../src/store/channelState.ts';
import { type TestHub, testHub } from '../../helpers/hub.ts';
import { CHANNEL, mailChannel } from './hub.ts';
import { citizensMail } from './mails.ts';

const A = 'aduan@kab-a.example';
const B = 'aduan@kab-b.example';
const ROBOT = 'cuti@surel.example';
const PASSWORD = 'kata-sandi-surel';

interface Office {
  hub: TestHub;
  mailbox: Mailbox;
  imap: ImapStandIn;
}

let smtp: SmtpStandIn;
let offices: Record<string, Office>;
/** What a bad gateway makes of each mail on its way. */
let gateway: (raw: Buffer) => Buffer;
/** What stands behind other addresses. */
let others: (mail: Received) => void;

/** One server for everybody; `aduan+token@...` lies in the mailbox of `aduan@...`. */
function route(mail: Received): void {
  const address = mail.to[0]!.replace(/\+[^@]*/, '');
  const office = offices[address];
  if (office) office.mailbox.inbox.append(gateway(mail.raw));
  else others(mail);
}

async function open(account: string): Promise<Office> {
  const mailbox = new Mailbox(account, PASSWORD);
  const imap = await startImap(mailbox);
  const channel = mailChannel({ port: imap.port, user: account, password: PASSWORD });
  const out = { host: '127.0.0.1', port: smtp.port, security: 'none', login: false, sentCopies: 'none' };
  const own = { host: '127.0.0.1', port: imap.port, security: 'none', user: account, password: '${MAIL_PASSWORD}' };
  const hub = await testHub({
    channels: [
      {
        ...channel,
        publish: { ...channel.publish, receipts: true },
        settings: settings.parse({ ...own, firstConnect: 'all', smtp: out }),
      },
    ],
    policies: { receipt: { enabled: true, text: 'Aduan Anda diterima dengan nomor {ticketNo}.' } },
    secrets: { MAIL_PASSWORD: PASSWORD },
  });
  await ensureChannels(hub.deps.db, [CHANNEL]);
  return { hub, mailbox, imap };
}

beforeEach(async () => {
  gateway = (raw) => raw;
  others = () => {};
  smtp = await startSmtp({ deliver: route });
  offices = { [A]: await open(A), [B]: await open(B) };
});
afterEach(async () => {
  await smtp.close();
  for (const { hub, imap } of Object.values(offices)) {
    await imap.close();
    await hub.close();
  }
});

/** Both hubs work until nothing moves any more. Gives back what left since the call, by sender. */
async function settle(): Promise<Record<string, number>> {
  const before = smtp.received.length;
  for (let quiet = 0, seen = before; quiet < 2; quiet++) {
    for (const { hub } of Object.values(offices)) {
      await poll(hub.deps, CHANNEL);
      await drainNormalise(hub.deps, CHANNEL);
      await drainTriage(hub.deps);
      await createPublisher(hub.deps).drain(CHANNEL);
    }
    if (smtp.received.length > seen) quiet = -1;
    seen = smtp.received.length;
    if (seen - before > 50) throw new Error('they run hot');
  }
  const sent = smtp.received.slice(before).map((mail) => mail.from);
  return Object.fromEntries([A, B, ROBOT].map((from) => [from, sent.filter((one) => one === from).length]));
}

const anHourLater = async () => {
  for (const { hub } of Object.values(offices))
    await sql`update automatic_mail set last_at = last_at - interval '61 minutes'`.execute(hub.deps.db);
};

let letters = 0;
/** A mail that claims to come from B arrives at A. */
const kick = () =>
  offices[A]!.mailbox.inbox.append(citizensMail(++letters, { from: B, to: A, id: `kick-${letters}@x` }));

/** Nothing is left by which a machine, a thread or we ourselves could be recognised. */
const stripped = (raw: Buffer): Buffer =>
  Buffer.from(
    raw
      .toString('latin1')
      .replace(/^(?:Auto-Submitted|X-[\w-]+|References|In-Reply-To|Reply-To):.*\r\n(?:[ \t].*\r\n)*/gim, '')
      .replace(/^Message-ID:.*\r\n/im, `Message-ID: <gateway-${++letters}@x>\r\n`)
      .replace(/^Subject:.*\r\n/im, `Subject: Surat ${letters}\r\n`),
    'latin1',
  );

describe('two hubs that write to each other', () => {
  it('know each other for machines: one receipt, and no answer to it', async () => {
    kick();
    expect(await settle()).toMatchObject({ [A]: 1, [B]: 0 });
  });

  it('exchange one automatic mail an hour each, though a gateway takes away everything they could be known by', async () => {
    gateway = stripped;
    kick();
    expect(await settle()).toMatchObject({ [A]: 1, [B]: 1 });
    for (let more = 0; more < 3; more++) kick();
    expect(await settle()).toMatchObject({ [A]: 0, [B]: 0 });
    await anHourLater();
    kick();
    expect(await settle()).toMatchObject({ [A]: 1, [B]: 1 });
  });
});

describe('an out-of-office robot', () => {
  const away = (about: object) => (mail: Received) => {
    const body = 'Saya sedang cuti sampai Senin.\r\n';
    smtp.received.length < 60 &&
      offices[A]!.mailbox.inbox.append(
        citizensMail(++letters, { from: ROBOT, to: mail.from, body, id: `cuti-${letters}@x`, ...about }),
      );
  };
  const write = () =>
    offices[A]!.mailbox.inbox.append(citizensMail(++letters, { from: ROBOT, to: A, id: `w-${letters}@x` }));

  it('that says what it is gets one receipt, and none for its own mails', async () => {
    others = away({ headers: ['Auto-Submitted: auto-replied', 'Content-Type: text/plain; charset=utf-8'] });
    write();
    expect(await settle()).toMatchObject({ [A]: 1 });
    await anHourLater();
    expect(await settle()).toMatchObject({ [A]: 0 });
  });

  it('that says nothing gets one automatic mail an hour', async () => {
    others = away({});
    write();
    expect(await settle()).toMatchObject({ [A]: 1 });
    for (let hours = 0; hours < 3; hours++) {
      await anHourLater();
      write();
      write();
      expect(await settle()).toMatchObject({ [A]: 1 });
    }
  });
});
