import { ChannelError } from '#contract';
import { type Call, type Context, graph } from './graph.ts';
import type { Fields } from './json.ts';

/**
 * Reads with as many of the wished fields as are allowed: one field that is unknown or not permitted fails the whole
 * call with code 100, so the wishes go one by one, the last one first.
 */
export async function readWith(
  ctx: Context,
  call: Call,
  fields: readonly string[],
  wishes: readonly string[] = [],
): Promise<Fields> {
  try {
    return await graph(ctx, { ...call, query: { ...call.query, fields: [...fields, ...wishes].join(',') } });
  } catch (error) {
    const fieldRefused = error instanceof ChannelError && error.kind === 'refused' && error.code === '100';
    if (!fieldRefused || wishes.length === 0) throw error;
    return readWith(ctx, call, fields, wishes.slice(0, -1));
  }
}

/** What is refused here is nothing that the rest should wait for. */
export async function orNone<T>(read: () => Promise<T[]>): Promise<T[]> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ChannelError && error.kind === 'refused') return [];
    throw error;
  }
}
