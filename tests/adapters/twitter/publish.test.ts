import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ChannelError, type Reply, type ReplyFile, rulesOf } from '#contract';
import twitter from '../../../adapters/twitter/index.ts';
import { startX, type X } from '../../../simulators/x/index.ts';
import { ACCOUNT, SECRETS } from '../../x/world.ts';
import { type Driven, driven } from './context.ts';

const US = `@${ACCOUNT.username}`;
let x: X;
let one: Driven;
beforeEach(async () => {
  x = await startX({ account: ACCOUNT, consumerSecret: SECRETS.X_SECRET });
  one = driven(x.url);
});
afterEach(() => x.close());

const replyTo = (post: string, about: Partial<Reply> = {}): Reply => ({
  ...{ key: 'k-1', attempt: 1, kind: 'answer', text: 'Terima kasih.', files: [], firstAttemptAt: new Date() },
  target: { objectId: post, threadId: post, surface: 'mention', ref: { post, replyable: true } },
  ...about,
});
const send = (reply: Reply) => twitter.publish!.send(reply, one.ctx);
const failing = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: ChannelError) => error,
  );
const picture = (bytes: Uint8Array): ReplyFile => ({
  ...{ name: 'jalan.png', mime: 'image/png', size: bytes.length },
  bytes: async () => bytes,
});

it('a large picture goes up in pieces, is waited for, and stands with the reply', async () => {
  const { id } = x.world.write('lina77', `${US} mana fotonya?`);
  await send(replyTo(id, { files: [picture(randomBytes(4_700_000)), picture(randomBytes(10))] }));
  expect(x.world.landed).toMatchObject([{ target: id, media: 2 }]);
});

it('nothing was sent when an upload fails', async () => {
  const { id } = x.world.write('lina77', `${US} mana fotonya?`);
  x.setFaults([{ do: 'hangup', on: '/finalize$', times: 1 }]);
  const error = await failing(send(replyTo(id, { files: [picture(randomBytes(10))] })));
  expect(error).toMatchObject({ kind: 'retry', nothingSent: true });
  expect(x.world.landed).toEqual([]);
});

it('a post that does not speak to us is refused before any request, with the ways that remain', async () => {
  const { id } = x.world.write('lina77', 'jalan rusak');
  const target = { objectId: id, threadId: id, surface: 'mention' as const, ref: { post: id, replyable: false } };
  const error = await failing(send(replyTo(id, { target })));
  expect(error).toMatchObject({
    kind: 'refused',
    reason: 'forbidden',
    message: expect.stringContaining('pesan langsung'),
  });
  // X says the same where we did not know.
  const other = await failing(send(replyTo(id)));
  expect(other).toMatchObject({
    kind: 'refused',
    reason: 'forbidden',
    message: expect.stringContaining('pesan langsung'),
  });
  expect(rulesOf(twitter, { surface: 'post', settings: one.ctx.settings })?.surfaces).not.toContain('post');
});

it('the same text again is in doubt, and the first one is found', async () => {
  const { id } = x.world.write('lina77', `${US} jalan rusak`);
  x.setFaults([{ do: 'hangup', on: '/tweets$', times: 1 }]);
  const reply = replyTo(id);
  expect(await failing(send(reply))).toMatchObject({ kind: 'retry', nothingSent: false });
  expect(await failing(send(reply))).toMatchObject({ kind: 'retry', nothingSent: false });
  const [landed, ...more] = x.world.landed;
  expect(more).toEqual([]);
  const finding = await twitter.reconcile!({ ...reply, attempt: 2 }, one.ctx);
  const permalink = `https://x.example/${ACCOUNT.username}/status/${landed!.id}`;
  expect(finding).toEqual({ found: { publishedId: landed!.id, permalink } });
});

it('two answers with the same words to one post are two', async () => {
  const { id } = x.world.write('lina77', `${US} jalan rusak`);
  const first = await send(replyTo(id, { key: 'k-1' }));
  expect(await twitter.reconcile!(replyTo(id, { key: 'k-2', firstAttemptAt: new Date(0) }), one.ctx)).toBe('absent');
  const second = await send(replyTo(id, { key: 'k-2' }));
  expect(second.publishedId).not.toBe(first.publishedId);
});

it('a deleted post is gone', async () => {
  const post = x.world.write('lina77', `${US} jalan rusak`);
  x.world.remove(post);
  expect(await failing(send(replyTo(post.id)))).toMatchObject({ kind: 'refused', reason: 'gone' });
});

it('the next part hangs below the one before, also where a person confirmed that by its link', async () => {
  const { id } = x.world.write('lina77', `${US} kapan?`);
  const first = await send(replyTo(id, { part: { number: 1, of: 2, before: [] } }));
  const link = `https://x.com/${ACCOUNT.username}/status/${first.publishedId}`;
  const before = [{ publishedId: link, permalink: link }];
  await send(replyTo(id, { key: 'k-1/2', text: 'Besok.', part: { number: 2, of: 2, before } }));
  expect(x.world.landed.map(({ target }) => target)).toEqual([id, first.publishedId]);
});

it('every limit of the account is told in units of X', async () => {
  const at = (settings: object) =>
    rulesOf(twitter, { surface: 'mention', settings: driven(x.url, settings).ctx.settings })!;
  const short = at({ maxParts: 1 });
  expect([short.measure!('道'.repeat(132)), short.maxChars]).toEqual([264, 265]);
  const long = at({ maxChars: 25_000, maxParts: 1 });
  expect(long.measure!('a'.repeat(20_000))).toBeLessThanOrEqual(long.maxChars);
  const direct = rulesOf(twitter, { surface: 'message', settings: one.ctx.settings })!;
  expect([direct.measure!('道'.repeat(9_000)), direct.maxChars, direct.attachments?.maxCount]).toEqual([
    9_000, 9_980, 1,
  ]);
});
