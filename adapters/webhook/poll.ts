import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ChannelError, type Page } from '#contract';
import { type Context, call, readAs } from './client.ts';
import { rawItem } from './items.ts';

/** The application's own position. It answers everything at or after it: what comes twice is known by its key. */
const cursor = z.string().min(1).max(1_000);
const change = z.object({ next: cursor });
const answer = change.extend({ items: z.array(z.unknown()), more: z.boolean() });

export const poll = { cursor, every: '10m', page };

async function page(after: string | null, ctx: Context): Promise<Page<string>> {
  const { account } = ctx.channel;
  const query = { account, limit: 200, after: after ?? undefined };
  const response = await call(ctx, 'Reading items', { url: `${ctx.settings.baseUrl}/items`, query });
  const { items, next, more } = readAs(answer, response, 'Reading items');
  if (more && next === after) throw new ChannelError('retry', 'Reading items: "more" is true but "next" did not move');
  return { items: items.map((one) => rawItem(one, account)), next, more };
}

/** Long poll: the application answers when something is newer than `after`, or when it has waited long enough. */
export async function watch(ctx: Context, wake: () => void): Promise<void> {
  for (let after: string | undefined; !ctx.signal.aborted; ) {
    const query = { account: ctx.channel.account, after };
    const request = { url: `${ctx.settings.baseUrl}/changes`, query, timeoutMs: 60_000 };
    const response = await call(ctx, 'Waiting for changes', request).catch(unlessAborted(ctx.signal));
    if (!response) return;
    const { next } = readAs(change, response, 'Waiting for changes');
    // An application that answers at once instead of waiting must not be asked without a pause.
    if (next === after) await sleep(1_000, undefined, { signal: ctx.signal }).catch(unlessAborted(ctx.signal));
    else wake();
    after = next;
  }
}

const unlessAborted = (signal: AbortSignal) => (error: unknown) => (signal.aborted ? undefined : Promise.reject(error));
