import { describe, expect, it } from 'vitest';
import { outboxId } from '../../../../adapters/email/ids.ts';
import { kitTokens } from '../../../kit/context.ts';
import { normaliseMail } from '../normalised.ts';

const ORIGINAL = 'd1c2.tiket@kab.example';

function bounce(
  fields: string,
  third = `Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <${ORIGINAL}>\r\nSubject: Re: Lampu`,
) {
  return [
    'From: MAILER-DAEMON@mx.surel.example',
    'To: aduan@kabupaten.example',
    'Subject: Undelivered Mail Returned to Sender',
    'Message-ID: <dsn-1@mx.surel.example>',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    'MIME-Version: 1.0',
    '',
    '--b\r\nContent-Type: text/plain\r\n\r\nMaaf.',
    `--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.surel.example\r\n\r\n${fields}`,
    `--b\r\n${third}`,
    '--b--',
    '',
  ].join('\r\n');
}
const recipient = (action: string, status: string) =>
  `Final-Recipient: rfc822; budi@surel.example\r\nAction: ${action}\r\nStatus: ${status}\r\nDiagnostic-Code: smtp; 550 budi\r\n`;

describe('a bounce is what became of our mail', () => {
  it.each([
    ['failed', '5.1.1', 'failed', /alamat surel penerima tidak ada.*5\.1\.1/i],
    ['failed', '5.2.2', 'failed', /penuh/],
    ['failed', '5.7.26', 'rejected', /menolak/],
    ['failed', 'rusak', 'failed', /tidak dapat diantarkan/],
    ['delayed', '4.4.1', 'delayed', /masih dicoba/],
    ['delivered', '2.0.0', 'delivered', undefined],
  ])('%s %s is "%s"', async (action, status, state, reason) => {
    const item = await normaliseMail(bounce(recipient(action, status)));
    expect(item).toMatchObject({ type: 'receipt', objectId: ORIGINAL, state });
    if (reason) expect(item).toMatchObject({ reason: expect.stringMatching(reason) });
    expect(JSON.stringify(item)).not.toContain('budi');
  });

  it('takes the worst of several recipients', async () => {
    const fields = `${recipient('delivered', '2.0.0')}\r\n${recipient('failed', '5.1.1')}`;
    expect(await normaliseMail(bounce(fields))).toMatchObject({ state: 'failed' });
  });

  it('finds our id in a whole mail that came back', async () => {
    const third = `Content-Type: message/rfc822\r\n\r\nMessage-ID:\r\n <${ORIGINAL}>\r\nSubject: Re: Lampu\r\n\r\nIsi`;
    expect(await normaliseMail(bounce(recipient('failed', '5.1.1'), third))).toMatchObject({ objectId: ORIGINAL });
  });

  it('is a mail that a person looks at when it names no mail of ours', async () => {
    const item = await normaliseMail(bounce(recipient('failed', '5.1.1'), 'Content-Type: text/plain\r\n\r\n-'));
    expect(item).toMatchObject({ type: 'message', automated: true, unsure: true });
  });
});

const report = (type: string, part: string) =>
  [
    'From: budi@surel.example',
    'To: aduan@kabupaten.example',
    'Message-ID: <mdn-1@surel.example>',
    `Content-Type: multipart/report; report-type=${type}; boundary=b`,
    '',
    '--b\r\nContent-Type: text/plain\r\n\r\nDibaca.',
    `--b\r\n${part}`,
    '--b--',
    '',
  ].join('\r\n');

it('names our publication by the key in our id', async () => {
  const outbox = outboxId('0198c0de-0000-7000-8000-000000000001', 'abcdefghijklmnopqrstuvwx23', kitTokens);
  const third = `Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <${outbox}@kab.example>\r\n`;
  expect(await normaliseMail(bounce(recipient('failed', '5.1.1'), third))).toMatchObject({
    publicationKey: '0198c0de-0000-7000-8000-000000000001',
  });
});

describe('other reports', () => {
  it('a read receipt says so of our mail, and is nothing where it names none', async () => {
    const part = (id: string) => `Content-Type: message/disposition-notification\r\n\r\nReporting-UA: x\r\n${id}`;
    const named = report('disposition-notification', part(`Original-Message-ID: <${ORIGINAL}>\r\n`));
    expect(await normaliseMail(named)).toMatchObject({ type: 'receipt', objectId: ORIGINAL, state: 'read' });
    expect(await normaliseMail(report('disposition-notification', part('')))).toBeNull();
  });

  it('a complaint about spam is a rejection', async () => {
    const part = `Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <${ORIGINAL}>\r\n`;
    expect(await normaliseMail(report('feedback-report', part))).toMatchObject({
      objectId: ORIGINAL,
      state: 'rejected',
    });
  });
});
