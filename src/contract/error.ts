/**
 * Why the platform said no, when it will go on saying no:
 * `content` the text or an attachment is not allowed, `window` the time to answer is over, `gone` what we answer no
 * longer exists, `forbidden` this account may not, `unsupported` the platform cannot do this, `invalid` we asked wrongly.
 */
export const REFUSAL_REASONS = ['content', 'window', 'gone', 'forbidden', 'unsupported', 'invalid'] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export type ChannelErrorKind = 'retry' | 'throttled' | 'auth' | 'refused';

interface Details {
  /** `throttled`: how long the platform asks us to wait, in milliseconds. `retry`: how long this one should wait at least. */
  retryAfterMs?: number;
  /**
   * `throttled`: what may be used within a span of time is used up, and this is when there is more. `retryAfterMs` may be
   * shorter: what was raised meanwhile is noticed then.
   */
  quotaUntil?: Date;
  /** `auth`: the platform has not granted us access yet; no new credentials change that, only its decision. */
  awaitsAccess?: boolean;
  /** `refused`: why. */
  reason?: RefusalReason;
  /** Is it certain that the platform published nothing? Only `retry` needs to say so; the other kinds prove it. */
  nothingSent?: boolean;
  /** The platform's own code or HTTP status, for people and the attempt's record. Never a secret, never content. */
  code?: string;
  cause?: unknown;
}

/**
 * The one error an adapter throws. It says what kind of failure it was; the flow decides what follows.
 *
 * - `retry`: it may work later (network, 5xx, maintenance), after `retryAfterMs` where that is known. On a send it must say whether `nothingSent` is certain;
 *   without that proof the publication becomes `uncertain` and nobody sends it again before the platform was asked.
 * - `throttled`: too fast, or a quota is spent (`quotaUntil`). The account waits `retryAfterMs`; other accounts go on.
 * - `auth`: the credentials are dead. The account pauses and a person is told.
 * - `refused`: this will never work as it is; `reason` says why.
 *
 * Anything else that an adapter throws counts as `retry` when fetching and as `uncertain` when sending.
 * The message is shown to operators: say what was wrong and what to do, without secrets, addresses with tokens or content.
 */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly kind: ChannelErrorKind;
  readonly retryAfterMs: number | undefined;
  readonly quotaUntil: Date | undefined;
  readonly awaitsAccess: boolean;
  readonly reason: RefusalReason | undefined;
  readonly nothingSent: boolean;
  readonly code: string | undefined;

  constructor(kind: ChannelErrorKind, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.retryAfterMs = kind === 'throttled' ? (details.retryAfterMs ?? 60_000) : undefined;
    if (kind === 'retry') this.retryAfterMs = details.retryAfterMs;
    this.quotaUntil = kind === 'throttled' ? details.quotaUntil : undefined;
    this.awaitsAccess = kind === 'auth' && details.awaitsAccess === true;
    this.reason = kind === 'refused' ? (details.reason ?? 'invalid') : undefined;
    this.nothingSent = kind === 'retry' ? (details.nothingSent ?? false) : true;
    this.code = details.code;
  }
}

/** What an HTTP status means, for adapters whose platform follows the standard. `null` for 2xx. Pure. */
export function httpError(
  response: { status: number; headers: Readonly<Record<string, string>> },
  now: Date,
  what: string,
): ChannelError | null {
  const { status } = response;
  if (status >= 200 && status < 300) return null;
  const code = String(status);
  if (status === 429) {
    const retryAfterMs = retryAfter(response.headers['retry-after'], now) ?? 60_000;
    return new ChannelError('throttled', `${what}: too many requests (429)`, { retryAfterMs, code });
  }
  if (status === 401 || status === 407)
    return new ChannelError('auth', `${what}: the credentials were not accepted (${code})`, { code });
  if (status === 403) return new ChannelError('refused', `${what}: not permitted (403)`, { reason: 'forbidden', code });
  if (status === 404 || status === 410)
    return new ChannelError('refused', `${what}: it no longer exists there (${code})`, { reason: 'gone', code });
  if (status === 413 || status === 422)
    return new ChannelError('refused', `${what}: the content was not accepted (${code})`, { reason: 'content', code });
  if (status === 405 || status === 501)
    return new ChannelError('refused', `${what}: not offered there (${code})`, { reason: 'unsupported', code });
  // 408 and 425 are answers to a request that may have been read; 409 may mean that it is already there.
  if (status >= 400 && status < 500 && ![408, 409, 425].includes(status))
    return new ChannelError('refused', `${what}: the request was not understood (${code})`, {
      reason: 'invalid',
      code,
    });
  return new ChannelError('retry', `${what}: the other side is not well (${code})`, { code });
}

/** `Retry-After` in seconds or as an HTTP date (RFC 9110 section 10.2.3), to milliseconds from `now`. */
export function retryAfter(header: string | undefined, now: Date): number | undefined {
  if (!header) return undefined;
  if (/^\d{1,7}$/.test(header)) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
