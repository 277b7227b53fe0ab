import { z } from 'zod';
import { type AnyAdapter, defineAdapter, type Item } from '#contract';

const poll = {
  cursor: z.null(),
  every: '10m',
  page: async () => ({ items: [], next: null, more: false }),
};

const message = (text: string, objectId: string): Item => ({
  type: 'message',
  objectId,
  at: '2026-11-24T08:00:00+07:00',
  threadId: 't',
  surface: 'report',
  text,
});

const hogs: unknown[] = [];

/** What a parser may do to us, by the text of the raw item. */
const misdeeds: Record<string, () => Item | null | Promise<Item | null>> = {
  ignore: () => null,
  throw: () => {
    throw new Error('no opening tag');
  },
  invalid: () => ({ ...message('x', 'o'), surface: 'moon' }) as unknown as Item,
  loop: () => {
    for (;;);
  },
  hang: () => new Promise(() => undefined),
  exit: () => process.exit(3),
  hog: () => {
    for (;;) hogs.push(new Array(100_000).fill(Math.random()));
  },
  environment: () => message(JSON.stringify(process.env), 'o'),
};

export const adapters: Readonly<Record<string, AnyAdapter>> = {
  odd: defineAdapter({
    name: 'odd',
    settings: z.strictObject({}),
    poll,
    normalise: (raw, ctx) => {
      const text = typeof raw === 'string' ? raw : Buffer.from(raw).toString('hex');
      if (text.startsWith('token ')) return message(String(ctx.tokens.verify(text.slice(6))), 'o');
      const misdeed = misdeeds[text];
      return misdeed ? misdeed() : message(text, `${ctx.channel.id}/${ctx.receivedAt.toISOString()}`);
    },
    extract: (raw, inside) => {
      if (inside === 'loop') for (;;);
      if (inside !== 'head') throw new Error('there is no such part');
      return { bytes: Buffer.from(raw).subarray(0, 4), name: 'kepala.txt' };
    },
  }),
};
