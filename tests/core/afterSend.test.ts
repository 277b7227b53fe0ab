import { expect, it } from 'vitest';
import { ChannelError } from '#contract';
import { afterSend, backoff } from '../../src/core/afterSend.ts';

const policy = { idempotency: 'lookup', maxAttempts: 3, settleAfterMs: 1_000 } as const;
const after = (details: object, attempt = 1) =>
  afterSend({ error: new ChannelError('retry', 'x', details) }, attempt, policy);

it('a send that may go out again waits as long as the platform says, and never less than usual', () => {
  expect(after({ nothingSent: true, retryAfterMs: 900_000 })).toMatchObject({ state: 'queued', afterMs: 900_000 });
  expect(after({ nothingSent: true, retryAfterMs: 1 })).toMatchObject({ state: 'queued', afterMs: backoff(1) });
  expect(after({ nothingSent: true })).toMatchObject({ state: 'queued', afterMs: backoff(1) });
  expect(after({ nothingSent: true, retryAfterMs: 900_000 }, 3)).toMatchObject({ needsPerson: true });
});

it('a doubt does not go back into the queue, whatever the platform asks', () => {
  expect(after({ retryAfterMs: 900_000 })).toMatchObject({ state: 'uncertain', afterMs: 1_000 });
});
