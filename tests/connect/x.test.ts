import { afterAll, beforeAll, expect, it } from 'vitest';
import { poll } from '../../src/flows/poll.ts';
import { ensureChannels } from '../../src/store/channelState.ts';
import { ACCOUNT, type XHub, xHub } from '../x/world.ts';
import { connectAsPerson } from './world.ts';

let world: XHub;
beforeAll(async () => {
  world = await xHub({ settings: { refreshToken: undefined } });
  const [channel] = world.hub.deps.config.channels;
  Object.assign(channel!.settings as object, { authorizeUrl: `${world.x.url}/i/oauth2/authorize` });
  await ensureChannels(world.hub.deps.db, ['x']);
});
afterAll(() => world.close());

const keys = async () => {
  const rows = await world.hub.deps.db.selectFrom('source_item').select('key').execute();
  return rows.map(({ key }) => key);
};

it('an account without any token says what to run; connected, it is read, also after consent was taken back and given again', async () => {
  const { deps } = world.hub;
  await poll(deps, 'x').catch(() => {});
  const { poll_error } = await deps.db.selectFrom('channel_state').select('poll_error').executeTakeFirstOrThrow();
  expect(poll_error).toContain('kanal channel connect x');
  const post = world.x.world.write('lina77', `@${ACCOUNT.username} kapan selesai?`);
  const { connection } = await connectAsPerson(world.hub, 'x');
  expect(connection).toMatchObject({ account: `@${ACCOUNT.username}`, missing: [] });
  await poll(deps, 'x');
  expect(await keys()).toEqual([`post ${post.id}`]);
  world.x.access.revoke();
  await connectAsPerson(world.hub, 'x');
  const next = world.x.world.write('lina77', `@${ACCOUNT.username} dan ini?`);
  await poll(deps, 'x');
  expect(await keys()).toEqual([`post ${post.id}`, `post ${next.id}`]);
});

it('a right that was not given is told, with what does not work', async () => {
  world.x.access.consent.withheld.add('media.write');
  const { connection } = await connectAsPerson(world.hub, 'x');
  expect(connection.missing).toEqual([expect.objectContaining({ name: 'media.write' })]);
  world.x.access.consent.withheld.clear();
});
