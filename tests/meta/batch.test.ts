import { afterAll, beforeAll, expect, it } from 'vitest';
import { drainIntake } from '../../src/flows/intake.ts';
import { drainNormalise } from '../../src/flows/normalise.ts';
import { metaJson, sign } from '../adapters/meta/signing.ts';
import { APP_SECRET, facebookChannel, type MetaHub, metaHub } from './world.ts';

const PAGES = Array.from({ length: 5 }, (_, n) => `10400000000001${n}`);
let world: MetaHub;
beforeAll(async () => {
  world = await metaHub({
    channels: (url) => PAGES.map((account, n) => facebookChannel(url, { id: `fb${n}`, account })),
  });
});
afterAll(() => world.close());

const change = (number: number, about: Record<string, unknown> = {}) => ({
  field: 'feed',
  value: {
    ...{ item: 'comment', verb: 'add', post_id: '1_7', parent_id: '1_7', comment_id: `7_${number}` },
    ...{
      from: { id: '25900000000000042', name: 'Lina' },
      message: `Lampu mati مظلم ${number}`,
      created_time: 1_795_400_120,
    },
    ...about,
  },
});
const deliver = (entry: unknown[]) =>
  world.hub.hooks.receive('meta', sign(metaJson({ object: 'page', entry }), undefined, APP_SECRET));
const outcomes = async () => {
  const { db } = world.hub.deps;
  return db.selectFrom('source_item').select(['channel_id', 'outcome', 'reason']).execute();
};

it('of 1,000 changes for five pages with one unreadable, 999 land where they belong and one is put aside', async () => {
  const unreadable = change(500, { comment_id: { not: 'an id' }, post_id: undefined });
  const entry = Array.from({ length: 1_000 }, (_, n) => ({
    ...{ id: PAGES[n % PAGES.length], time: 1_795_400_123, changes: [n === 500 ? unreadable : change(n)] },
  }));
  expect(await deliver(entry)).toEqual({ status: 200 });
  // The one answer came after the write of the whole delivery.
  const envelopes = await world.hub.deps.db.selectFrom('envelope').select(['outcome', 'deliveries']).execute();
  expect(envelopes).toEqual([{ outcome: 'waiting', deliveries: 1 }]);
  await drainIntake(world.hub.deps, 'meta');
  for (let n = 0; n < PAGES.length; n++) await drainNormalise(world.hub.deps, `fb${n}`);
  const rows = await outcomes();
  expect(rows.filter((row) => row.outcome === 'applied')).toHaveLength(999);
  expect(rows.filter((row) => row.outcome !== 'applied')).toEqual([
    { channel_id: 'fb0', outcome: 'quarantined', reason: expect.stringContaining('comment') },
  ]);
  const counts = PAGES.map((_, n) => rows.filter((row) => row.channel_id === `fb${n}`).length);
  expect(counts).toEqual([200, 200, 200, 200, 200]);
});

it('a delivery for a page that no channel names is acknowledged and kept', async () => {
  expect(await deliver([{ id: '104999', time: 1, changes: [change(9_999)] }])).toEqual({ status: 200 });
  await drainIntake(world.hub.deps, 'meta');
  expect((await outcomes()).find((row) => row.channel_id === '?')?.reason).toContain('"104999" (facebook)');
});

it('the test button of the dashboard leaves nothing', async () => {
  const before = (await outcomes()).length;
  expect(await deliver([{ id: '0', time: 1, changes: [change(1)] }])).toEqual({ status: 200 });
  await drainIntake(world.hub.deps, 'meta');
  expect(await outcomes()).toHaveLength(before);
});

it('a delivery of two megabytes is acknowledged and read whole', async () => {
  const long = 'Panjang sekali ceritanya. '.repeat(80);
  const changes = Array.from({ length: 1_000 }, (_, n) => change(20_000 + n, { message: `${long} ${n}` }));
  const delivery = sign(
    metaJson({ object: 'page', entry: [{ id: PAGES[0], time: 1, changes }] }),
    undefined,
    APP_SECRET,
  );
  expect(delivery.body.length).toBeGreaterThan(2_000_000);
  expect(await world.hub.hooks.receive('meta', delivery)).toEqual({ status: 200 });
  await drainIntake(world.hub.deps, 'meta');
  await drainNormalise(world.hub.deps, 'fb0');
  expect((await outcomes()).filter((row) => row.outcome === 'applied')).toHaveLength(1_999);
});
