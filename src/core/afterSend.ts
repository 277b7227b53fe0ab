import { ChannelError, type Idempotency, type Published } from '#contract';

/** What a send came to. */
export type SendResult = { published: Published } | { error: unknown };

/** What is to become of the publication. Waits are in milliseconds. */
export type AfterSend =
  | { state: 'published'; published: Published }
  | { state: 'queued'; afterMs: number; reason: string; needsPerson: boolean }
  | { state: 'refused'; reason: string }
  | { state: 'uncertain'; afterMs: number; reason: string; needsPerson: boolean };

export interface SendPolicy {
  idempotency: Idempotency;
  maxAttempts: number;
  /** How long after a send a look-up surely sees what landed. */
  settleAfterMs: number;
}

/**
 * What follows a send, in one place. Only an error that proves that nothing was published leads back to `queued`; every
 * other doubt is `uncertain`, and is looked up, sent again under the same key where the platform honours it, or brought
 * before a person. Never a blind resend. Pure.
 */
export function afterSend(result: SendResult, attempt: number, policy: SendPolicy): AfterSend {
  if ('published' in result) return { state: 'published', published: result.published };
  const { error } = result;
  if (!(error instanceof ChannelError)) return doubtful('error', attempt, policy);
  if (error.kind === 'refused') return { state: 'refused', reason: error.reason ?? 'invalid' };
  const exhausted = attempt >= policy.maxAttempts;
  if (error.kind === 'throttled') {
    // Waiting for one's turn is no failed attempt.
    return { state: 'queued', afterMs: error.retryAfterMs ?? 60_000, reason: 'throttled', needsPerson: false };
  }
  if (error.kind === 'auth') return { state: 'queued', afterMs: 60_000, reason: 'auth', needsPerson: false };
  if (error.nothingSent) {
    const afterMs = Math.max(backoff(attempt), error.retryAfterMs ?? 0);
    return { state: 'queued', afterMs, reason: 'unreachable', needsPerson: exhausted };
  }
  return doubtful('unanswered', attempt, policy);
}

/** A send whose fate nobody knows: `reason` says how that came. */
export function doubtful(reason: string, attempt: number, policy: SendPolicy): AfterSend {
  if (policy.idempotency === 'none') return { state: 'uncertain', afterMs: 0, reason, needsPerson: true };
  const native = policy.idempotency === 'native';
  return {
    state: 'uncertain',
    // The same key again is harmless, so it need not wait long.
    afterMs: native ? backoff(attempt) / 5 : policy.settleAfterMs,
    reason,
    needsPerson: native && attempt >= policy.maxAttempts,
  };
}

/** 5 s, 10 s, 20 s, ... at most 15 minutes. */
export function backoff(attempt: number): number {
  return Math.min(5_000 * 2 ** Math.max(0, attempt - 1), 15 * 60_000);
}

/** How long until the next look-up of a reply nobody could find or rule out: 10 s at first, half an hour at most. */
export function nextLook(checks: number): number {
  return Math.min(10_000 * 3 ** Math.min(checks, 10), 30 * 60_000);
}
