import { ChannelError } from '#contract';

/** How far the message itself had gone when it failed. `after`: everything, with the dot that ends it. */
export type Stage = 'before' | 'during' | 'after';

/** What nodemailer tells of a failed send (`NodemailerError`), and what we know ourselves. */
export interface SmtpFailure {
  code?: string | undefined;
  command?: string | undefined;
  response?: string | undefined;
  responseCode?: number | undefined;
  stage: Stage;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Codes of nodemailer under which a reply of the server is its answer to what we asked. */
const ANSWERED = new Set(['EENVELOPE', 'EMESSAGE', 'EAUTH', 'EOAUTH2', 'EPROTOCOL']);
const LOGIN = new Set(['EAUTH', 'ENOAUTH', 'EOAUTH2']);

/**
 * What a failed send means. nodemailer names the same code, and `CONN` as the command, whether a connection broke before
 * or after the final dot (tried with 10.6 against a server that does both), so the stage decides: as long as the dot had
 * not left, the server has nothing it could deliver (RFC 5321 4.1.1.4). After it, only the server's own refusal proves
 * that nothing was sent. The message holds codes, never the server's words: those may quote addresses or passwords. Pure.
 */
export function sendError(failure: SmtpFailure): ChannelError {
  const { code = 'unknown', responseCode = 0, stage } = failure;
  const counts = stage === 'after' ? code === 'EMESSAGE' : ANSWERED.has(code);
  if (counts && responseCode >= 400 && responseCode < 600) return refusalOf(failure, responseCode);
  if (stage === 'before' && LOGIN.has(code)) return deadLogin('the server did not accept the login', code);
  if (stage === 'before' && code === 'EMESSAGE') return content('the mail is larger than the server allows', code);
  if (stage !== 'after')
    return new ChannelError('retry', `Sending the mail: the server could not be used (${code})`, {
      nothingSent: true,
      code,
    });
  return new ChannelError('retry', `Sending the mail: no answer to the whole mail (${code})`, { code });
}

/** The server's own no, by its code and its enhanced status (RFC 3463). */
function refusalOf(failure: SmtpFailure, code: number): ChannelError {
  const { response = '', command = '' } = failure;
  const status = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] ?? '';
  const name = `${code} ${status}`.trim();
  if (isQuota(status, response)) return wait('the mailbox has sent as much as it may', name, HOUR);
  if (isLogin(failure, code, status)) return deadLogin('the server did not accept the login', name);
  if (code === 421 || failure.code === 'EPROTOCOL')
    return wait('the server takes nothing now', name, waitOf(response) ?? MINUTE);
  if (code < 500 || code === 503)
    return later('the server asks to come again later', name, waitOf(response) ?? 15 * MINUTE);
  const atRecipient = command === 'RCPT TO';
  if (status.endsWith('.2.2') || (code === 552 && atRecipient))
    return later("the receiver's mailbox is full", name, HOUR);
  if (code === 552 || code === 523 || status.endsWith('.3.4')) return content('the mail is too large', name);
  if (command === 'MAIL FROM' || UNTRUSTED.has(status))
    return refused('forbidden', 'our address may not send here, or the domain lacks DKIM or DMARC', name);
  if (atRecipient && (status.startsWith('5.7.') || /relay/i.test(response)))
    return refused('forbidden', 'this account may not send to that address', name);
  if (atRecipient || status.startsWith('5.1.')) return refused('gone', 'the address does not exist', name);
  return content('the server did not take this mail', name);
}

/** DKIM, SPF or DMARC are missing: Gmail 5.7.26, Microsoft 5.7.515, RFC 7372 5.7.20 to 5.7.26. */
const UNTRUSTED = new Set(['5.7.20', '5.7.21', '5.7.22', '5.7.23', '5.7.24', '5.7.25', '5.7.26', '5.7.515']);
/** Gmail 5.4.5; Microsoft 5.7.501 to 5.7.503 and 5.1.8 (blocked for sending too much). */
const QUOTA = new Set(['5.4.5', '4.4.5', '5.7.501', '5.7.502', '5.7.503', '5.1.8']);

const isQuota = (status: string, response: string): boolean =>
  QUOTA.has(status) ||
  /\b(daily|hourly|user|sending)\b[^.]{0,40}\b(limit|quota)\b[^.]{0,20}\b(exceeded|reached)\b/i.test(response);

/** 530 also says that the connection must be encrypted first; 5.7.30 and 5.7.139 that passwords are no longer taken. */
const isLogin = (failure: SmtpFailure, code: number, status: string): boolean =>
  [530, 534, 535, 538].includes(code) ||
  ['5.7.30', '5.7.139'].includes(status) ||
  (LOGIN.has(failure.code ?? '') && code >= 500);

/** "try again in 300 seconds", as greylisting servers say. */
function waitOf(response: string): number | undefined {
  const [, count, unit] = /\b(?:in|for|after)\s+(\d{1,5})\s*(s|sec|seconds?|m|min|minutes?)\b/i.exec(response) ?? [];
  return count && unit ? Math.min(Number(count) * (unit.startsWith('m') ? MINUTE : 1_000), HOUR) : undefined;
}

const said = (what: string, name: string) => `Sending the mail: ${what} (${name})`;
const deadLogin = (what: string, code: string) =>
  new ChannelError('auth', said(`${what}; check user, password and encryption`, code), { code });
const wait = (what: string, code: string, retryAfterMs: number) =>
  new ChannelError('throttled', said(what, code), { code, retryAfterMs });
const later = (what: string, code: string, retryAfterMs: number) =>
  new ChannelError('retry', said(what, code), { code, retryAfterMs, nothingSent: true });
const refused = (reason: 'gone' | 'forbidden' | 'content', what: string, code: string) =>
  new ChannelError('refused', said(what, code), { reason, code });
const content = (what: string, code: string) => refused('content', what, code);
