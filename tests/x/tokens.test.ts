import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ChannelContext, ChannelError } from '#contract';
import twitter from '../../adapters/twitter/index.ts';
import { channelContext } from '../../src/flows/context.ts';
import { openDatabase } from '../../src/store/database.ts';
import { type XHub, xHub } from './world.ts';

const SECRETS = { X_REFRESH: 'sim-refresh-token' };
let world: XHub;
beforeEach(async () => {
  SECRETS.X_REFRESH = 'sim-refresh-token';
  world = await xHub({ x: { tokenSeconds: 7_200 } });
});
afterEach(() => world.close());

/** Workers of their own, each with its own connections to the one database. */
function workers(count: number): { contexts: ChannelContext<unknown>[]; close(): Promise<void> } {
  const { deps, foundation } = world.hub;
  const channel = deps.config.channels[0]!;
  const opened = Array.from({ length: count }, () => openDatabase(foundation.databaseUrl, 3));
  const signal = new AbortController().signal;
  return {
    contexts: opened.map(({ db }) => channelContext({ ...deps, db }, channel, { signal })),
    close: async () => void (await Promise.all(opened.map(({ db }) => db.destroy()))),
  };
}

const check = (ctx: ChannelContext<unknown>) => twitter.probe!(ctx);
const failing = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: ChannelError) => error,
  );

it('of many workers that find the token old at once, one refreshes it, and one valid pair is left', async () => {
  const { contexts, close } = workers(6);
  try {
    for (let round = 1; round <= 5; round++) {
      await Promise.all(contexts.flatMap((ctx) => [check(ctx), check(ctx)]));
      expect(world.x.access).toMatchObject({ given: round, reused: 0, alive: { refresh: true, access: 1 } });
      // The token is about to end for all of them at the same moment.
      await contexts[0]!.store.update('oauth', async (old) => ({
        ...(old as object),
        until: new Date().toISOString(),
      }));
      world.x.access.forget();
    }
  } finally {
    await close();
  }
}, 30_000);

it('a token that is refused before its end is refreshed once; another refusal is for a person', async () => {
  const { contexts, close } = workers(1);
  const ctx = contexts[0]!;
  try {
    await check(ctx);
    world.x.access.forget();
    expect(await failing(check(ctx))).toMatchObject({ kind: 'retry', nothingSent: true });
    await check(ctx);
    expect(world.x.access.given).toBe(2);
    world.x.access.forget();
    expect(await failing(check(ctx))).toMatchObject({ kind: 'auth', code: '401' });
  } finally {
    await close();
  }
});

it('a pair that is lost between its answer and its storing is told as that', async () => {
  const { contexts, close } = workers(1);
  const ctx = contexts[0]!;
  try {
    await check(ctx);
    const before = await ctx.store.get('oauth');
    const ended = { ...(before as object), until: new Date().toISOString() };
    await ctx.store.update('oauth', async () => ended);
    await check(ctx);
    // As if the process had ended before it stored the new pair.
    await ctx.store.update('oauth', async () => ended);
    const error = await failing(check(ctx));
    expect(error).toMatchObject({ kind: 'auth', code: 'invalid_request' });
    expect(error?.message).toContain('terputus');
    expect(error?.message).toContain('kanal secret set X_REFRESH');
    expect(world.x.access.reused).toBe(1);
  } finally {
    await close();
  }
});

it('refreshes when less than ten minutes are left, and not before', async () => {
  const { contexts, close } = workers(1);
  const ctx = contexts[0]!;
  const left = (minutes: number) =>
    ctx.store.update('oauth', async (old) => {
      const until = new Date(Date.now() + minutes * 60_000).toISOString();
      return { ...(old as object), until };
    });
  try {
    await check(ctx);
    await left(11);
    await check(ctx);
    expect(world.x.access.given).toBe(1);
    await left(9);
    await check(ctx);
    expect(world.x.access.given).toBe(2);
  } finally {
    await close();
  }
});
