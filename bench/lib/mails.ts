import { randomBytes } from 'node:crypto';
import { vocabulary } from './words.ts';

const ACCOUNT = 'aduan@kabupaten.example';

/**
 * Mails as they come to a district: half are plain text, a quarter text and HTML as mail programs write it, a quarter
 * bring a photo as telephones send it (150 kB). About 50 kB on average.
 */
export const makeMails = (count: number): Buffer[] => Array.from({ length: count }, (_, n) => Buffer.from(mail(n)));

const WORDS = vocabulary();

/** A complaint of so many words, another for each `n`. */
const textOf = (n: number, words: number): string =>
  Array.from(
    { length: words },
    (_, at) => `${WORDS[(n * 7 + at * at * 13) % 400]}${at % 12 === 11 ? '.\r\n' : ''}`,
  ).join(' ');

function mail(n: number): string {
  const text = textOf(n, 40 + (n % 5) * 40);
  const head = [
    'Return-Path: <warga@surel.example>',
    `Received: from mta${n % 9}.surel.example by mx.kabupaten.example with ESMTPS; Tue, 24 Nov 2026 08:00:00 +0700`,
    'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=surel.example; s=2026; bh=AAAA; b=BBBB',
    `From: Warga ${n} <warga${n % 700}@surel.example>`,
    `To: Aduan <${ACCOUNT}>`,
    `Subject: =?UTF-8?Q?Aduan_nomor_${n}?=`,
    `Message-ID: <bench-${n}@surel.example>`,
    'Date: Tue, 24 Nov 2026 08:00:00 +0700',
    'MIME-Version: 1.0',
  ];
  if (n % 4 === 3) return [...head, 'Content-Type: multipart/mixed; boundary=foto', '', ...photo(text)].join('\r\n');
  if (n % 4 === 2)
    return [...head, 'Content-Type: multipart/alternative; boundary=alt', '', ...both(text)].join('\r\n');
  return [...head, 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', quoted(text)].join(
    '\r\n',
  );
}

const quoted = (text: string): string =>
  `${text}\r\n\r\nPada Sen, 23 Nov 2026 pukul 09.00 Dinas <${ACCOUNT}> menulis:\r\n> ${text}\r\n`;

const STYLE = 'font-family:Calibri,Arial,sans-serif;font-size:11pt;color:rgb(0,0,0);margin:0cm';

const both = (text: string): string[] => [
  '--alt\r\nContent-Type: text/plain; charset=utf-8\r\n',
  text,
  '--alt\r\nContent-Type: text/html; charset=utf-8\r\n',
  `<html><head><style>p.MsoNormal{margin:0cm}</style></head><body>`,
  text.replace(/[^.]+\.?/g, (line) => `<p class="MsoNormal" style="${STYLE}">${line.trim()}</p>\r\n`),
  `<div class="gmail_quote"><blockquote>${text}</blockquote></div></body></html>`,
  '--alt--',
];

const photo = (text: string): string[] => [
  '--foto\r\nContent-Type: text/plain; charset=utf-8\r\n',
  text,
  '--foto\r\nContent-Type: image/jpeg; name="foto.jpg"\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n',
  (
    randomBytes(150_000)
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n'),
  '--foto--',
];
