import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Light, withoutFiles } from '../../../../adapters/email/parse/files.ts';
import { headerOf, headOf, splitMail } from '../../../../adapters/email/parse/headers.ts';
import { readMail } from '../../../../adapters/email/parse/mail.ts';

const lines = (bytes: Buffer, width = 76): string =>
  (bytes.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\r\n');
const part = (type: string, body: string, encoding = 'base64'): string =>
  `Content-Type: ${type}; name="berkas"\r\nContent-Transfer-Encoding: ${encoding}\r\nContent-Disposition: attachment\r\n\r\n${body}`;
const text = (words: string): string => `Content-Type: text/plain; charset=utf-8\r\n\r\n${words}`;
const mail = (parts: readonly string[], { boundary = 'batas', type = 'mixed' } = {}): Buffer =>
  Buffer.from(
    [
      'From: Warga <warga@surel.example>',
      'Subject: Jalan rusak',
      `Content-Type: multipart/${type}; boundary="${boundary}"`,
      '',
      ...parts.map((one) => `--${boundary}\r\n${one}`),
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  );

const light = (whole: Buffer) => withoutFiles(whole, headerOf(headOf(splitMail(whole).head), 'content-type'));
const asItIs = (mail: Buffer): Light => ({ mail, sizes: new Map() });
const read = async (whole: Buffer, { mail: bytes, sizes }: Light = asItIs(whole)) => {
  const { headers, ...rest } = await readMail(bytes, { maxParts: 100, keep: () => 0, sizes });
  return { ...rest, headers: [...headers.keys()] };
};
const photo = (bytes = 40_000): string => part('image/jpeg', lines(randomBytes(bytes)));

describe('a mail without the bodies of its attachments', () => {
  it('reads as the whole one does, whatever its parts and their sizes', async () => {
    const anyPart = fc.oneof(
      fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.constantFrom(60, 64, 72, 76)).map(([size, width]) => ({
        type: 'image/jpeg',
        body: lines(randomBytes(size), width),
      })),
      fc.integer({ min: 0, max: 30_000 }).map((size) => ({ type: 'text/csv', body: lines(randomBytes(size)) })),
      fc.string({ maxLength: 40 }).map((words) => ({ type: 'application/pdf', body: words })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyPart, { maxLength: 5 }),
        fc.constantFrom('mixed', 'related'),
        async (parts, type) => {
          const whole = mail([text('Lampu mati.'), ...parts.map((one) => part(one.type, one.body))], { type });
          expect(await read(whole, light(whole))).toEqual(await read(whole));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves out what is large, and knows how large it was', async () => {
    const whole = mail([text('Ini fotonya.'), photo(150_000), photo(99_998), photo(100)]);
    const { mail: rest, sizes } = light(whole);
    expect([...sizes.values()]).toEqual([150_000, 99_998]);
    expect(rest.length).toBeLessThan(2_000);
    expect((await read(whole, light(whole))).parts.map(({ size }) => size)).toEqual([150_000, 99_998, 100]);
  });

  it.each([
    ['text in base64', mail([part('text/html', lines(randomBytes(40_000)))])],
    ['a mail in the mail', mail([part('message/rfc822', lines(randomBytes(40_000)))])],
    [
      'lines of different lengths',
      mail([part('image/png', `${lines(randomBytes(20_000))}\r\nAAAA\r\n${lines(randomBytes(9_000))}`)]),
    ],
    ['what is no base64 at its end', mail([part('image/png', `${lines(randomBytes(19_950))}\r\n!!!!`)])],
    ['another encoding', mail([part('image/png', 'x'.repeat(20_000), '8bit')])],
    ['a part that never ends', Buffer.from(mail([photo()]).toString().replace('--batas--', ''))],
    [
      'a longer boundary that begins the same',
      Buffer.from(
        mail([text('a')])
          .toString()
          .replace('--batas\r\n', `--batas2\r\n${photo()}\r\n--batas\r\n`),
      ),
    ],
    ['a quoted source of another mail', mail([text(`Saya teruskan:\r\n--lain\r\n${photo()}\r\n--lain--`)])],
    ['a mail without parts', Buffer.from(`Subject: x\r\n\r\n--batas\r\n${photo()}\r\n--batas--`)],
  ])('leaves alone: %s', (_name, whole) => {
    expect(light(whole)).toEqual({ mail: whole, sizes: new Map() });
  });

  it('is not fooled by an attachment that looks like a mark', async () => {
    const fake = part('application/octet-stream', Buffer.from('0'.repeat(36)).toString('base64'));
    const whole = mail([fake, photo()]);
    expect((await read(whole, light(whole))).parts.map(({ size }) => size)).toEqual([36, 40_000]);
  });
});
