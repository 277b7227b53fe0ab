import { ChannelError, type ChannelErrorKind, type RefusalReason } from '#contract';

/** An error on its way between threads: what clones of errors lose is its kind. */
export interface Failure {
  message: string;
  code?: string;
  channel?: {
    kind: ChannelErrorKind;
    retryAfterMs?: number;
    quotaUntil?: Date;
    awaitsAccess: boolean;
    reason?: RefusalReason;
    nothingSent: boolean;
  };
}

export function failureOf(error: unknown): Failure {
  const { message, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) };
  const failure: Failure = { message, ...(typeof code === 'string' && { code }) };
  if (!(error instanceof ChannelError)) return failure;
  const { kind, retryAfterMs, quotaUntil, awaitsAccess, reason, nothingSent } = error;
  return {
    ...failure,
    channel: {
      ...{ kind, nothingSent, awaitsAccess },
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(quotaUntil && { quotaUntil }),
      ...(reason && { reason }),
    },
  };
}

export function errorOf({ message, code, channel }: Failure): Error {
  if (!channel) return Object.assign(new Error(message), code !== undefined && { code });
  const { kind, ...details } = channel;
  return new ChannelError(kind, message, { ...details, ...(code !== undefined && { code }) });
}
