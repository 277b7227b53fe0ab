import { z } from 'zod';
import type { Page } from '#contract';
import { page as gatewayPage } from './gateway/inbox.ts';
import { type Context, isGammu, isGateway, type Settings } from './settings.ts';
import { page as spoolPage } from './spool/poll.ts';

const cursor = z.union([
  z.strictObject({ at: z.string().nullable() }),
  z.strictObject({ taken: z.record(z.string(), z.string()), told: z.string().nullable() }),
]);
type Cursor = z.infer<typeof cursor>;

/** A channel that changes from a gateway to a modem, or back, begins anew. */
async function page(after: Cursor | null, ctx: Context): Promise<Page<Cursor>> {
  if (isGammu(ctx)) return spoolPage(after && 'taken' in after ? after : null, ctx);
  const at = after && 'at' in after ? after.at : null;
  if (!isGateway(ctx)) return { items: [], next: { at }, more: false };
  const { items, next, more } = await gatewayPage(at, ctx);
  return { items, next: { at: next }, more };
}

/** A gateway without `inbox` only delivers. */
const idle = (settings: Settings): boolean => settings.via === 'gateway' && settings.inbox === undefined;

export const poll = { cursor, every: '1m', idle, page };
