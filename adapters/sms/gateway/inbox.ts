import { ChannelError, type Page, type RawItem } from '#contract';
import { at, textAt } from '../fields.ts';
import { accountOf, messageRaw, strangeRaw } from '../items.ts';
import type { Gateway, GatewayContext } from '../settings.ts';
import { read } from './client.ts';

export const READING = ['cursor', 'size'];
const WHAT = 'Membaca SMS di gateway';

/** One page after the cursor. `null`: from the start. */
export async function page(after: string | null, ctx: GatewayContext): Promise<Page<string | null>> {
  const { inbox } = ctx.settings;
  if (!inbox) return { items: [], next: after, more: false };
  const cursor = after ?? inbox.start;
  const body = await read(ctx, WHAT, inbox, { cursor, size: String(inbox.size) });
  const entries = at(body, inbox.items);
  if (!Array.isArray(entries))
    throw new ChannelError('retry', `${WHAT}: tidak ada daftar pada "${inbox.items}" (settings.inbox.items)`);
  const items = entries.map((entry) => rawItem(entry, inbox, ctx));
  const next = (inbox.next === undefined ? newest(entries, inbox.last) : textAt(body, inbox.next)) ?? after;
  // By `last`, the newest is asked for again: messages of one second may be parted by a page's edge.
  const full = inbox.next === undefined ? entries.length >= inbox.size : entries.length > 0;
  if (full && next === cursor && inbox.next === undefined)
    throw new ChannelError(
      'retry',
      `${WHAT}: satu halaman penuh dan posisinya tidak maju; perbesar settings.inbox.size`,
    );
  return { items, next, more: full && next !== cursor };
}

function rawItem(entry: unknown, inbox: NonNullable<Gateway['inbox']>, ctx: GatewayContext): RawItem {
  const { account } = ctx.channel;
  if (typeof entry !== 'object' || entry === null) return strangeRaw(entry, account);
  // Whatever number stands there: what this account may read belongs to this channel.
  return { ...messageRaw(entry, inbox.message, accountOf(account)), account };
}

/** Lists are not always sorted. Numbers are compared as numbers, everything else as text. */
function newest(entries: readonly unknown[], place: string | undefined): string | undefined {
  const found = entries.flatMap((entry) => textAt(entry, place) ?? []);
  const numbers = found.every((one) => /^\d{1,15}$/.test(one));
  return found.sort((a, b) => (numbers ? Number(a) - Number(b) : a < b ? -1 : 1)).at(-1);
}
