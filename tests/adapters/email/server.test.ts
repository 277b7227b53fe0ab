import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, expect, it } from 'vitest';
import { mailOf } from '../../../adapters/email/smtp/mail.ts';
import { transmit } from '../../../adapters/email/smtp/transmit.ts';
import { ACCOUNT, answer, CITIZEN, mailContext, mailSettings, PASSWORD } from './bench.ts';

/** A real server of mail, as people run them: with TLS, a login and limits. */

const read = (name: string): string => readFileSync(new URL(`../../platform/tls/${name}`, import.meta.url), 'utf8');
const [cert, key] = [read('localhost.crt'), read('localhost.key')];

let server: SMTPServer | undefined;
afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

interface Taken {
  raw: Buffer;
  secure: boolean;
  from: string;
}

async function started(options: SMTPServerOptions = {}): Promise<{ port: number; taken: Taken[] }> {
  const taken: Taken[] = [];
  server = new SMTPServer({
    ...{ cert, key, disableReverseLookup: true, logger: false, size: 5_000_000 },
    onAuth: ({ username, password }, _, done) =>
      username === ACCOUNT && password === PASSWORD ? done(null, { user: username }) : done(new Error('wrong')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom } = session.envelope;
        taken.push({ raw: Buffer.concat(chunks), secure: session.secure, from: mailFrom ? mailFrom.address : '' });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return { port: (server.server.address() as AddressInfo).port, taken };
}

async function send(port: number, smtp: object, about = {}, certificate: string | undefined = cert) {
  const more = certificate ? { certificate } : {};
  const ctx = mailContext(mailSettings({ smtp: port }, { host: 'localhost', ...smtp }, more));
  return transmit(await mailOf(answer(about), ctx.settings.smtp!, ctx), ctx.settings.smtp!, ctx);
}

it.each([
  ['tls', { secure: true }],
  ['starttls', {}],
] as const)('takes a mail over %s, with a login', async (security, options) => {
  const { port, taken } = await started(options);
  const files = [{ name: 'bukti.png', mime: 'image/png', size: 300_000, bytes: async () => Buffer.alloc(300_000, 1) }];
  await send(port, { security }, { files, text: '.\n..\nSudah diperbaiki — terima kasih.' });
  expect(taken).toMatchObject([{ secure: true, from: ACCOUNT }]);
  const mail = await simpleParser(taken[0]!.raw);
  expect(mail.text).toContain('\n.\n..\nSudah diperbaiki — terima kasih.');
  expect(mail.attachments[0]?.content.equals(Buffer.alloc(300_000, 1))).toBe(true);
  expect(mail.to).toMatchObject({ value: [{ address: CITIZEN }] });
});

it('takes a receipt with a null sender', async () => {
  const { port, taken } = await started();
  await send(port, { security: 'starttls', nullSender: true }, { kind: 'receipt' });
  expect(taken).toMatchObject([{ from: '' }]);
});

it('is not trusted with a certificate of nobody, and nothing leaves', async () => {
  const { port, taken } = await started({ secure: true });
  await expect(send(port, { security: 'tls' }, {}, '')).rejects.toMatchObject({ kind: 'retry', nothingSent: true });
  expect(taken).toEqual([]);
});

it('never gets a password in the clear where encryption was asked for', async () => {
  const { port } = await started({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
  await expect(send(port, { security: 'starttls' })).rejects.toMatchObject({ kind: 'retry', nothingSent: true });
});

it('refuses a wrong password: the account pauses', async () => {
  const { port } = await started();
  await expect(send(port, { security: 'starttls', user: 'lain' })).rejects.toMatchObject({ kind: 'auth' });
});

it('that wants a login and gets none says so', async () => {
  const { port } = await started();
  await expect(send(port, { security: 'starttls', login: false })).rejects.toMatchObject({ kind: 'auth' });
});
