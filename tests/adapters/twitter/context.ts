import type { ChannelContext, Json, SecretRef } from '#contract';
import { secretName } from '#contract';
import twitter from '../../../adapters/twitter/index.ts';
import type { Cursor } from '../../../adapters/twitter/poll.ts';
import type { Settings } from '../../../adapters/twitter/settings.ts';
import { createHttp } from '../../../src/platform/http.ts';
import { kitTokens } from '../../kit/context.ts';
import { ACCOUNT, SECRETS, xChannel } from '../../x/world.ts';

export interface Driven {
  ctx: ChannelContext<Settings>;
  /** What the adapter keeps. */
  values: Map<string, Json>;
  /** Polls until there is nothing more; the items' keys. */
  poll(): Promise<string[]>;
  cursor(): Cursor | null;
  moveTo(cursor: Cursor): void;
}

/** The adapter by itself, with the hub's own HTTP, against a simulation at this address. */
export function driven(url: string, settings: object = {}, now: () => Date = () => new Date()): Driven {
  const values = new Map<string, Json>();
  const ctx: ChannelContext<Settings> = {
    channel: { id: 'x', account: ACCOUNT.id },
    settings: xChannel(url, settings, 1).settings as Settings,
    secret: async (ref: SecretRef) => SECRETS[secretName(ref) as keyof typeof SECRETS],
    ...{ now, signal: new AbortController().signal, http: createHttp({}), tokens: kitTokens },
    store: {
      get: async (key) => values.get(key),
      async update(key, change) {
        const next = await change(values.get(key));
        values.set(key, next);
        return next;
      },
    },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  };
  let at: Cursor | null = null;
  return {
    ...{ ctx, values, cursor: () => at },
    moveTo(cursor) {
      at = cursor;
    },
    async poll() {
      const keys: string[] = [];
      for (let more = true; more; ) {
        const page = await twitter.poll!.page(at, ctx);
        at = page.next as Cursor;
        keys.push(...page.items.map(({ key }) => key));
        more = page.more;
      }
      return keys;
    },
  };
}
