import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Item } from '#contract';
import { type App, startApp } from '../../simulators/app/index.ts';
import { poll } from '../../src/flows/poll.ts';
import { ensureChannels } from '../../src/store/channelState.ts';
import { settingsFor } from '../helpers/application.ts';
import { eventually } from '../helpers/eventually.ts';
import { BACKENDS, message, SIGNING_SECRET, type TestHub, testHub } from '../helpers/hub.ts';

const item = (objectId: string, about = {}): Item => {
  const { account: _, ...rest } = message(objectId, about);
  return rest as Item;
};
const application = (): Promise<App> => startApp({ token: 'app-token', signingSecret: SIGNING_SECRET, delivered: [] });

describe('by hand', () => {
  let app: App;
  let hub: TestHub;
  beforeAll(async () => {
    app = await application();
    hub = await testHub({ channel: { poll: { every: 600_000 }, settings: settingsFor(app, 'native') } });
    await ensureChannels(hub.deps.db, ['lapor']);
  });
  afterAll(async () => {
    await hub.close();
    await app.close();
  });
  afterEach(() => app.faults.set([]));

  const state = () => hub.deps.db.selectFrom('channel_state').selectAll().executeTakeFirstOrThrow();
  const items = async () => (await hub.deps.db.selectFrom('source_item').select('key').execute()).length;

  it('fetches page after page and goes on from its cursor', async () => {
    for (let n = 0; n < 450; n++) app.file('lapor', item(`q-${n}`));
    await poll(hub.deps, 'lapor');
    expect(await items()).toBe(450);
    const { cursor } = await state();
    app.file('lapor', item('q-more'));
    await poll(hub.deps, 'lapor');
    expect(await items()).toBe(451);
    expect((await state()).cursor).not.toEqual(cursor);
  });

  it('does not overlap itself: a second poll finds the lease taken', async () => {
    app.faults.set([{ do: 'delay', on: '/items', reads: true, ms: 400 }]);
    const first = poll(hub.deps, 'lapor');
    await eventually(async () => expect((await state()).poll_owner).not.toBeNull(), 2_000, 10);
    const began = Date.now();
    await poll(hub.deps, 'lapor');
    expect(Date.now() - began).toBeLessThan(350);
    await first;
    expect((await state()).poll_owner).toBeNull();
  });

  it('keeps the cursor when the application fails, says so, and is well again afterwards', async () => {
    const { cursor } = await state();
    app.file('lapor', item('q-late'));
    app.faults.set([{ do: 'error', on: '/items', reads: true, landed: false }]);
    await poll(hub.deps, 'lapor');
    expect(await state()).toMatchObject({ cursor, health: 'degraded', poll_owner: null });
    expect((await state()).poll_error).toContain('500');
    app.faults.set([]);
    await poll(hub.deps, 'lapor');
    expect(await state()).toMatchObject({ health: 'ok', poll_error: null });
    expect(await items()).toBe(452);
  });

  it('waits as long as a throttling application asks', async () => {
    app.faults.set([{ do: 'throttle', on: '/items', reads: true, retryAfter: 30 }]);
    await poll(hub.deps, 'lapor');
    const { health, publish_not_before } = await state();
    expect(health).toBe('throttled');
    expect(publish_not_before!.getTime()).toBeGreaterThan(Date.now() + 20_000);
  });
});

describe.each(BACKENDS)('with workers, on %s', (backend) => {
  let app: App;
  let hub: TestHub;
  beforeAll(async () => {
    app = await application();
    hub = await testHub({ backend, channel: { poll: { every: 500 }, settings: settingsFor(app, 'native') } });
    await hub.work();
  });
  afterAll(async () => {
    await hub.close();
    await app.close();
  });

  it('polls by schedule and at once when the watch says that something came', async () => {
    app.file('lapor', item('w-1'));
    await eventually(async () => {
      const rows = await hub.deps.db.selectFrom('complaint').select('id').execute();
      expect(rows).toHaveLength(1);
    });
  });
});
