import { describe, expect, it } from 'vitest';
import { ourMessageId, outboxId, replyAddress } from '../../../adapters/email/ids.ts';
import { packMail } from '../../../adapters/email/raw.ts';
import { kitTokens } from '../../kit/context.ts';
import { ACCOUNT, mail, messageFrom, normaliseMail } from './normalised.ts';

describe('a mail becomes a message', () => {
  it('with sender, title, text, and what an answer needs', async () => {
    const item = await messageFrom(mail(['References: <r1@x.example> <r2@x.example>', 'In-Reply-To: <r2@x.example>']));
    expect(item).toMatchObject({
      surface: 'mail',
      claimed: true,
      title: 'Lampu',
      text: 'Lampu mati.',
      author: { id: 'budi@surel.example', email: 'budi@surel.example', name: 'Budi Santoso' },
      parentId: 'r2@x.example',
      ref: { messageId: 'a@surel.example', references: ['r1@x.example', 'r2@x.example'], subject: 'Lampu' },
    });
    expect(item.full).toBeUndefined();
    expect(item.threadId).toMatch(/^[a-z2-7]{26}$/);
  });

  it.each([
    ['encoded words', 'Subject: =?iso-8859-1?Q?Caf=E9?= =?utf-8?B?8J+aqQ==?=', 'Café🚩'],
    ['a folded subject', 'Subject: Jalan\r\n berlubang', 'Jalan berlubang'],
    ['an unknown charset', 'Subject: =?x-tidak-ada?Q?Lampu?=', 'Lampu'],
  ])('reads %s', async (_, header, title) => {
    expect((await messageFrom(mail([header]))).title).toBe(title);
  });

  it('reads charsets, also a wrong or unknown one', async () => {
    const body = Buffer.from([0x4a, 0x61, 0x6c, 0x61, 0x6e, 0x20, 0xe9]);
    const of = (charset: string) =>
      messageFrom(
        Buffer.concat([
          Buffer.from(mail([`Content-Type: text/plain; charset=${charset}`], '').trimEnd()),
          Buffer.from('\r\n\r\n'),
          body,
        ]),
      );
    expect((await of('iso-8859-1')).text).toBe('Jalan é');
    expect((await of('utf-8')).text).toBe('Jalan \uFFFD');
    expect((await of('x-tidak-ada')).text).toMatch(/^Jalan /);
  });

  it('shows HTML as text, and keeps it for the hub to clean', async () => {
    const html = '<html><body><p>Jalan <b>rusak</b></p><script>x()</script></body></html>';
    const item = await messageFrom(mail(['Content-Type: text/html; charset=utf-8'], html));
    expect(item.text).toBe('Jalan rusak');
    expect(item.full?.html).toContain('<b>rusak</b>');
  });

  it('takes the words of the HTML part when the plain one is empty', async () => {
    const parts =
      '--b\r\nContent-Type: text/plain\r\n\r\n \r\n--b\r\nContent-Type: text/html\r\n\r\n<div>Air&nbsp;keruh &amp; bau<br>Tolong</div><style>p{}</style>\r\n--b--';
    const item = await messageFrom(mail(['Content-Type: multipart/alternative; boundary=b'], parts));
    expect(item.text).toBe('Air keruh & bau\nTolong');
  });

  it('keeps what the view leaves out', async () => {
    const item = await messageFrom(
      mail([], 'Masih mati.\r\n\r\nPada Sel, 24 Nov 2026 pukul 08.00 Dinas <a@b.example> menulis:\r\n> Sudah'),
    );
    expect(item.text).toBe('Masih mati.');
    expect(item.full?.text).toContain('> Sudah');
  });

  it('lives without any header but one, and without a sender', async () => {
    const item = await messageFrom('Subject: Saja\r\n\r\nisi\r\n');
    expect(item).toMatchObject({ title: 'Saja', text: 'isi' });
    expect(item.author).toBeUndefined();
    expect(item.objectId).toMatch(/^tanpa-id\./);
  });

  it('takes the time of the mail server, not that of the writer', async () => {
    const source = { folder: 'INBOX', role: 'inbox', uidValidity: '1', uid: 1 } as const;
    const raw = (at?: string) =>
      packMail({ ...source, ...(at && { at }) }, Buffer.from(mail(['Date: Mon, 1 Jan 2035 00:00:00 +0700'])));
    expect((await messageFrom(raw('2026-11-24T02:00:00.000Z'))).at).toBe('2026-11-24T02:00:00.000Z');
    expect((await messageFrom(raw())).at).toBe('2034-12-31T17:00:00.000Z');
  });

  it('believes only our own first line', async () => {
    const forged = mail([
      `X-Kanal-Aduan-Source: ${JSON.stringify({ folder: 'x', role: 'junk', uidValidity: '1', uid: 1 })}`,
    ]);
    expect((await messageFrom(forged)).unsure).toBeUndefined();
  });

  it('names a person by no name that is another address', async () => {
    const item = await messageFrom(mail(['From: "bupati@kabupaten.example" <penipu@surel.example>']));
    expect(item.author).toEqual({ id: 'penipu@surel.example', email: 'penipu@surel.example' });
  });
});

describe('where answers go', () => {
  const headers = [
    'Reply-To: lain@surel.example',
    'Authentication-Results: mx.kab; dmarc=pass header.from=surel.example',
  ];

  it('to the sender, as long as nobody has proven them', async () => {
    expect((await messageFrom(mail(headers))).author?.email).toBe('budi@surel.example');
    const failed = await messageFrom(mail([headers[0]!]), { authServer: 'mx.kab' });
    expect(failed).toMatchObject({ verified: false, author: { email: 'budi@surel.example' } });
  });

  it('to Reply-To of a proven sender', async () => {
    const item = await messageFrom(mail(headers), { authServer: 'mx.kab' });
    expect(item).toMatchObject({ verified: true, author: { id: 'budi@surel.example', email: 'lain@surel.example' } });
  });
});

describe('threads', () => {
  const THREAD = 'abcdefghijklmnopqrstuvwx23';
  const threadOf = async (lines: string[]) => (await messageFrom(mail(lines))).threadId;

  it('by the first id and the sender: another sender is in another thread', async () => {
    const first = await threadOf([]);
    expect(await threadOf(['Message-ID: <b@x>', 'References: <a@surel.example> <z@x>', 'In-Reply-To: <z@x>'])).toBe(
      first,
    );
    expect(await threadOf(['Message-ID: <b@x>', 'In-Reply-To: <a@surel.example>'])).toBe(first);
    const stranger = ['From: lain@surel.example', 'Message-ID: <b@x>', 'References: <a@surel.example>'];
    expect(await threadOf(stranger)).not.toBe(first);
  });

  it('by the token in an address of ours, in whatever header it survived', async () => {
    const address = replyAddress(ACCOUNT, THREAD, kitTokens);
    expect(await threadOf([`To: Aduan <${address}>`])).toBe(THREAD);
    expect(await threadOf([`Cc: x@y.example, "a, b" <${address.toUpperCase()}>`])).toBe(THREAD);
    expect(await threadOf([`Delivered-To: ${address}`])).toBe(THREAD);
    expect(await threadOf([`To: ${address.replace('+abc', '+abd')}`])).not.toBe(THREAD);
  });

  it('by a signed id of ours among References', async () => {
    const ours = ourMessageId(outboxId('0198-key', THREAD, kitTokens), ACCOUNT);
    expect(await threadOf([`References: <x@y> <${ours}>`, `In-Reply-To: <${ours}>`])).toBe(THREAD);
    expect(await threadOf([`References: <x@y> <${ours.replace('0198-key.a', '0198-key.b')}>`])).not.toBe(THREAD);
  });

  it('never by the subject; a ticket number there is only named', async () => {
    const item = await messageFrom(mail(['Subject: Re: Lampu [k7m-4qd-x2p]', 'Message-ID: <b@x>']));
    expect(item.ticketNo).toBe('K7M-4QD-X2P');
    expect(item.threadId).toBe((await messageFrom(mail(['Subject: lain', 'Message-ID: <b@x>']))).threadId);
  });
});

describe('mail of ours that comes back', () => {
  const outbox = outboxId('0198c0de-0000-7000-8000-000000000001', 'abcdefghijklmnopqrstuvwx23', kitTokens);

  it('is ours, names its publication, and stands under its own id', async () => {
    const item = await messageFrom(
      mail([
        `From: ${ACCOUNT}`,
        'To: budi@surel.example',
        'Message-ID: <server@prod.example>',
        `X-Hub-Outbox: ${outbox}`,
      ]),
    );
    expect(item).toMatchObject({
      fromUs: true,
      publicationKey: '0198c0de-0000-7000-8000-000000000001',
      objectId: 'server@prod.example',
    });
    expect(item.author).toBeUndefined();
  });

  it('without our mark is an answer outside the hub, in the thread of whom it went to', async () => {
    const theirs = await messageFrom(mail());
    const ours = await messageFrom(
      mail([`From: ${ACCOUNT}`, 'To: budi@surel.example', 'Message-ID: <o@x>', 'References: <a@surel.example>']),
    );
    expect(ours).toMatchObject({ fromUs: true, threadId: theirs.threadId });
    expect(ours.publicationKey).toBeUndefined();
  });
});

it('a mail that says who it is twice is known by its content too', async () => {
  const one = await messageFrom(mail([], 'Satu'));
  const two = await messageFrom(mail([], 'Dua'));
  expect(one.objectId).not.toBe(two.objectId);
  expect((await messageFrom(mail(['Received: by mx2.example'], 'Satu\r\n\r\n'))).objectId).toBe(one.objectId);
});

it.each([
  ['nothing', '', /kosong/],
  ['no mail', '\u0000\u0001\u0002', /bukan surat|rusak/],
])('%s is no message: %s', async (_, raw, reason) => {
  await expect(normaliseMail(raw)).rejects.toThrow(reason);
});
