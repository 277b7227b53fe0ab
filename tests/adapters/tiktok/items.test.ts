import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ChannelContext, type Item, item as itemSchema, type RawItem } from '#contract';
import { EMPTY } from '../../../adapters/tiktok/cursor.ts';
import tiktok from '../../../adapters/tiktok/index.ts';
import type { Settings } from '../../../adapters/tiktok/settings.ts';
import { readComments } from '../../../adapters/tiktok/walk.ts';
import { normaliseContext, onBench } from '../../kit/context.ts';
import { tiktokHarness } from '../tiktok.harness.ts';

const textOf = (name: string) => readFileSync(new URL(`../../fixtures/tiktok/${name}`, import.meta.url), 'utf8');
const context = normaliseContext(tiktok, tiktokHarness);
const read = async (raw: RawItem['raw']): Promise<Item | null> => {
  const item = await tiktok.normalise(raw, context);
  return item && itemSchema.parse(item);
};

/** What a poll makes of the page in the fixture, word for word as it comes over the wire. */
async function polled(): Promise<{ key: string; item: Item | null }[]> {
  const items: RawItem[] = [];
  await onBench(tiktok, tiktokHarness, async ({ wire, ctx }) => {
    const page = textOf('comments.json');
    wire.steer(
      () => ({ status: 200, body: page }),
      ({ path }) => path === '/business/comment/list/',
    );
    const video = '7540000000000000001';
    const known = { count: 0, mark: '2026-11-01T00:00:00.000Z', readAt: '', fullAt: '', seen: {}, lost: [] };
    const about = { caption: 'Peresmian pasar', url: 'https://tiktok.example/v/1' };
    const walk = { found: {}, full: false, wanted: 0, count: 3, top: known.mark };
    const at = { ...EMPTY, videos: { [video]: { ...known, ...about } }, walks: { [video]: walk } };
    await readComments({ do: 'comments', video, at: 0 }, at, ctx as ChannelContext<Settings>, items);
  });
  return Promise.all(items.map(async ({ key, raw }) => ({ key, item: await read(raw) })));
}

it('a comment with a picture, its video, and ids beyond 2^53 as they are', async () => {
  const [first] = await polled();
  expect(first).toEqual({
    key: 'comment 7543210987654321098 insert',
    item: {
      ...{ type: 'message', objectId: '7543210987654321098', threadId: '7543210987654321098', surface: 'comment' },
      ...{ at: '2026-11-18T00:00:00.000Z', text: 'Kapan jalan B7 selesai? 🛣️' },
      ref: { thread: '7543210987654321098', video: '7540000000000000001' },
      author: { id: 'uid-9f77', handle: 'lina.77', name: 'Lina H' },
      attachments: [{ url: 'https://p16.example/foto.jpeg?x-expires=1795000000' }],
      permalink: 'https://tiktok.example/v/1',
      context: { post: { text: 'Peresmian pasar', permalink: 'https://tiktok.example/v/1' } },
    },
  });
});

it('our own reply is ours; that TikTok does not show it is bad news', async () => {
  const found = await polled();
  const own = found.filter(({ item }) => item?.objectId === '7543210987654321999').map(({ item }) => item);
  expect(own).toMatchObject([
    { type: 'message', fromUs: true, parentId: '7543210987654321098' },
    { type: 'receipt', state: 'rejected' },
  ]);
});

it("a citizen's reply belongs to the thread, and is answered by name below its first comment", async () => {
  const found = await polled();
  const reply = found.find(({ item }) => item?.objectId === '7543210987654322001')?.item;
  expect(reply).toMatchObject({ threadId: '7543210987654321098', ref: { name: 'budi_s' } });
});

it('deliveries: the text inside is read losslessly; a new comment is looked up before it counts', async () => {
  const items = tiktok.receive!.unpack({ body: Buffer.from(textOf('deliveries.json')), headers: {}, query: {} });
  if (items === 'wake') throw new Error('only woke');
  expect(items.map(({ key, incomplete, account }) => [key, incomplete ?? false, account])).toEqual([
    ['comment 7301234567890123456 insert', true, '_000KitPemkabContoh'],
    ['comment 7301234567890123456 HIDDEN 1794960100', false, '_000KitPemkabContoh'],
    ['comment 7301234567890123456 delete 1794960200', false, '_000KitPemkabContoh'],
    ['message 7301234567890123457', false, '_000KitPemkabContoh'],
  ]);
  expect(await Promise.all(items.map(({ raw }) => read(raw)))).toMatchObject([
    { type: 'message', objectId: '7301234567890123456', threadId: '7543210000000000000', text: 'Kapan lampunya?' },
    { type: 'status', objectId: '7301234567890123456', code: 'HIDDEN', at: '2026-11-18T00:01:40.000Z' },
    { type: 'deletion', objectId: '7301234567890123456', at: '2026-11-18T00:03:20.000Z' },
    { type: 'message', surface: 'message', objectId: '7301234567890123457', threadId: 'conv-1', text: 'Selamat pagi' },
  ]);
});

it('messages are left alone where they are not switched on, and what comes from Europe is empty', async () => {
  const off = { ...context, settings: { ...(context.settings as Settings), messages: false } };
  const content = { message_id: 'm', conversation_id: 'c', timestamp: 1_794_960_300 };
  const raw = (event: string) => JSON.stringify({ action: 'message', event, content });
  expect(tiktok.normalise(raw('im_receive_msg'), off)).toBeNull();
  expect(tiktok.normalise(raw('im_receive_msg_eu'), context)).toBeNull();
  expect(await read(raw('im_receive_msg'))).toMatchObject({ surface: 'message' });
});

it('a longer answer than the account takes is refused before it leaves', () => {
  const settings = tiktok.settings.parse({ ...tiktokHarness.settings('http://127.0.0.1:9') }) as Settings;
  expect(tiktok.publish!.rules!('comment', settings)).toMatchObject({ maxChars: 124 });
  expect(tiktok.publish!.rules!('comment', { ...settings, mention: false, maxChars: 1_200 })).toEqual({
    maxChars: 1_200,
  });
  expect(tiktok.publish!.measure!('Jalan 🛣️')).toBe(8);
});
