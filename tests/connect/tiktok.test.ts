import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONNECTION_KEY } from '#contract';
import { poll } from '../../src/flows/poll.ts';
import { ensureChannels } from '../../src/store/channelState.ts';
import { channelStore } from '../../src/store/channelValues.ts';
import { type TiktokHub, tiktokHub } from '../tiktok/world.ts';
import { connectAsPerson } from './world.ts';

let world: TiktokHub;
beforeAll(async () => {
  world = await tiktokHub(
    { redirectUris: ['https://aduan.contohkab.go.id/'], manners: { rotate: true } },
    { refreshToken: undefined },
  );
  await ensureChannels(world.hub.deps.db, ['tt']);
});
afterAll(() => world.close());

const connect = (walk = {}) =>
  connectAsPerson(world.hub, 'tt', { redirect: 'https://aduan.contohkab.go.id/', ...walk });
const stored = () => channelStore(world.hub.deps.db, world.hub.deps.keyring, 'tt').get(CONNECTION_KEY);

it('an account without any token says what to run; connected, it is read', async () => {
  const { db } = world.hub.deps;
  await poll(world.hub.deps, 'tt').catch(() => {});
  const { poll_error } = await db.selectFrom('channel_state').select('poll_error').executeTakeFirstOrThrow();
  expect(poll_error).toContain('kanal channel connect tt');
  const comment = world.tiktok.world.comment(world.tiktok.world.video('Pasar'), 'lina.77', 'Kapan selesai?');
  const { connection } = await connect();
  expect(connection).toMatchObject({ account: '_000SimPemkabContoh', missing: [] });
  expect(connection.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 364 * 86_400_000);
  await poll(world.hub.deps, 'tt');
  const items = await db.selectFrom('source_item').select('key').execute();
  expect(items.map(({ key }) => key)).toContain(`comment ${comment.id} insert`);
});

it('the account of somebody else is not taken, and its number is told', async () => {
  const [channel] = world.hub.deps.config.channels;
  const before = await stored();
  Object.assign(channel!, { account: '@pemkab' });
  await expect(connect()).rejects.toThrow('tulis account: "_000SimPemkabContoh"');
  Object.assign(channel!, { account: '_000SimPemkabContoh' });
  expect(await stored()).toEqual(before);
});

it('an address that is not registered, and a bare code that nothing ties to us', async () => {
  await expect(connect({ redirect: 'https://lain.go.id/' })).rejects.toThrow('Alamat kembali belum terdaftar');
  const paste_ = (text: string) => new URL(text).searchParams.get('code') ?? '';
  await expect(connect({ paste_ })).rejects.toThrow('Tempelkan seluruh alamat');
});

it('many that find the token old use each refresh token once', async () => {
  await connect();
  const { tokens } = world.tiktok;
  const before = tokens.given;
  const store = channelStore(world.hub.deps.db, world.hub.deps.keyring, 'tt');
  await store.update(CONNECTION_KEY, async (old) => ({ ...(old as object), until: new Date(0).toISOString() }));
  const { default: tiktok } = await import('../../adapters/tiktok/index.ts');
  const { channelContext } = await import('../../src/flows/context.ts');
  const [channel] = world.hub.deps.config.channels;
  const look = () => tiktok.probe!(channelContext(world.hub.deps, channel!, { signal: AbortSignal.timeout(10_000) }));
  await new Promise((done) => setTimeout(done, 1_200));
  await Promise.all(Array.from({ length: 60 }, look));
  expect([tokens.given - before, tokens.refused]).toEqual([1, 0]);
});
