import { isDeepStrictEqual } from 'node:util';
import { ChannelError, type ChannelErrorKind } from '#contract';

/** A guard against waiting for ever, not a measurement. */
export const GUARD_MS = 3_000;

/** A promise of the contract that the adapter breaks. */
export class BrokenPromise extends Error {}

/** Fails the check with a sentence that says what the adapter did wrong. */
export function must(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BrokenPromise(message);
}

export function mustEqual(got: unknown, wanted: unknown, what: string): void {
  must(isDeepStrictEqual(got, wanted), `${what}: wanted ${show(wanted)}, got ${show(got)}`);
}

const show = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 300);

/** The error of `work`, which must be a ChannelError. */
export async function channelError(work: () => Promise<unknown>, what: string): Promise<ChannelError> {
  const error = await failureOf(work);
  must(error !== undefined, `${what}: it was taken for a success`);
  must(error instanceof ChannelError, `${what}: threw ${String(error)} and not a ChannelError`);
  return error;
}

export async function mustFail(
  work: () => Promise<unknown>,
  kind: ChannelErrorKind,
  what: string,
): Promise<ChannelError> {
  const error = await channelError(work, what);
  must(error.kind === kind, `${what}: is \`${error.kind}\` and must be \`${kind}\` (${error.message})`);
  return error;
}

/** The outcome of `work`, which must succeed. */
export async function mustWork<T>(work: () => Promise<T>, what: string): Promise<T> {
  try {
    return await within(GUARD_MS, work(), what);
  } catch (error) {
    throw new BrokenPromise(`${what}: must work, and threw ${String(error)}`, { cause: error });
  }
}

/** What `work` throws; `undefined` when it succeeds. A call that never ends fails the check. */
export async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await within(GUARD_MS, work(), 'the call');
    return undefined;
  } catch (error) {
    return error ?? new Error('threw nothing');
  }
}

/** The outcome of `work`, or a failure when it never ends. */
export async function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new BrokenPromise(`${what} did not end`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
