import { fieldsOf, textOf } from '../_meta/json.ts';
import type { Context } from './settings.ts';

const ROW = 'gap';
const TOLD_MS = 7 * 86_400_000;

/** More mentions came than X lets anyone read: those before are lost, and people have to know. */
export async function keepGap(ctx: Context, count: number): Promise<void> {
  ctx.log.warn({ channel: ctx.channel.id, count }, 'twitter: older mentions are out of reach');
  await ctx.store.update(ROW, async () => ({ at: ctx.now().toISOString() }));
}

/** For people, in Indonesian; empty when there was none of late. */
export async function gapWarnings(ctx: Context): Promise<string[]> {
  const at = textOf(fieldsOf(await ctx.store.get(ROW)).at);
  if (!at || ctx.now().getTime() - Date.parse(at) > TOLD_MS) return [];
  return [
    `Pada ${at.slice(0, 10)} ada lebih dari 800 sebutan sekaligus; yang lebih lama tidak dapat dibaca lewat X. Cari sendiri di x.com.`,
  ];
}
