import { ChannelError, type Published } from '#contract';
import { at, holds, textAt } from '../fields.ts';
import { codingOf } from '../gsm.ts';
import { written } from '../phones.ts';
import type { Outgoing } from '../publish.ts';
import type { GatewayContext } from '../settings.ts';
import { ask, contentAt, failureOf, type Values } from './client.ts';
import { remember } from './lookup.ts';

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
  await remember(ctx, outgoing.key);
  return { publishedId };
}
