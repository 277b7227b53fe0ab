import { z } from 'zod';
import type { Finding, Reply } from '#contract';
import { at, textAt } from '../fields.ts';
import type { GatewayContext } from '../settings.ts';
import { ask, contentAt, failureOf } from './client.ts';

/** A message that the gateway surely took: what a look-up that works must be able to find. */
const KEPT = 'taken';
const kept = z.object({ key: z.string(), at: z.iso.datetime() });
/** Gateways forget; a younger one takes its place. */
const FRESH_MS = 12 * 3_600_000;

/** Keeps the key of a message that was taken. What goes wrong here must not make a doubt of it. */
export async function remember(ctx: GatewayContext, key: string): Promise<void> {
  if (!ctx.settings.lookup) return;
  try {
    const known = kept.safeParse(await ctx.store.get(KEPT)).data;
    const now = ctx.now();
    if (known && now.getTime() - Date.parse(known.at) < FRESH_MS) return;
    await ctx.store.update(KEPT, async () => ({ key, at: now.toISOString() }));
  } catch {
    ctx.log.warn({ channel: ctx.channel.id }, 'sms: the key of a message that was taken could not be kept');
  }
}

/** Only an entry with our key is ours. A look-up that failed has found nothing out. */
export async function find({ key }: Pick<Reply, 'key'>, ctx: GatewayContext): Promise<Finding> {
  const looked = await look(ctx, key);
  return looked === 'nothing' ? absence(ctx) : looked;
}

type Looked = Exclude<Finding, 'absent'> | 'nothing';

async function look(ctx: GatewayContext, key: string): Promise<Looked> {
  const { lookup } = ctx.settings;
  if (!lookup) return 'unknown';
  const response = await ask(ctx, lookup, { key });
  if (response.status === 404) return 'nothing';
  const failure = failureOf(ctx, response, 'Mencari SMS di gateway');
  if (failure && failure.kind !== 'retry') throw failure;
  if (failure) return 'unknown';
  const entries = entriesAt(contentAt(response), lookup.items);
  const ours = entries?.find((entry) => textAt(entry, lookup.key) === key);
  const publishedId = ours === undefined ? undefined : textAt(ours, lookup.id);
  if (publishedId) return { found: { publishedId } };
  // Entries, and none of ours: this gateway does not look for our key, and ours may stand further down.
  return entries?.length === 0 ? 'nothing' : 'unknown';
}

/**
 * A look-up that is described wrongly finds nothing either, and what it does not find would be sent a second time. So it must
 * find a message that surely stands there. Before there is one, nothing is known.
 */
async function absence(ctx: GatewayContext): Promise<Finding> {
  const known = kept.safeParse(await ctx.store.get(KEPT)).data;
  if (!known) return 'unknown';
  if (typeof (await look(ctx, known.key)) === 'object') return 'absent';
  ctx.log.warn({ channel: ctx.channel.id }, 'sms: the look-up does not find a message that surely was taken');
  return 'unknown';
}

/** The members of the list at a path; a single entry is a list of one. `undefined`: there is neither. */
function entriesAt(body: unknown, place: string): readonly unknown[] | undefined {
  const value = at(body, place);
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? [value] : undefined;
}
