import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelError } from '#contract';
import { type Context, openSession, type Session } from './imap/client.ts';
import type { Settings } from './settings.ts';

const WHAT = 'Listening at the mailbox';
/** A server that has not answered STATUS by then (or within one `watchdog`) is dead, whatever its socket says. */
const ANSWER_MS = 30_000;
/** A session that lived so long and then broke is everyday life, and is made anew without alarm. */
const LONG_ENOUGH_MS = 60_000;
const RECYCLE_MS = 4 * 3_600_000;
/** How often to look where the server cannot tell by itself. */
const WITHOUT_IDLE_MS = 60_000;

/**
 * Waits by IDLE (RFC 2177). Servers and networks let such a connection die in silence, so it is asked for the folder's
 * state every `watchdog`, with a time limit of our own; that also finds what came between two IDLEs. Whoever calls it
 * slows down repeated failures.
 */
export async function watch(ctx: Context, wake: () => void): Promise<void> {
  while (!ctx.signal.aborted) {
    const began = performance.now();
    try {
      await listen(ctx, wake);
    } catch (error) {
      if (ctx.signal.aborted) return;
      if (performance.now() - began < LONG_ENOUGH_MS) throw error;
      ctx.log.info({ channel: ctx.channel.id }, 'email: the connection that listens broke, making a new one');
    }
    await pause(1_000 + Math.random() * 2_000, ctx.signal);
  }
}

async function listen(ctx: Context, wake: () => void): Promise<void> {
  const session = await openSession(ctx, WHAT, { silenceMs: ctx.settings.watchdog + 2 * ANSWER_MS });
  try {
    const { client } = session;
    const box = await client.mailboxOpen(ctx.settings.folders.inbox, { readOnly: true });
    client.on('exists', wake);
    // What came before anyone listened.
    wake();
    await listenUntilRecycled(ctx, session, box.uidNext, wake);
  } catch (error) {
    throw session.failure(error);
  } finally {
    session.close();
  }
}

async function listenUntilRecycled(ctx: Context, session: Session, uidNext: number, wake: () => void): Promise<void> {
  const { client } = session;
  const canIdle = client.capabilities.has('IDLE');
  const every = canIdle ? ctx.settings.watchdog : Math.min(WITHOUT_IDLE_MS, ctx.settings.watchdog);
  const until = performance.now() + RECYCLE_MS;
  for (let known = uidNext; performance.now() < until && !ctx.signal.aborted; ) {
    await idleFor(every, canIdle, session, ctx.signal);
    const now = await state(session, ctx.settings);
    if (now !== known) wake();
    known = now;
  }
}

/** IDLE until it breaks or the time is over; the next command ends it. */
async function idleFor(ms: number, canIdle: boolean, { client }: Session, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([over.signal, signal]);
  const rest = pause(ms, either);
  const end = () => over.abort();
  client.once('close', end);
  const broken = canIdle ? client.idle().then(() => rest) : rest;
  try {
    await Promise.race([rest, broken]);
  } finally {
    over.abort();
    client.off('close', end);
    // The command that follows tells what broke it.
    broken.catch(() => {});
  }
}

async function state({ client, failure }: Session, { folders, watchdog }: Settings): Promise<number> {
  const over = new AbortController();
  const late = sleep(Math.min(ANSWER_MS, watchdog), undefined, { signal: over.signal }).then(() => {
    throw new ChannelError('retry', `${WHAT}: the server does not answer any more`);
  });
  try {
    const status = await Promise.race([client.status(folders.inbox, { uidNext: true }), late]);
    if (status && status.uidNext !== undefined) return status.uidNext;
    throw failure(undefined);
  } finally {
    over.abort();
    late.catch(() => {});
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined);
