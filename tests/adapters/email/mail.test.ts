import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { readOurId, splitAddress, threadOfAddress } from '../../../adapters/email/ids.ts';
import { letterOf } from '../../../adapters/email/smtp/letter.ts';
import { mailOf, subjectOf, threading } from '../../../adapters/email/smtp/mail.ts';
import { kitTokens } from '../../kit/context.ts';
import { file } from '../../kit/samples.ts';
import { ACCOUNT, answer, CITIZEN, KEY, mailContext, mailSettings, THREAD } from './bench.ts';

const { verify } = kitTokens;
const contextOf = (smtp = {}, more = {}) => mailContext(mailSettings({ smtp: 25 }, smtp, more));

async function compose(about = {}, smtp = {}, more = {}) {
  const ctx = contextOf(smtp, more);
  const mail = await mailOf(answer(about), ctx.settings.smtp!, ctx);
  return { ...mail, read: await simpleParser(mail.bytes) };
}

const target = (about: object) => ({ target: { ...answer().target, ...about } });

describe('a mail', () => {
  it('is the same, byte for byte, over all attempts', async () => {
    const [one, two] = [await compose(), await compose({ attempt: 7 })];
    expect(two.bytes.equals(one.bytes)).toBe(true);
  });

  it('has ids that can be recognised, threads, and comes back to the thread', async () => {
    const { read, messageId, outbox } = await compose();
    expect(read.messageId).toBe(`<${messageId}>`);
    expect(read.headerLines.find((one) => one.key === 'message-id')?.line).toBe(`Message-ID: <${messageId}>`);
    expect(readOurId(messageId, verify)).toEqual({ key: KEY, threadId: THREAD });
    expect(read.headers.get('x-hub-outbox')).toBe(outbox);
    expect(read.inReplyTo).toBe('<CAF+abc@mail.example.net>');
    expect([read.references].flat()).toEqual(['<CAF+abc@mail.example.net>']);
    expect(threadOfAddress(read.replyTo?.value[0]?.address ?? '', verify)).toBe(THREAD);
    expect(read.date?.toISOString()).toBe('2026-11-24T01:00:00.000Z');
    expect(read.from?.value[0]?.address).toBe(ACCOUNT);
    expect(read.subject).toBe('Re: Lampu jalan mati [K7M-4QD-X2P]');
  });

  it('of a person is no automatic mail; a receipt is one, with a null sender where that is set', async () => {
    const [ours, receipt] = [await compose(), await compose({ kind: 'receipt' })];
    expect(ours.read.headers.has('auto-submitted')).toBe(false);
    expect(receipt.read.headers.get('auto-submitted')).toBe('auto-replied');
    for (const { read } of [ours, receipt]) expect(read.headers.get('x-auto-response-suppress')).toMatch(/OOF/);
    expect(ours.envelope.from).toBe(ACCOUNT);
    expect(receipt.envelope.from).toBe(ACCOUNT);
    expect((await compose({ kind: 'receipt' }, { nullSender: true })).envelope.from).toBe(false);
    expect((await compose({}, { nullSender: true })).envelope.from).toBe(ACCOUNT);
  });

  it('goes to the plain address where the server knows no subaddresses, and bears no ticket number where none is wanted', async () => {
    const { read } = await compose({}, { plusAddress: false, subjectTag: false });
    expect(read.replyTo).toBeUndefined();
    expect(read.subject).toBe('Re: Lampu jalan mati');
  });

  it('carries its files as they are', async () => {
    const { read } = await compose({ files: [file] });
    expect(read.attachments).toMatchObject([{ filename: 'bukti.png', contentType: 'image/png' }]);
    expect(read.attachments[0]?.content.equals(Buffer.from(await file.bytes()))).toBe(true);
  });

  it('fits the lines of SMTP, however long the words are', async () => {
    const { bytes } = await compose({ text: 'Jalan'.repeat(2_000) });
    expect(
      Math.max(
        ...bytes
          .toString('latin1')
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(998);
    expect(bytes.toString('latin1')).not.toMatch(/[^\r]\n/);
  });
});

describe('nobody writes our headers but us', () => {
  const BAD = 'Siti\r\nBcc: semua@example.net\r\n\r\n<script>';

  it('neither by a name, nor by a subject, nor by the name of a file', async () => {
    const { read, bytes, envelope } = await compose({
      ...target({ author: { email: CITIZEN, name: BAD }, ref: { references: [BAD], messageId: BAD, subject: BAD } }),
      files: [{ ...file, name: `${BAD}\u202egnp.exe` }],
    });
    expect(read.headers.has('bcc')).toBe(false);
    expect(envelope.to).toBe(CITIZEN);
    expect(read.to).toMatchObject({ value: [{ address: CITIZEN }] });
    expect(read.subject).toBe('Re: Siti Bcc: semua@example.net <script> [K7M-4QD-X2P]');
    expect(read.references).toBeUndefined();
    expect(read.attachments).toHaveLength(1);
    expect(read.attachments[0]?.filename).not.toMatch(/[\r\n\u202e]/);
    expect(bytes.toString()).not.toMatch(/^Bcc:/im);
  });

  it.each([
    '',
    'siti',
    'siti@a.example,budi@b.example',
    'siti@a.example\r\nBcc: x@y.example',
    '<siti@a.example>',
    'a b@c.example',
    `${'a'.repeat(65)}@b.example`,
  ])('refuses the address %j', async (email) => {
    await expect(compose(target({ author: { email } }))).rejects.toMatchObject({ kind: 'refused', reason: 'gone' });
  });

  it('refuses what is too much before anything is read or sent', async () => {
    const big = { ...file, size: 30_000_000, bytes: () => Promise.reject(new Error('was read')) };
    for (const about of [
      { files: [big] },
      { files: Array.from({ length: 11 }, () => file) },
      { text: 'a'.repeat(100_001) },
    ])
      await expect(compose(about)).rejects.toMatchObject({ kind: 'refused', reason: 'content' });
  });
});

describe('References', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, number) => `m${number}@x`);

  it('are those of the parent and its own id, newest last', () => {
    expect(threading({ references: ids(2), messageId: 'p@x', subject: '' })).toEqual({
      references: ['<m0@x>', '<m1@x>', '<p@x>'],
      inReplyTo: '<p@x>',
    });
  });

  it('are cut to twenty, the first one kept', () => {
    const { references } = threading({ references: ids(60), messageId: 'p@x', subject: '' });
    expect(references).toHaveLength(20);
    expect([references[0], references.at(-2), references.at(-1)]).toEqual(['<m0@x>', '<m59@x>', '<p@x>']);
  });

  it('name nothing twice, and of a mail without an id nothing', () => {
    expect(threading({ references: ['p@x', 'a@x'], messageId: 'p@x', subject: '' }).references).toEqual([
      '<a@x>',
      '<p@x>',
    ]);
    expect(threading({ references: [], subject: '' })).toEqual({ references: [] });
  });
});

it.each([
  ['Lampu jalan mati', 'Re: Lampu jalan mati [K7M-4QD-X2P]'],
  ['RE: Lampu [K7M-4QD-X2P]', 'RE: Lampu [K7M-4QD-X2P]'],
  ['Bls: Lampu', 'Bls: Lampu [K7M-4QD-X2P]'],
  ['', 'Re: Aduan Anda [K7M-4QD-X2P]'],
  ['a'.repeat(900), `Re: ${'a'.repeat(200)} [K7M-4QD-X2P]`],
])('the subject of an answer to %j', (subject, expected) => {
  expect(subjectOf({ references: [], subject }, 'K7M-4QD-X2P')).toBe(expected);
});

describe('the letter', () => {
  const { letter } = contextOf().settings.smtp!;
  const of = (about = {}, changes = {}) => letterOf(answer(about), { ...letter, ...changes });

  it('stands around the answer, in text and in HTML', () => {
    const { text, html } = of({ text: 'Sudah diperbaiki.\n\nSalam.', agency: 'Dinas PUPR' });
    expect(text).toBe(
      `##- Mohon balas di atas baris ini -##

Yth. Bapak/Ibu Siti Aminah,

Sudah diperbaiki.

Salam.

Terima kasih atas laporan Bapak/Ibu.

Hormat kami,
Dinas PUPR

-- 
Nomor aduan: K7M-4QD-X2P. Untuk menambah keterangan, cukup balas surel ini.
`,
    );
    for (const words of ['Siti Aminah,', '<p>Sudah diperbaiki.</p>', 'Hormat kami,<br>\nDinas PUPR', 'K7M-4QD-X2P'])
      expect(html).toContain(words);
  });

  it('does without what is not known', () => {
    const { ticketNo: _, ...untold } = answer(target({ author: { email: CITIZEN } }));
    const { text } = letterOf(untold, letter);
    expect(text).toContain('Yth. Bapak/Ibu,\n');
    expect(text).toContain('Hormat kami,\n');
    expect(text).not.toMatch(/Nomor aduan|\{/);
  });

  it('leaves out a part that is empty, and a placeholder that it does not know', () => {
    const { text } = of({ text: 'Isi' }, { greeting: '', closing: '', signature: 'Tim {kota}', footer: '' });
    expect(text).toBe('##- Mohon balas di atas baris ini -##\n\nIsi\n\nTim {kota}\n');
  });

  it('escapes everything in HTML', () => {
    const author = { email: CITIZEN, name: '<img src=x onerror=alert(1)>' };
    const { html } = of({ ...target({ author }), text: '<script>"&\'</script>' }, { closing: '<b>' });
    expect(html).not.toMatch(/<img|<script|<b>/);
    expect(html).toContain('&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;');
  });
});

it('a mailbox with a long name and a token stays within a local part', async () => {
  const { read } = await compose();
  expect(splitAddress(read.replyTo?.value[0]?.address ?? '').local.length).toBeLessThanOrEqual(64);
});
