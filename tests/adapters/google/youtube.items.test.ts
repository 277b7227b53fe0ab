import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type ChannelContext, item as itemSchema } from '#contract';
import youtube from '../../../adapters/youtube/index.ts';
import { commentItems } from '../../../adapters/youtube/items.ts';
import type { Settings } from '../../../adapters/youtube/settings.ts';
import { normaliseContext } from '../../kit/context.ts';
import { youtubeHarness } from '../youtube.harness.ts';

const FILE = new URL('../../fixtures/google/youtube/threads.json', import.meta.url);
const { items: threads } = JSON.parse(readFileSync(FILE, 'utf8'));
const context = normaliseContext(youtube, youtubeHarness);
const channel = { ...context, settings: context.settings } as unknown as ChannelContext<Settings>;

const read = (comment: Record<string, unknown>, queue?: string) =>
  Promise.all(
    commentItems(channel, comment, queue).map(async ({ key, raw }) => {
      return { key, item: itemSchema.parse(await youtube.normalise(raw, context)) };
    }),
  );

it('a changed comment is two events, with its author, picture and address', async () => {
  const [added, edited, ...more] = await read(threads[0].snippet.topLevelComment);
  expect(more).toEqual([]);
  const id = 'UgxAbc123_def4567890Ab4AaABAg';
  expect(added).toEqual({
    key: `comment ${id} add`,
    item: {
      ...{ type: 'message', objectId: id, threadId: id, surface: 'comment', text: 'Kapan jalan B7 selesai?' },
      ...{ at: '2026-11-11T17:20:31.000Z', occurredAt: '2026-11-11T17:20:31.000Z', ref: { thread: id } },
      ...{ author: { id: 'UCwarga00000000000000077', handle: '@lina77' } },
      attachments: [{ url: 'https://yt3.ggpht.com/gambar' }],
      permalink: `http://127.0.0.1:9/watch?v=dQcontoh001&lc=${id}`,
      context: { post: { permalink: 'http://127.0.0.1:9/watch?v=dQcontoh001' } },
    },
  });
  expect(edited?.item).toMatchObject({ edited: true, at: '2026-11-11T17:25:02.000Z' });
  expect(edited?.key).toContain(`comment ${id} edit 2026-11-11T17:25:02Z`);
});

it('our own reply is ours, and belongs to its thread', async () => {
  const [reply] = await read(threads[0].replies.comments[0]);
  expect(reply?.item).toMatchObject({ fromUs: true, parentId: 'UgxAbc123_def4567890Ab4AaABAg', surface: 'comment' });
});

it('a held comment of a closed account below a post is read, and unsure', async () => {
  const [held] = await read(threads[1].snippet.topLevelComment, 'likelySpam');
  expect(held?.item).toMatchObject({ unsure: true, text: 'Pungli di loket 3' });
  expect(held?.item).not.toHaveProperty('author');
  expect(held?.item).toHaveProperty('permalink', 'http://127.0.0.1:9/post/UgkxContoh?lb=1&lc=UgxPost');
});
