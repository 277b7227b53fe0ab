import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ChannelContext, item as itemSchema, type MessageItem } from '#contract';
import twitter from '../../../adapters/twitter/index.ts';
import { dmItem, includedIn, postItem } from '../../../adapters/twitter/items.ts';
import type { Settings } from '../../../adapters/twitter/settings.ts';
import { normaliseContext } from '../../kit/context.ts';
import { twitterHarness } from '../twitter.harness.ts';

const page = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/x/${name}.json`, import.meta.url), 'utf8'));
const [mentions, dms] = [page('mentions'), page('dms')];
const context = normaliseContext(twitter, twitterHarness);
const channel = context as unknown as ChannelContext<Settings>;

const read = async (rows: typeof postItem, of: typeof mentions, number: number, settings: Partial<Settings> = {}) => {
  const [raw] = rows(channel, of.data[number], includedIn(of));
  const given = { ...context, settings: { ...(context.settings as Settings), ...settings } };
  const item = await twitter.normalise(raw!.raw, given);
  return { key: raw!.key, item: item && (itemSchema.parse(item) as MessageItem) };
};
const post = (number: number, settings: Partial<Settings> = {}) => read(postItem, mentions, number, settings);
const dm = (number: number) => read(dmItem, dms, number);

const AUTHOR = '1500000000000000042';

it('a mention with a picture, a place, and an id beyond 2^53', async () => {
  const id = '7301234567890123456';
  expect(await post(0)).toEqual({
    key: `post ${id}`,
    item: {
      ...{ type: 'message', objectId: id, threadId: `${id}:${AUTHOR}`, surface: 'mention' },
      ...{ at: '2026-11-21T06:14:09.000Z', occurredAt: '2026-11-21T06:14:09.000Z' },
      text: '@PemkabContoh lampu di depan Jl. Merdeka 12 mati & gelap',
      author: { id: AUTHOR, name: 'Lina K.', handle: '@lina77' },
      attachments: [{ url: 'https://pbs.twimg.com/media/Xyz.jpg', name: 'Tiang lampu tanpa cahaya' }],
      location: { text: 'Kebumen, Jawa Tengah' },
      permalink: `https://x.example/lina77/status/${id}`,
      ref: { post: id, author: AUTHOR, replyable: true },
    },
  });
});

it('a long post that was edited: the whole text, and a version of the first post', async () => {
  const { key, item } = await post(1);
  expect(key).toBe('post 7301234567890200002');
  expect(item).toMatchObject({
    ...{ objectId: '7301234567890200001', edited: true, at: '2026-11-21T07:00:00.000Z' },
    text: '@PemkabContoh laporan panjang tentang selokan yang mampet sejak Senin: 1) depan SD <Kutosari> 2) pasar. Lihat https://contoh.example/foto',
    permalink: 'https://x.example/i/web/status/7301234567890200002',
    ref: { post: '7301234567890200002' },
  });
  expect(item).not.toHaveProperty('occurredAt');
});

it('a reply to somebody else that names us, with what it answers', async () => {
  const { item } = await post(2);
  expect(item).toMatchObject({
    ...{ surface: 'mention', parentId: '7301234567890250000' },
    threadId: '7301234567890250000:1500000000000000044',
    location: { lat: -7.67, lon: 109.65 },
    context: {
      post: { text: 'Lampu di RT 05 mati', permalink: 'https://x.example/dewi_kbm/status/7301234567890250000' },
      parent: { text: 'Lampu di RT 05 mati', author: '@dewi_kbm' },
    },
  });
  expect((await post(2, { skip: ['replies'] })).item).toBeNull();
  expect((await post(0, { skip: ['replies', 'quotes'] })).item).not.toBeNull();
});

it('who quotes us may be answered; the film comes in its best form', async () => {
  const { item } = await post(3);
  expect(item).toMatchObject({ surface: 'mention', parentId: '7301234567890350000', ref: { replyable: true } });
  expect(item?.attachments).toEqual([{ url: 'https://video.twimg.com/besar.mp4', mime: 'video/mp4' }]);
  expect((await post(3, { skip: ['quotes'] })).item).toBeNull();
});

it('who does not speak to us cannot be answered, unless X lets this app', async () => {
  expect((await post(4)).item).toMatchObject({ surface: 'post', ref: { replyable: false } });
  expect((await post(4, { answerAny: true })).item).toMatchObject({ surface: 'mention', ref: { replyable: true } });
});

it('our own reply is ours, in the thread of whom it answers; a repost is nothing', async () => {
  expect((await post(5)).item).toMatchObject({
    ...{ fromUs: true, parentId: '7301234567890123456', threadId: `7301234567890123456:${AUTHOR}` },
  });
  expect((await post(6)).item).toBeNull();
});

it('direct messages: ours, theirs with a picture for the account alone, and what is none', async () => {
  const thread = '1400000000000000001-1500000000000000049';
  expect(await dm(0)).toMatchObject({
    key: 'dm 7301234567891000002',
    item: { surface: 'message', fromUs: true, threadId: thread, ref: { participant: '1500000000000000049' } },
  });
  expect((await dm(1)).item).toEqual({
    ...{ type: 'message', objectId: '7301234567891000001', surface: 'message', threadId: thread },
    ...{ at: '2026-11-22T02:00:00.000Z', occurredAt: '2026-11-22T02:00:00.000Z' },
    text: 'KTP saya rusak, syaratnya apa?',
    author: { id: '1500000000000000049', name: 'Siti', handle: '@sitiaminah' },
    attachments: [{ ref: '/2/dm_conversations/media/7301234567891000001/7301234560000000009/ktp.jpg' }],
    ref: { dm: '7301234567891000001', participant: '1500000000000000049' },
  });
  expect((await dm(2)).item).toBeNull();
});
