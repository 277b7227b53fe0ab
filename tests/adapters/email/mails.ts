/** Believable mails of invented people, by number. */
const WORRIES = [
  'Lampu jalan mati',
  'Jalan berlubang',
  'Sampah tidak diangkut',
  'Air PDAM keruh',
  'Drainase tersumbat',
];

export interface MailAbout {
  from?: string;
  to?: string;
  subject?: string;
  id?: string;
  headers?: readonly string[];
  body?: string;
}

export const subjectOf = (number: number): string => `${WORRIES[number % WORRIES.length]} (${number})`;

export function citizensMail(number: number, about: MailAbout = {}): Buffer {
  const head = [
    `From: ${about.from ?? `Warga ${number} <warga${number}@surel.example>`}`,
    `To: ${about.to ?? 'Aduan <aduan@kabupaten.example>'}`,
    `Subject: ${about.subject ?? subjectOf(number)}`,
    `Message-ID: <${about.id ?? `surat-${number}@surel.example`}>`,
    `Date: Tue, 24 Nov 2026 08:${String(number % 60).padStart(2, '0')}:00 +0700`,
    'MIME-Version: 1.0',
    ...(about.headers ?? ['Content-Type: text/plain; charset=utf-8']),
  ];
  const body = about.body ?? `Yth. Bapak/Ibu,\r\n\r\nMohon ditindaklanjuti, surat nomor ${number}.\r\n`;
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** More parts than anyone may send. */
export function poisonedMail(number: number): Buffer {
  const part = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n';
  const headers = ['Content-Type: multipart/mixed; boundary=b'];
  return citizensMail(number, { headers, body: `${part.repeat(50_000)}--b--\r\n`, subject: 'Racun' });
}
