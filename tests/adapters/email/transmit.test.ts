import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChannelError } from '#contract';
import { mailOf } from '../../../adapters/email/smtp/mail.ts';
import { transmit } from '../../../adapters/email/smtp/transmit.ts';
import { type Deed, type SmtpStandIn, type Step, startSmtp } from '../../../simulators/mail/smtp.ts';
import { freePort } from '../../helpers/ports.ts';
import { ACCOUNT, answer, CITIZEN, mailContext, mailSettings, PASSWORD } from './bench.ts';

let server: SmtpStandIn;
beforeEach(async () => {
  server = await startSmtp({ user: ACCOUNT, password: PASSWORD, maxBytes: 1_000_000 });
});
afterEach(() => server.close());

const contextAt = (port: number, smtp = {}, about = {}) => mailContext(mailSettings({ smtp: port }, smtp), about);

async function send(ctx = contextAt(server.port), about = {}) {
  const smtp = ctx.settings.smtp!;
  return transmit(await mailOf(answer(about), smtp, ctx), smtp, ctx);
}

/** The server does `deed` at this step. */
const at = (wanted: Step, deed: Deed) => server.steer((step) => (step === wanted ? deed : undefined));

const failureOf = (sending: Promise<unknown>): Promise<ChannelError> =>
  sending.then(
    () => Promise.reject(new Error('it was taken for a success')),
    (error: unknown) => (error instanceof ChannelError ? error : Promise.reject(error)),
  );

it('hands a mail over, says goodbye and leaves nothing open', async () => {
  expect(await send()).toBeNull();
  expect(server.received).toMatchObject([{ from: ACCOUNT, to: [CITIZEN] }]);
  await expect.poll(() => server.connections()).toBe(0);
});

it('logs in only where the server wants it', async () => {
  const open = await startSmtp();
  await send(contextAt(open.port, { login: false }));
  expect(open.received).toHaveLength(1);
  await open.close();
});

it('gives back the id that the server put in the place of ours', async () => {
  const messageId = '<AM0PR0101.abc@AM0PR0101.apcprd01.prod.outlook.com>';
  at('message', { take: true, messageId, reply: `250 2.0.0 OK ${messageId} [Hostname=AM0PR0101]` });
  expect(await send()).toBe(messageId.slice(1, -1));
});

// The table of errors, each from a real connection. [what happens, kind, certain that nothing was sent, more]
const REFUSED: [string, Step, Deed, string, object][] = [
  ['a greeting of refusal', 'greeting', { reply: '554 5.7.1 no service for you' }, 'throttled', { code: '554 5.7.1' }],
  ['too busy at the greeting', 'greeting', { reply: '421 4.3.2 try again in 90 seconds', then: 'drop' }, 'throttled', { retryAfterMs: 90_000 }],
  ['a wrong password', 'auth', { reply: '535 5.7.8 wrong' }, 'auth', { code: '535 5.7.8' }],
  ['passwords no longer taken', 'auth', { reply: '535 5.7.139 basic authentication is disabled' }, 'auth', {}],
  ['a login that fails for now', 'auth', { reply: '454 4.7.0 temporary failure' }, 'retry', { nothingSent: true, retryAfterMs: 900_000 }],
  ['encryption wanted first', 'mail', { reply: '530 5.7.0 must issue STARTTLS' }, 'auth', { code: '530 5.7.0' }],
  ['basic authentication ended', 'mail', { reply: '550 5.7.30 Basic authentication is not supported' }, 'auth', {}],
  ['a sender that may not send', 'mail', { reply: '553 5.7.1 sender rejected' }, 'refused', { reason: 'forbidden' }],
  ['too large at MAIL', 'mail', { reply: '552 5.3.4 too large' }, 'refused', { reason: 'content' }],
  ['the daily limit (Gmail)', 'rcpt', { reply: '550 5.4.5 Daily user sending limit exceeded' }, 'throttled', { retryAfterMs: 3_600_000 }],
  ['blocked for sending too much (Microsoft)', 'message', { reply: '550 5.1.8 access denied, bad outbound sender' }, 'throttled', {}],
  ['an unknown address', 'rcpt', { reply: '550 5.1.1 no such user' }, 'refused', { reason: 'gone', code: '550 5.1.1' }],
  ['an address that has moved', 'rcpt', { reply: '551 not local' }, 'refused', { reason: 'gone' }],
  ['relaying refused', 'rcpt', { reply: '554 5.7.1 Relay access denied' }, 'refused', { reason: 'forbidden' }],
  ['greylisting', 'rcpt', { reply: '451 4.7.1 greylisted, try again in 5 minutes' }, 'retry', { nothingSent: true, retryAfterMs: 300_000 }],
  ['a busy mailbox', 'rcpt', { reply: '450 4.2.1 busy' }, 'retry', { nothingSent: true }],
  ['a full mailbox', 'rcpt', { reply: '552 5.2.2 over quota' }, 'retry', { nothingSent: true, retryAfterMs: 3_600_000 }],
  ['DATA not accepted', 'data', { reply: '451 4.3.0 not now' }, 'retry', { nothingSent: true }],
  ['commands out of order', 'data', { reply: '503 5.5.1 RCPT first' }, 'retry', { nothingSent: true }],
  ['not now, after the mail', 'message', { reply: '451 4.3.0 queue file write error' }, 'retry', { nothingSent: true }],
  ['closing down, after the mail', 'message', { reply: '421 4.3.2 shutting down', then: 'drop' }, 'throttled', {}],
  ['taken for spam', 'message', { reply: '554 5.7.1 spam' }, 'refused', { reason: 'content', code: '554 5.7.1' }],
  ['no DKIM', 'message', { reply: '550 5.7.26 unauthenticated' }, 'refused', { reason: 'forbidden' }],
  ['too large, after the mail', 'message', { reply: '552 5.3.4 too large' }, 'refused', { reason: 'content' }],
]; // biome-ignore format: one glance

it.each(REFUSED)('%s', async (_, step, deed, kind, more) => {
  at(step, deed);
  expect(await failureOf(send())).toMatchObject({ kind, ...more });
  expect(server.received).toEqual([]);
});

// Here the server has nothing it could deliver.
const CERTAIN: [string, Step, Deed][] = [
  ['at the greeting', 'greeting', { then: 'drop' }],
  ['after EHLO', 'ehlo', { then: 'drop' }],
  ['while logging in', 'auth', { then: 'drop' }],
  ['at MAIL FROM', 'mail', { then: 'drop' }],
  ['at RCPT TO', 'rcpt', { then: 'drop' }],
  ['at DATA', 'data', { then: 'drop' }],
  ['at MAIL FROM, with words that are none of SMTP', 'mail', { reply: 'oops', then: 'drop' }],
];

it.each(CERTAIN)('a connection that breaks %s has sent nothing', async (_, step, deed) => {
  at(step, deed);
  expect(await failureOf(send())).toMatchObject({ kind: 'retry', nothingSent: true });
});

it('a connection that breaks in the middle of a large mail has sent nothing', async () => {
  at('body', { then: 'drop' });
  const bytes = async () => Buffer.alloc(14_000_000, 'a');
  const files = [{ name: 'besar.pdf', mime: 'application/pdf', size: 14_000_000, bytes }];
  const roomy = await startSmtp();
  roomy.steer((step) => (step === 'body' ? { then: 'drop' } : undefined));
  const error = await failureOf(send(contextAt(roomy.port, { login: false }), { files }));
  await roomy.close();
  expect(error).toMatchObject({ kind: 'retry', nothingSent: true });
});

// Here it may stand at the receiver.
const DOUBTFUL: [string, Step, Deed][] = [
  ['breaks after it took the mail', 'message', { take: true, then: 'drop' }],
  ['breaks and has not taken the mail', 'message', { then: 'drop' }],
  ['took the mail and answers rubbish', 'message', { take: true, reply: 'oops', then: 'drop' }],
  ['took the mail and answers as HTTP does', 'message', { take: true, reply: '200 OK', then: 'drop' }],
  ['took the mail and its answer is cut', 'message', { take: true, reply: '55', then: 'drop' }],
];

it.each(DOUBTFUL)('a server that %s leaves a doubt', async (_, step, deed) => {
  at(step, deed);
  const error = await failureOf(send());
  expect(error).toMatchObject({ kind: 'retry', nothingSent: false, retryAfterMs: undefined });
});

describe('a server that says nothing', () => {
  it.each([
    ['before the mail', 'rcpt', true],
    ['after the mail', 'message', false],
  ] as const)('%s: the signal ends it', async (_, step, nothingSent) => {
    const stop = new AbortController();
    server.steer((now) => {
      if (now !== step) return undefined;
      setTimeout(() => stop.abort(), 20);
      return { take: true, then: 'silence' };
    });
    const error = await failureOf(send(contextAt(server.port, {}, { signal: stop.signal })));
    expect(error).toMatchObject({ kind: 'retry', nothingSent });
    await expect.poll(() => server.connections()).toBe(0);
  });

  it('a signal that was aborted before lets nothing out', async () => {
    const error = await failureOf(send(contextAt(server.port, {}, { signal: AbortSignal.abort() })));
    expect(error).toMatchObject({ kind: 'retry', nothingSent: true });
    expect(server.received).toEqual([]);
  });
});

it('a port where nobody listens has sent nothing', async () => {
  expect(await failureOf(send(contextAt(await freePort())))).toMatchObject({ kind: 'retry', nothingSent: true });
});

it('a name that nobody knows has sent nothing', async () => {
  const error = await failureOf(send(contextAt(25, { host: 'tidak-ada.invalid' })));
  expect(error).toMatchObject({ kind: 'retry', nothingSent: true });
});

it('a mail larger than the server says it takes never leaves', async () => {
  const size = 1_200_000;
  const files = [{ name: 'b.pdf', mime: 'application/pdf', size, bytes: async () => Buffer.alloc(size) }];
  expect(await failureOf(send(undefined, { files }))).toMatchObject({ kind: 'refused', reason: 'content' });
});

it('the dot does not leave when the time is over at that moment', async () => {
  // The process was stopped after DATA was accepted: the clock jumps, and only then the bytes would go.
  let time = new Date('2026-11-24T08:00:00Z');
  const deadline = new Date('2026-11-24T08:00:20Z');
  server.steer((step) => {
    if (step === 'data') time = new Date('2026-11-24T08:00:21Z');
    return undefined;
  });
  const error = await failureOf(send(contextAt(server.port, {}, { now: () => time, deadline })));
  expect(error).toMatchObject({ kind: 'retry', nothingSent: true });
  expect(server.received).toEqual([]);
});

it('says nothing that the server said', async () => {
  at('message', { reply: `554 5.7.1 no mail for ${CITIZEN}: ${PASSWORD}` });
  const error = await failureOf(send());
  expect(JSON.stringify(error) + error.stack + String(error.cause)).not.toMatch(/siti|rahasia/);
});
