import { ChannelError, type Finding, type Published, type Reply } from '#contract';
import { at, holds, textAt } from '../fields.ts';
import { codingOf } from '../gsm.ts';
import { written } from '../phones.ts';
import type { Outgoing } from '../publish.ts';
import type { GatewayContext } from '../settings.ts';
import { ask, contentAt, failureOf, type Values } from './client.ts';

export const SENDING = ['to', 'text', 'from', 'key', 'coding', 'ticketNo'];

function valuesOf(ctx: GatewayContext, { key, to, text, ticketNo }: Outgoing): Values {
  const { from = ctx.channel.account, numbers, codings } = ctx.settings;
  return { to: written(to, numbers), text, from, key, coding: codings[codingOf(text)], ticketNo: ticketNo ?? '' };
}

/** One request. Taken is what the answer says with an id, and nothing else. */
export async function send(ctx: GatewayContext, what: string, outgoing: Outgoing): Promise<Published> {
  const { send: described } = ctx.settings;
  const response = await ask(ctx, described, valuesOf(ctx, outgoing));
  const failure = failureOf(ctx, response, what);
  if (failure) throw failure;
  const body = contentAt(response);
  const { id, success } = described.answer;
  const code = String(response.status);
  if (success && !holds(body, success))
    throw new ChannelError('retry', `${what}: jawaban gateway tidak menyatakan diterima ("${success.at}")`, { code });
  const publishedId = textAt(body, id);
  if (!publishedId || typeof at(body, id) === 'boolean')
    throw new ChannelError('retry', `${what}: jawaban gateway tanpa nomor pesan ("${id}")`, { code });
  return { publishedId };
}

/** Only an entry with our key is ours. A look-up that failed has found nothing out. */
export async function find(reply: Reply, ctx: GatewayContext): Promise<Finding> {
  const { lookup } = ctx.settings;
  if (!lookup) return 'unknown';
  const response = await ask(ctx, lookup, { key: reply.key });
  if (response.status === 404) return 'absent';
  const failure = failureOf(ctx, response, 'Mencari SMS di gateway');
  if (failure && failure.kind !== 'retry') throw failure;
  if (failure) return 'unknown';
  const entries = entriesAt(contentAt(response), lookup.items);
  const ours = entries?.find((entry) => textAt(entry, lookup.key) === reply.key);
  const publishedId = ours === undefined ? undefined : textAt(ours, lookup.id);
  if (publishedId) return { found: { publishedId } };
  // Entries, and none of ours: this gateway does not look for our key, and ours may stand further down.
  return entries?.length === 0 ? 'absent' : 'unknown';
}

/** The members of the list at a path; a single entry is a list of one. `undefined`: there is neither. */
export function entriesAt(body: unknown, place: string): readonly unknown[] | undefined {
  const value = at(body, place);
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? [value] : undefined;
}
