import { z } from 'zod';
import { ChannelError, defineAdapter, type Page, type SecretRef } from '#contract';

type Cursor = string;
const bytes = Buffer.alloc(100_000, 7);

/** Does what its cursor says: the ways in which reading in a thread can go wrong. */
const odd = defineAdapter<unknown, never, Cursor>({
  name: 'odd',
  settings: z.unknown(),
  normalise: () => null,
  extract: () => ({ bytes }),
  poll: {
    cursor: z.string(),
    every: '1h',
    async page(cursor, ctx): Promise<Page<Cursor>> {
      if (cursor === 'auth') throw new ChannelError('auth', 'sudah mati', { code: '190' });
      if (cursor === 'throttled') throw new ChannelError('throttled', 'pelan', { retryAfterMs: 7_000 });
      if (cursor === 'secret') throw new Error(await ctx.secret('${ODD}' as SecretRef));
      if (cursor === 'clock') throw new Error(ctx.now().toISOString());
      if (cursor === 'die') process.exit(1);
      if (cursor === 'wait') await new Promise((_, reject) => ctx.signal.addEventListener('abort', reject));
      while (cursor === 'stuck');
      ctx.log.info({ channel: ctx.channel.id }, 'a page');
      const items = ['a', 'b'].map((key) => ({ account: ctx.channel.account, key, raw: Buffer.from(bytes) }));
      return { items, next: 'after', more: true };
    },
  },
  async watch(ctx, wake) {
    wake();
    await new Promise<void>((resolve) => ctx.signal.addEventListener('abort', () => resolve()));
  },
});

export const adapters = { odd };
