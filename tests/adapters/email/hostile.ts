/** Mails made to break whoever reads them, each of another kind. */
export interface Hostile {
  name: string;
  raw: Buffer;
}

const head = (name: string, ...lines: string[]) =>
  [
    'From: Penyerang <penyerang@surel.example>',
    'To: aduan@kabupaten.example',
    `Subject: ${name}`,
    `Message-ID: <${name.replace(/[^a-z0-9]+/gi, '-')}@surel.example>`,
    'MIME-Version: 1.0',
    ...lines,
  ].join('\r\n');

const plain = (name: string, body: string, ...lines: string[]) => `${head(name, ...lines)}\r\n\r\n${body}\r\n`;
const html = (name: string, body: string) => plain(name, body, 'Content-Type: text/html; charset=utf-8');
const mixed = (name: string, parts: string) =>
  plain(name, `${parts}\r\n--b--`, 'Content-Type: multipart/mixed; boundary=b');
const base64 = (bytes: number): string => `${'QUFB'.repeat(19)}\r\n`.repeat(Math.ceil(bytes / 57));
const file = (name: string, content: string, type = 'application/octet-stream') =>
  `--b\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${content}`;

function nested(levels: number): string {
  const open = Array.from(
    { length: levels },
    (_, at) => `--b${at}\r\nContent-Type: multipart/mixed; boundary=b${at + 1}\r\n\r\n`,
  );
  return open.join('');
}

function mailsInMails(levels: number): string {
  const inner =
    'Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\nFrom: a@b.example\r\nSubject: lagi\r\n';
  return `${inner.repeat(levels)}Content-Type: text/plain\r\n\r\nisi`;
}

/** Kinds of attack. */
const KINDS: readonly [string, (name: string) => string][] = [
  ['50,000 parts', (name) => mixed(name, '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(50_000))],
  ['3,000 levels', (name) => plain(name, nested(3_000), 'Content-Type: multipart/mixed; boundary=b0')],
  ['mails in mails', (name) => `${head(name)}\r\n${mailsInMails(2_000)}`],
  ['a file of 18 MB', (name) => mixed(name, file('besar.bin', base64(18_000_000)))],
  [
    'a text of 20 MB',
    (name) => plain(name, 'Jalan rusak. '.repeat(1_600_000), 'Content-Type: text/plain; charset=utf-8'),
  ],
  ['one line of 10 MB', (name) => plain(name, 'x'.repeat(10_000_000))],
  ['a header of 3 MB', (name) => plain(name, 'x', `X-Panjang: ${'x'.repeat(3_000_000)}`)],
  [
    '200,000 header lines',
    (name) => plain(name, 'x', Array.from({ length: 200_000 }, (_, at) => `X-${at}: x`).join('\r\n')),
  ],
  ['200,000 links', (name) => plain(name, 'http://a.example/ '.repeat(200_000))],
  ['HTML 200,000 deep', (name) => html(name, `${'<b>'.repeat(200_000)}isi`)],
  ['HTML of 10 MB', (name) => html(name, '<p>isi</p>'.repeat(1_000_000))],
  ['HTML of open comments', (name) => html(name, '<!-- <style <script '.repeat(200_000))],
  ['HTML of open tags', (name) => html(name, '<a href="'.repeat(200_000))],
  ['HTML of tables', (name) => html(name, '<table><tr><td>'.repeat(50_000))],
  [
    'an empty plain part beside hostile HTML',
    (name) =>
      plain(
        name,
        `--b\r\n\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n${'<'.repeat(500_000)}\r\n--b--`,
        'Content-Type: multipart/alternative; boundary=b',
      ),
  ],
  [
    '50,000 References',
    (name) => plain(name, 'x', `References: ${Array.from({ length: 50_000 }, (_, at) => `<${at}@x>`).join('\r\n ')}`),
  ],
  [
    '100,000 recipients',
    (name) => plain(name, 'x', `Cc: ${Array.from({ length: 100_000 }, (_, at) => `a${at}@x.example`).join(',\r\n ')}`),
  ],
  ['a recipient without end', (name) => plain(name, 'x', `Cc: ${'<"('.repeat(100_000)}`)],
  ['nested comments', (name) => plain(name, 'x', `Authentication-Results: ${'('.repeat(200_000)}`)],
  ['attributions without end', (name) => plain(name, 'Pada x\r\n'.repeat(200_000))],
  ['quotes in quotes', (name) => plain(name, `${'>'.repeat(1_000)} x\r\n`.repeat(5_000))],
  ['encoded words without end', (name) => plain(name, 'x', `Subject: ${'=?utf-8?B?QUFB?= '.repeat(20_000)}`)],
  [
    'parameters in pieces',
    (name) =>
      mixed(
        name,
        `--b\r\nContent-Type: text/plain;${Array.from({ length: 20_000 }, (_, at) => ` name*${at}=x;`).join('\r\n')}\r\n\r\nx`,
      ),
  ],
  ['400 files', (name) => mixed(name, `${file('a.txt', 'QQ==')}\r\n`.repeat(400))],
  ['a file with a path', (name) => mixed(name, file('../../../../etc/passwd', 'QQ=='))],
  ['a winmail.dat', (name) => mixed(name, file('winmail.dat', 'eJ8+IgAAAAAA', 'application/ms-tnef'))],
  ['broken base64', (name) => mixed(name, file('rusak.bin', '!!!%%%=='.repeat(100_000)))],
  [
    'broken quoted-printable',
    (name) => plain(name, '=Z='.repeat(300_000), 'Content-Transfer-Encoding: quoted-printable'),
  ],
  ['NUL bytes', (name) => plain(name, '\u0000'.repeat(300_000))],
  [
    'UTF-7',
    (name) => plain(name, '+ADw-script+AD4-alert(1)+ADw-/script+AD4-', 'Content-Type: text/html; charset=utf-7'),
  ],
  ['an unknown charset', (name) => plain(name, 'isi', 'Content-Type: text/plain; charset=x-tidak-ada')],
  ['a boundary that never comes', (name) => plain(name, 'isi', 'Content-Type: multipart/mixed; boundary=tidak-ada')],
  ['no boundary at all', (name) => plain(name, 'isi', 'Content-Type: multipart/mixed')],
  [
    'a boundary of 100 kB',
    (name) => plain(name, 'isi', `Content-Type: multipart/mixed; boundary="${'b'.repeat(100_000)}"`),
  ],
  ['nothing but headers', (name) => head(name)],
  ['nothing but a colon', () => ':'],
  [
    'a report without parts',
    (name) => plain(name, 'isi', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b'),
  ],
  [
    'a report of 10 MB',
    (name) =>
      plain(
        name,
        `--b\r\nContent-Type: message/delivery-status\r\n\r\n${'Action: failed\r\n\r\n'.repeat(600_000)}--b--`,
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      ),
  ],
  ['lone surrogates', (name) => plain(name, 'x', 'Subject: =?utf-8?B?7aCA7bCA?=')],
  ['right-to-left', (name) => plain(name, '\u202e\u2066'.repeat(10_000))],
  ['a date that is none', (name) => plain(name, 'x', 'Date: kemarin')],
  ['a sender that is none', (name) => plain(name, 'x').replace('Penyerang <penyerang@surel.example>', '<<<>>>,,;;@')],
  ['two senders', (name) => plain(name, 'x').replace('From: ', 'From: bupati@kabupaten.example\r\nFrom: ')],
  [
    'flowed text',
    (name) => plain(name, 'x \r\n'.repeat(200_000), 'Content-Type: text/plain; format=flowed; delsp=yes'),
  ],
  ['uuencode', (name) => plain(name, `begin 644 x\r\n${'M'.repeat(60)}\r\n`.repeat(20_000))],
  ['bare line feeds', (name) => plain(name, 'isi').replaceAll('\r\n', '\n')],
  ['bare carriage returns', (name) => plain(name, 'isi').replaceAll('\r\n', '\r')],
  ['a zip bomb by name', (name) => mixed(name, file('42.zip', base64(1_000), 'application/zip'))],
  [
    'a calendar',
    (name) => plain(name, `BEGIN:VCALENDAR\r\n${'BEGIN:VEVENT\r\n'.repeat(100_000)}`, 'Content-Type: text/calendar'),
  ],
  ['digits without end', (name) => plain(name, '1'.repeat(1_000_000))],
];

export const hostileMails = (): Hostile[] => KINDS.map(([name, make]) => ({ name, raw: Buffer.from(make(name)) }));
