import type { AnyAdapter, ChannelContext, Published, Reply, ReplyPart } from '#contract';

/** A reply as the hub sends it: whole, or divided where the adapter divides its text. */
export function partsOf(adapter: AnyAdapter, ctx: Pick<ChannelContext<unknown>, 'settings'>, reply: Reply): string[] {
  const at = { surface: reply.target.surface, settings: ctx.settings };
  return [...(adapter.publish?.split?.(reply.text, at) ?? [reply.text])];
}

/** One part of it; `before`: those that stand. */
export function partOf(reply: Reply, texts: readonly string[], before: readonly Published[]): Reply {
  const part: ReplyPart = { number: before.length + 1, of: texts.length, before };
  const text = texts[before.length] ?? '';
  if (texts.length === 1) return { ...reply, text };
  return {
    ...{ ...reply, text, part },
    key: part.number > 1 ? `${reply.key}/${part.number}` : reply.key,
    files: part.number > 1 ? [] : reply.files,
  };
}

/** Sends all parts, one after the other. */
export async function sendWhole(adapter: AnyAdapter, ctx: ChannelContext<unknown>, reply: Reply): Promise<Published[]> {
  const texts = partsOf(adapter, ctx, reply);
  const done: Published[] = [];
  while (done.length < texts.length) done.push(await adapter.publish!.send(partOf(reply, texts, done), ctx));
  return done;
}

/** What was divided, without the white space at the seams. */
export const joined = (texts: readonly string[]): string => texts.join('').replace(/\s+/g, '');
