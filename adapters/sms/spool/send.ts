import { join } from 'node:path';
import { ChannelError, type Finding, type Published, type Reply } from '#contract';
import { e164 } from '../phones.ts';
import type { Outgoing } from '../publish.ts';
import type { GammuContext } from '../settings.ts';
import { exists, place, settle, within } from './files.ts';
import { encode, outboxName } from './names.ts';

/**
 * Hands a message to gammu-smsd: the file in the outbox is our request, its name the id. Whether the network took it is told
 * by the folder that it is moved to, as a receipt.
 */
export async function send(ctx: GammuContext, what: string, { key, to, text, since }: Outgoing): Promise<Published> {
  const name = outboxName({ key, to, since });
  // Nothing may go out twice, whoever asks.
  if (await within(what, () => stands(ctx, name), true)) return { publishedId: name };
  const { outbox } = ctx.settings;
  let committed = false;
  const commit = () => {
    if (ctx.signal.aborted || (ctx.deadline && ctx.deadline < ctx.now())) throw tooLate(what);
    committed = true;
  };
  try {
    await place(outbox, name, encode(text), commit);
    await settle(outbox);
  } catch (error) {
    await within(what, () => Promise.reject(error), !committed);
  }
  return { publishedId: name };
}

const tooLate = (what: string) =>
  new ChannelError('retry', `${what}: waktu mengirim sudah lewat`, { nothingSent: true });

/** In this order: a file only goes from the outbox to one of the others, so it cannot slip past. */
async function stands({ settings: { outbox, sent, error } }: GammuContext, name: string): Promise<boolean> {
  for (const folder of [outbox, sent, error]) if (await exists(join(folder, name))) return true;
  return false;
}

/**
 * A file with our key was handed over, wherever it lies now; one in `error` is a message that failed, and a receipt says so.
 * Where none lies, none was: for as long as nobody clears the folders (`keep`). After that nobody knows.
 */
export async function find(reply: Reply, ctx: GammuContext): Promise<Finding> {
  const to = e164(reply.target.threadId);
  if (!to) return 'absent';
  const name = outboxName({ key: reply.key, to, since: reply.firstAttemptAt });
  if (await within('Mencari SMS di folder modem', () => stands(ctx, name))) return { found: { publishedId: name } };
  const age = ctx.now().getTime() - reply.firstAttemptAt.getTime();
  return age < ctx.settings.keep ? 'absent' : 'unknown';
}
