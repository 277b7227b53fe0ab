import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Delivery } from '#contract';
import twitter from '../../adapters/twitter/index.ts';
import { WEBHOOK } from '../../simulators/x/index.ts';
import { channelContext, endpointContext } from '../../src/flows/context.ts';
import { eventually } from '../helpers/eventually.ts';
import { ACCOUNT, SECRETS, type XHub, xHub } from './world.ts';

let world: XHub;
beforeAll(async () => {
  world = await xHub({ settings: { webhook: WEBHOOK, bearer: '${X_BEARER}' } });
  await world.hub.work();
});
afterAll(() => world.close());

const sign = (body: Uint8Array) => `sha256=${createHmac('sha256', SECRETS.X_SECRET).update(body).digest('base64')}`;
const delivery = (about: object): Delivery => {
  const body = Buffer.from(JSON.stringify({ data: about, includes: {} }));
  return { body, headers: { 'x-twitter-webhooks-signature': sign(body) }, query: {} };
};
const receive = (one: Delivery) => world.hub.hooks.receive('x', one);

it('a delivery wakes the poll, which reads the post whole', async () => {
  const post = world.x.world.write('lina77', `@${ACCOUNT.username} lampu mati`);
  await receive(delivery({ event_uuid: '-1', event_type: 'post.mention.create', payload: { id: post.id, text: 'x' } }));
  const message = await eventually(() =>
    world.hub.deps.db.selectFrom('message').selectAll().where('object_id', '=', post.id).executeTakeFirstOrThrow(),
  );
  expect(message.text).toBe(`@${ACCOUNT.username} lampu mati`);
});

it('one changed byte is refused, and so is a signature of another length', async () => {
  const settings = world.hub.deps.config.hub.endpoints.x!.settings;
  const ctx = endpointContext(world.hub.deps, settings);
  const genuine = delivery({ event_type: 'post.mention.create' });
  expect(await twitter.receive!.verify(genuine, ctx)).toEqual({ ok: true });
  for (let at = 0; at < genuine.body.length; at++) {
    const body = Uint8Array.from(genuine.body);
    body[at] = body[at]! ^ 1;
    expect(await twitter.receive!.verify({ ...genuine, body }, ctx)).toMatchObject({ ok: false });
  }
  const short = { 'x-twitter-webhooks-signature': 'sha256=YWJj' };
  expect(await twitter.receive!.verify({ ...genuine, headers: short }, ctx)).toMatchObject({ ok: false });
});

it('consent that was taken back is found at once, and the channel waits for a person', async () => {
  world.x.access.revoke();
  await receive(delivery({ event_type: 'oauth.revoke', payload: { user_id: ACCOUNT.id, app_id: '1' } }));
  await eventually(async () => {
    // The first 401 only asks for another token.
    await receive(delivery({ event_type: 'oauth.revoke', payload: { user_id: ACCOUNT.id, app_id: Math.random() } }));
    const state = await world.hub.deps.db.selectFrom('channel_state').select('health').executeTakeFirstOrThrow();
    expect(state.health).toBe('authNeeded');
  }, 20_000);
});

it('a webhook that X has switched off is made valid again by the care of the channel', async () => {
  const fresh = await xHub({ settings: { webhook: WEBHOOK, bearer: '${X_BEARER}' } });
  try {
    const { deps } = fresh.hub;
    const ctx = channelContext(deps, deps.config.channels[0]!, { signal: new AbortController().signal });
    const care = () => twitter.care!.run(ctx);
    expect((await care()).warnings).toEqual([expect.stringContaining('tidak ada lagi di X')]);
    fresh.x.courier.hook = 'http://127.0.0.1:9/hooks/x';
    expect((await care()).warnings).toEqual([]);
    fresh.x.courier.valid = false;
    expect((await care()).warnings).toEqual([expect.stringContaining('tidak mendapat jawaban yang benar')]);
    fresh.x.courier.hook = `${await answering(fresh)}/hooks/x`;
    expect((await care()).warnings).toEqual([expect.stringContaining('dinyalakan lagi')]);
    expect(fresh.x.courier.valid).toBe(true);
  } finally {
    server?.close();
    await fresh.close();
  }
});

let server: Server | undefined;

/** The hub's address, as X asks it for the challenge. */
async function answering({ hub: { deps } }: XHub): Promise<string> {
  const ctx = endpointContext(deps, deps.config.hub.endpoints.x!.settings);
  server = createServer(async ({ url = '' }, response) => {
    const query = Object.fromEntries(new URL(url, 'http://hub').searchParams);
    const answer = await twitter.receive!.handshake!({ body: new Uint8Array(), headers: {}, query }, ctx);
    response.end(answer?.body);
  });
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
