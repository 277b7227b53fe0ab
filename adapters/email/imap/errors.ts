import type { ImapFlowError } from 'imapflow';
import { ChannelError } from '#contract';

const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'CONNECT_TIMEOUT']);
/** Response codes of RFC 5530 after which the same password may work later. */
const LATER = new Set(['UNAVAILABLE', 'LIMIT', 'INUSE', 'SERVERBUG', 'CONTACTADMIN', 'ETHROTTLE']);
const UNTRUSTED = /^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_CERT|ERR_SSL|HOSTNAME_MISMATCH)/;

const fieldsOf = (error: unknown): Partial<ImapFlowError> =>
  typeof error === 'object' && error !== null ? (error as Partial<ImapFlowError>) : {};

/**
 * What a failure of the IMAP library means, in the words of the contract. `what` begins the message that operators read;
 * the server's own words are left out, as they may repeat what we sent. Pure.
 */
export function imapError(error: unknown, what: string): ChannelError {
  if (error instanceof ChannelError) return error;
  const fields = fieldsOf(error);
  const code = fields.serverResponseCode ?? fields.code ?? fields.responseStatus;
  const details = code ? { code } : {};
  if (fields.code === 'ETHROTTLE')
    return new ChannelError('throttled', `${what}: the server asks us to be slower`, {
      ...details,
      retryAfterMs: fields.throttleReset ?? 60_000,
    });
  if (fields.authenticationFailed) return loginError(fields, what, details);
  if (fields.mailboxMissing || code === 'NONEXISTENT')
    return new ChannelError(
      'retry',
      `${what}: there is no such folder; mend \`folders\` in the channel's file`,
      details,
    );
  if (code === 'NOPERM') return new ChannelError('auth', `${what}: this user may not read the folder`, details);
  if (fields.tlsFailed || UNTRUSTED.test(fields.code ?? ''))
    return new ChannelError(
      'retry',
      `${what}: no trusted encryption with the server; see \`security\`, \`certificate\``,
      details,
    );
  if (UNREACHED.has(fields.code ?? ''))
    return new ChannelError('retry', `${what}: the server cannot be reached; check \`host\` and \`port\``, {
      ...details,
      nothingSent: true,
    });
  return new ChannelError('retry', `${what}: the connection or the server failed`, details);
}

function loginError({ serverResponseCode, responseText }: Partial<ImapFlowError>, what: string, details: object) {
  // Microsoft 365 says so after a good login when licence or connections are short: postalsys/imapflow issue 314.
  const later = LATER.has(serverResponseCode ?? '') || /authenticated but not connected/i.test(responseText ?? '');
  return later
    ? new ChannelError('retry', `${what}: the server takes no login just now`, details)
    : new ChannelError('auth', `${what}: user or password was not accepted; set the password anew`, details);
}

/** Did the server answer this command with NO or BAD, and the connection stands? */
export function isRefusal(error: unknown): boolean {
  const { responseStatus, code } = fieldsOf(error);
  return (responseStatus === 'NO' || responseStatus === 'BAD') && code !== 'ETHROTTLE';
}
