import { afterEach, beforeEach, expect, it } from 'vitest';
import twitter from '../../../adapters/twitter/index.ts';
import { startX, type X } from '../../../simulators/x/index.ts';
import { ACCOUNT, SECRETS } from '../../x/world.ts';
import { type Driven, driven } from './context.ts';

const MINUTE_MS = 60_000;
const US = `@${ACCOUNT.username}`;
let now = 0;
let x: X;
beforeEach(async () => {
  now = Date.parse('2026-11-20T00:00:00Z');
  x = await startX({ account: ACCOUNT, consumerSecret: SECRETS.X_SECRET, calls: 10_000 }, () => now);
});
afterEach(() => x.close());

const drive = (settings: object = {}): Driven =>
  driven(x.url, { cost: { monthly: null }, ...settings }, () => new Date(now));
const mention = (n: number) => {
  now += 1_000;
  return `post ${x.world.write(`warga${n % 7}`, `${US} aduan ${n}`).id}`;
};
const warningsOf = async ({ ctx }: Driven) => (await twitter.probe!(ctx)).warnings;

it('more than one page, and then only what came since, with an overlap', async () => {
  const one = drive();
  const first = Array.from({ length: 250 }, (_, n) => mention(n));
  expect(new Set(await one.poll())).toEqual(new Set(first));
  now += 60 * MINUTE_MS;
  const late = mention(1_000);
  now += 60 * MINUTE_MS;
  const next = mention(1_001);
  const again = await one.poll();
  expect(again).toContain(late);
  expect(again).toContain(next);
  now += 60 * MINUTE_MS;
  // 45 minutes before the newest that was seen: the one before it is older.
  expect(await one.poll()).toEqual([next]);
});

it('a post that X lists only after newer ones is not lost', async () => {
  const one = drive();
  mention(1);
  await one.poll();
  const held = x.world.write('lina77', `${US} terlambat terdaftar`);
  x.world.posts.delete(held.id);
  now += 10 * MINUTE_MS;
  mention(2);
  await one.poll();
  x.world.posts.set(held.id, held);
  expect(await one.poll()).toContain(`post ${held.id}`);
});

it('more mentions than X lets anyone read are told to people', async () => {
  const one = drive();
  mention(0);
  await one.poll();
  expect(await warningsOf(one)).toEqual([]);
  now += 10 * MINUTE_MS;
  for (let n = 0; n < 850; n++) mention(n);
  expect(await one.poll()).toHaveLength(800);
  expect(await warningsOf(one)).toEqual([expect.stringContaining('lebih dari 800 sebutan')]);
  now += 8 * 24 * 60 * MINUTE_MS;
  expect(await warningsOf(one)).toEqual([]);
});

it('a page that fails is asked for again from the same place', async () => {
  const one = drive();
  const all = Array.from({ length: 350 }, (_, n) => mention(n));
  const got: string[] = [];
  x.setFaults([{ do: 'hangup', on: '/mentions$', reads: true, ratio: 0.5 }]);
  for (let tries = 0; tries < 20; tries++) {
    try {
      const page = await twitter.poll!.page(one.cursor(), one.ctx);
      got.push(...page.items.map(({ key }) => key));
      one.moveTo(page.next);
      if (!page.more) break;
    } catch (error) {
      expect(error).toMatchObject({ kind: 'retry' });
    }
  }
  expect(new Set(got)).toEqual(new Set(all));
});

it('the first look goes back as far as its setting says', async () => {
  const old = mention(0);
  now += 3 * 24 * 60 * MINUTE_MS;
  const fresh = mention(1);
  expect(await drive({ lookBack: '1d' }).poll()).toEqual([fresh]);
  expect(await drive().poll()).toEqual([fresh, old]);
});

it('direct messages are read until known ones come', async () => {
  const one = drive({ directMessages: true });
  for (let n = 0; n < 120; n++) {
    now += 2 * MINUTE_MS;
    x.world.direct(`warga${n % 3}`, `pesan ${n}`);
  }
  expect(await one.poll()).toHaveLength(120);
  const last = x.world.directs.at(-1)!.id;
  now += 60 * MINUTE_MS;
  const { id } = x.world.direct('lina77', 'baru');
  now += 60 * MINUTE_MS;
  expect(await one.poll()).toEqual([`dm ${id}`, `dm ${last}`]);
});

it('what is only hidden for now is no deletion', async () => {
  const one = drive({ recheckEvery: '1h' });
  const key = mention(0);
  const id = key.slice(5);
  await one.poll();
  now += 2 * 60 * MINUTE_MS;
  expect((await one.poll()).filter((name) => name.endsWith(' gone'))).toEqual([]);
  x.world.posts.get(id)!.removed = true;
  now += 2 * 60 * MINUTE_MS;
  expect(await one.poll()).toEqual([`${key} gone`]);
  now += 2 * 60 * MINUTE_MS;
  expect(await one.poll()).toEqual([]);
});

it('a search looks no further back than X lets it, also after a quiet month', async () => {
  const one = drive({ search: ['lampu'], lookBack: '30d' });
  mention(0);
  const { id: early } = x.world.write('rina_w', 'lampu mati');
  expect(await one.poll()).toContain(`post ${early}`);
  now += 31 * 24 * 60 * MINUTE_MS;
  const { id } = x.world.write('rina_w', 'lampu mati lagi');
  expect(await one.poll()).toContain(`post ${id}`);
});

it('a query that X refuses does not keep mentions and messages from being read', async () => {
  const one = drive({ search: ['url:'], directMessages: true });
  const first = mention(0);
  const { id } = x.world.direct('lina77', 'halo');
  expect(await one.poll()).toEqual([first, `dm ${id}`]);
  now += 60 * MINUTE_MS;
  const second = mention(1);
  expect(await one.poll()).toContain(second);
});
