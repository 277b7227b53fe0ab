import { createHash } from 'node:crypto';
import type { KitEvent } from '../../kit/index.ts';

export const ACCOUNT = 'aduan@kabupaten.example';
export const CITIZEN = 'siti.aminah@surel.example';
export const PASSWORD = 'kit-mail-password-7d2f';

const wrapped = (text: string): string => (text.match(/.{1,76}/g) ?? []).join('\r\n');
const bodyOf = ({ text }: KitEvent): string => wrapped(Buffer.from(text).toString('base64'));

/** The event as a citizen's mail program writes it. */
export function mailOf(event: KitEvent): Buffer {
  const head = [
    `Date: ${event.at.toUTCString().replace('GMT', '+0000')}`,
    `From: Siti Aminah <${CITIZEN}>`,
    `To: Aduan <${ACCOUNT}>`,
    `Message-ID: <${event.objectId}>`,
    'Subject: =?UTF-8?Q?Lampu_jalan_mati?=',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${bodyOf(event)}\r\n`);
}

/** With the line that the hub puts in front of a mail. */
export function storedMail(event: KitEvent): Buffer {
  const about = { folder: 'INBOX', role: 'inbox', uidValidity: '1000', uid: 1, at: event.at.toISOString(), size: 1 };
  return Buffer.concat([Buffer.from(`X-Kanal-Aduan-Source: ${JSON.stringify(about)}\r\n`), mailOf(event)]);
}

/** Message-ID and a fingerprint of the body. */
export const objectId = (event: KitEvent): string =>
  `${event.objectId} ${createHash('sha256').update(bodyOf(event)).digest('hex').slice(0, 16)}`;

export const PHOTO = Uint8Array.from({ length: 3_000 }, (_, index) => (index * 31) % 256);

export const mailWithPhoto = Buffer.from(
  [
    'From: Budi <budi@surel.example>',
    `To: ${ACCOUNT}`,
    'Message-ID: <foto@surel.example>',
    'Subject: Jalan berlubang',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="batas"',
    '',
    '--batas',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Fotonya terlampir.',
    '--batas',
    'Content-Type: image/jpeg; name="lubang.jpg"',
    'Content-Disposition: attachment; filename="lubang.jpg"',
    'Content-Transfer-Encoding: base64',
    '',
    wrapped(Buffer.from(PHOTO).toString('base64')),
    '--batas--',
    '',
  ].join('\r\n'),
);
