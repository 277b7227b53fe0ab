import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONNECTION_KEY } from '#contract';
import twitter from '../../adapters/twitter/index.ts';
import { channelContext } from '../../src/flows/context.ts';
import { channelStore } from '../../src/store/channelValues.ts';
import { ACCOUNT, type XHub, xChannel, xHub } from '../x/world.ts';
import { connectAsPerson } from './world.ts';

let world: XHub;
beforeAll(async () => {
  world = await xHub();
  const { url } = world.x;
  // Without a refresh token in its file, and where the simulation asks.
  const { settings } = xChannel(url, { refreshToken: undefined, authorizeUrl: `${url}/i/oauth2/authorize` });
  Object.assign(world.hub.deps.config.channels[0]!, { settings });
});
afterAll(() => world.close());

const context = () => {
  const [channel] = world.hub.deps.config.channels;
  return channelContext(world.hub.deps, channel!, { signal: AbortSignal.timeout(10_000) });
};
const stored = () => channelStore(world.hub.deps.db, world.hub.deps.keyring, 'x').get(CONNECTION_KEY);

it('an account is connected by a browser on this machine, and its pair is the one that is used', async () => {
  await expect(twitter.probe!(context())).rejects.toThrow('kanal channel connect');
  const { connection } = await connectAsPerson(world.hub, 'x');
  expect(connection).toMatchObject({ account: `@${ACCOUNT.username}`, missing: [] });
  expect(await stored()).toMatchObject({ access: expect.stringContaining('sim-at-'), refresh: expect.any(String) });
  await expect(twitter.probe!(context())).resolves.toMatchObject({ warnings: [] });
});

it('many that find the token old use the refresh token once, though X ends the family of one that comes twice', async () => {
  await connectAsPerson(world.hub, 'x', { paste: true });
  const { access } = world.x;
  const before = access.given;
  await channelStore(world.hub.deps.db, world.hub.deps.keyring, 'x').update(CONNECTION_KEY, async (old) => ({
    ...(old as object),
    until: new Date(0).toISOString(),
  }));
  await Promise.all(Array.from({ length: 6 }, () => twitter.probe!(context())));
  expect([access.given - before, access.reused, access.alive.refresh]).toEqual([1, 0, true]);
});

it('what was not granted is named; a refusal and a used code are told apart', async () => {
  world.x.access.consent.withheld.add('tweet.write');
  const { connection } = await connectAsPerson(world.hub, 'x', { paste: true });
  expect(connection.missing).toEqual([{ name: 'tweet.write', without: 'jawaban tidak dapat diterbitkan' }]);
  world.x.access.consent.withheld.clear();
  const before = await stored();
  await expect(connectAsPerson(world.hub, 'x', { paste: true, decide: 'deny' })).rejects.toThrow('Izinnya ditolak');
  const paste_ = (text: string) => text.replace(/code=[^&]+/, 'code=sim-lama');
  await expect(connectAsPerson(world.hub, 'x', { paste: true, paste_ })).rejects.toThrow('setengah menit dan sekali');
  expect(await stored()).toEqual(before);
});

it('the account of somebody else is not taken', async () => {
  const [channel] = world.hub.deps.config.channels;
  Object.assign(channel!, { account: '1400000000000000009' });
  await expect(connectAsPerson(world.hub, 'x', { paste: true })).rejects.toThrow(`account: "${ACCOUNT.id}"`);
  Object.assign(channel!, { account: ACCOUNT.id });
});

it('with keys of OAuth 1.0a there is nothing to connect', async () => {
  const [channel] = world.hub.deps.config.channels;
  const { settings } = channel!;
  Object.assign(channel!, { settings: xChannel(world.x.url, {}, 1).settings });
  await expect(connectAsPerson(world.hub, 'x')).rejects.toThrow('OAuth 1.0a');
  Object.assign(channel!, { settings });
});
