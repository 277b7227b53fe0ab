import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, expect, it } from 'vitest';
import email from '../../../adapters/email/index.ts';
import { type Deed, type SmtpStandIn, startSmtp } from '../../../simulators/mail/smtp.ts';
import { buildApi } from '../../../src/api/app.ts';
import { channelContext } from '../../../src/flows/context.ts';
import { createKey } from '../../../src/flows/desk/users.ts';
import { createPublisher } from '../../../src/flows/publish/index.ts';
import { drainTriage } from '../../../src/flows/triage.ts';
import { type Dovecot, startDovecot } from '../../helpers/dovecot.ts';
import { seedUser } from '../../helpers/register.ts';
import { answer } from './bench.ts';
import { CHANNEL, type MailHub, mailHub } from './hub.ts';
import { citizensMail } from './mails.ts';

/** A citizen's mail is answered in its thread, at a real Dovecot, and what becomes of the answer is seen in the API. */

let dovecot: Dovecot;
let smtp: SmtpStandIn;
let mail: MailHub;
let app: ReturnType<typeof buildApi>;
let key: string;

beforeEach(async () => {
  dovecot = await startDovecot();
  smtp = await startSmtp();
  const out = { host: '127.0.0.1', port: smtp.port, security: 'none', login: false, sentCopies: 'hub' };
  mail = await mailHub(dovecot, { smtp: out, fromName: 'Kabupaten Contoh' });
  const { hub } = mail;
  app = buildApi({
    ...hub.deps,
    pool: hub.foundation.pool,
    hooks: hub.hooks,
    publicUrl: 'http://127.0.0.1:3000',
    readiness: async () => ({ ready: true, checks: {} }),
  });
  await app.ready();
  const { userId } = await seedUser(hub.deps.db, { role: 'central_admin' });
  ({ key } = await createKey(hub.deps, { userId, label: 'uji' }));
});
afterEach(async () => {
  await app.close();
  await mail.hub.close();
  await Promise.all([smtp.close(), dovecot.stop()]);
});

async function api(method: 'GET' | 'POST', url: string, payload?: object): Promise<Record<string, never>> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await app.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });
  if (response.statusCode >= 300) throw new Error(`${response.statusCode} ${response.body}`);
  return response.json();
}

const items = async (url: string) => (await api('GET', url)).items as unknown as Record<string, unknown>[];

async function arrive(raw: Uint8Array): Promise<void> {
  await dovecot.deliver(raw);
  await mail.read();
  await drainTriage(mail.hub.deps);
}

/** An officer answers the newest complaint. Gives back the mail as the citizen gets it. */
async function answerIt(text: string) {
  const [complaint] = await items('/complaints');
  await api('POST', `/complaints/${complaint!.id}/drafts`, { text, submit: true });
  await createPublisher(mail.hub.deps).drain(CHANNEL);
  return simpleParser(smtp.received.at(-1)!.raw);
}

const reply = (about: { to: string; references: string; headers?: string[] }, body: string) =>
  citizensMail(2, {
    ...{ from: 'Warga 1 <warga1@surel.example>', to: about.to, body, id: `balasan-${Math.random()}@surel.example` },
    headers: ['Content-Type: text/plain; charset=utf-8', `References: ${about.references}`, ...(about.headers ?? [])],
  });

it('an answer stands in its thread, in Sent as read, and what is written back joins the complaint', async () => {
  await arrive(citizensMail(1));
  const got = await answerIt('Lampu sudah kami ganti.');
  expect(got.inReplyTo).toBe('<surat-1@surel.example>');
  expect(got.from?.value).toEqual([{ name: 'Kabupaten Contoh', address: dovecot.user }]);
  expect(got.text).toMatch(
    /^##- .*\n\nYth. Bapak\/Ibu Warga 1,\n\nLampu sudah kami ganti\.\n\n[\s\S]*Hormat kami,\nDinas Kominfo\n/,
  );
  const [publication] = await items('/publications');
  expect(publication).toMatchObject({ state: 'published', publishedId: got.messageId!.slice(1, -1) });
  // Found again in the real Sent, by its id.
  const { deps } = mail.hub;
  const context = channelContext(deps, deps.config.channels[0]!, { signal: new AbortController().signal });
  const target = { ...answer().target, threadId: got.messageId!.split('.')[1]! };
  const sent = answer({ key: String(publication!.id), target, firstAttemptAt: new Date() });
  expect(await email.reconcile!(sent, context)).toEqual({ found: { publishedId: publication!.publishedId } });
  expect(await email.reconcile!({ ...sent, key: crypto.randomUUID() }, context)).toBe('unknown');
  const to = got.replyTo!.value[0]!.address!;
  await arrive(
    reply(
      { to, references: 'tidak-dikenal@surel.example' },
      `Belum menyala.\n\n> ${got.text?.replaceAll('\n', '\n> ')}`,
    ),
  );
  await arrive(reply({ to: dovecot.user, references: `<surat-1@surel.example> ${got.messageId}` }, 'Masih mati.'));
  const complaints = await items('/complaints');
  expect(complaints).toHaveLength(1);
  const detail = await api('GET', `/complaints/${complaints[0]!.id}`);
  const texts = (detail.messages as unknown as { text: string }[]).map((one) => one.text);
  // Mail is dated to the second, so their order says nothing here.
  expect(texts).toEqual(expect.arrayContaining(['Belum menyala.', 'Masih mati.', 'Lampu sudah kami ganti.']));
  expect(texts).toHaveLength(4);
});

const bounce = (original: string) =>
  citizensMail(9, {
    from: 'MAILER-DAEMON <MAILER-DAEMON@mail.surel.example>',
    subject: 'Undelivered Mail Returned to Sender',
    id: 'dsn-1@mail.surel.example',
    headers: ['Auto-Submitted: auto-replied', 'Return-Path: <>', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b'],
    body: [
      '--b', 'Content-Type: text/plain', '', 'The mail could not be delivered.',
      '--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mail.surel.example', '',
      'Final-Recipient: rfc822; warga1@surel.example', 'Action: failed', 'Status: 5.1.1', 'Diagnostic-Code: smtp; 550 5.1.1 no such user',
      '', '--b', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${original}`, '', '--b--', '',
    ].join('\r\n'),
  }); // biome-ignore format: one glance

it.each([
  ['its own id', undefined],
  ['the id that the server gave it', '<SG2PR01.abc@SG2PR01.apcprd01.prod.outlook.com>'],
])('a bounce that names %s shows in the API, and a person is told', async (_, messageId) => {
  const renamed: Deed = { take: true, ...(messageId && { messageId, reply: `250 2.0.0 OK ${messageId}` }) };
  smtp.steer((step) => (step === 'message' && messageId ? renamed : undefined));
  await arrive(citizensMail(1));
  const got = await answerIt('Lampu sudah kami ganti.');
  await arrive(bounce(got.messageId!));
  const [publication] = await items('/publications?needsPerson=true');
  expect(publication).toMatchObject({
    receipt: { state: 'failed', reason: 'Alamat surel penerima tidak ada. (5.1.1)' },
    explanation: expect.stringContaining('Alamat surel penerima tidak ada'),
    needsPerson: true,
  });
  expect(await items('/complaints')).toHaveLength(1);
});

it('a bounce of a mail whose fate was in doubt names it by our key, and proves that it went out', async () => {
  smtp.steer((step) => (step === 'message' ? { take: true, then: 'drop' } : undefined));
  await arrive(citizensMail(1));
  const got = await answerIt('Lampu sudah kami ganti.');
  await arrive(bounce(got.messageId!));
  const [publication] = await items('/publications');
  expect(publication).toMatchObject({ state: 'published', receipt: { state: 'failed' }, needsPerson: true });
});
