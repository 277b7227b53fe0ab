import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ChannelContext, Reply } from '#contract';
import { adapters } from '../../adapters/index.ts';
import { channelContext } from '../../src/flows/context.ts';
import { ACCOUNT, CLINIC, type GoogleHub, googleHub, OFFICE, reviewsChannel } from './world.ts';

let world: GoogleHub;
beforeAll(async () => {
  world = await googleHub();
});
afterAll(() => world.close());

const adapter = adapters['google-reviews']!;

function context(settings: object = {}, id = 'gr'): ChannelContext<unknown> {
  const channel = reviewsChannel(world.google.url, { id }, settings);
  return channelContext(world.hub.deps, channel, { signal: new AbortController().signal });
}

it('many that find no token ask Google once', async () => {
  const before = world.google.tokens.given;
  await Promise.all(Array.from({ length: 6 }, () => adapter.probe!(context())));
  expect(world.google.tokens.given - before).toBe(1);
});

it('a token that Google no longer takes is asked for again before the next try', async () => {
  await adapter.probe!(context());
  world.google.tokens.forget();
  await expect(adapter.probe!(context())).rejects.toMatchObject({ kind: 'retry', nothingSent: true });
  await expect(adapter.probe!(context())).resolves.toMatchObject({ warnings: [] });
});

it('a dead refresh token names the secret to replace', async () => {
  world.google.tokens.revoked = true;
  const dead = adapter.probe!(context({}, 'gr-dead'));
  await expect(dead).rejects.toMatchObject({ kind: 'auth', code: 'invalid_grant' });
  await expect(dead).rejects.toThrow('kanal secret set GOOGLE_REFRESH');
  world.google.tokens.revoked = false;
});

it('the check warns of a consent screen in testing, and of locations that are not ours', async () => {
  const locations = [{ id: OFFICE }, { id: '999', name: 'RSUD' }];
  const health = await adapter.probe!(context({ consent: 'testing', locations }, 'gr-testing'));
  expect(health.detail).toContain('1 dari 2 lokasi');
  expect(health.warnings).toEqual([
    expect.stringMatching(/paling lama 7 hari lagi\. Ubah layar persetujuan/),
    expect.stringContaining('Lokasi 999 (RSUD) tidak ada'),
  ]);
  expect(health.expiresAt?.getTime()).toBeGreaterThan(Date.now() + 6.9 * 86_400_000);
});

it('care tells Google where to announce reviews, once', async () => {
  const topic = 'projects/contoh-proyek/topics/gbp';
  world.google.world.topics.types = ['NEW_CUSTOMER_MEDIA'];
  world.google.world.topics.topic = 'projects/contoh-proyek/topics/lama';
  const care = () => adapter.care!.run(context({ topic }));
  expect((await care()).detail).toContain('dipasang lagi');
  expect(world.google.world.topics).toEqual({
    topic,
    types: ['NEW_CUSTOMER_MEDIA', 'NEW_REVIEW', 'UPDATED_REVIEW'],
  });
  expect((await care()).detail).not.toContain('dipasang lagi');
});

it('a project that is not approved is told plainly', async () => {
  world.google.world.quota = 0;
  const page = adapter.poll!.page(null, context());
  await expect(page).rejects.toMatchObject({ kind: 'auth', code: 'quota-zero' });
  await expect(page).rejects.toThrow('belum disetujui');
  world.google.world.quota = 100_000;
});

it.each([false, true])('all locations are read (batch: %s), over several pages, and nothing twice', async (batch) => {
  const names = Array.from({ length: 70 }, (_, n) =>
    world.google.world.review(`W${n}`, { stars: 1, text: `${batch} ${n}`, location: n % 2 ? CLINIC : OFFICE }),
  ).map(({ name }) => name);
  const ctx = context({ batch }, `gr-${batch}`);
  const walk = async (from: unknown) => {
    const found: string[] = [];
    for (let at = from; ; ) {
      const { items, next, more } = await adapter.poll!.page(at, ctx);
      found.push(...items.map(({ raw }) => JSON.parse(String(raw)).review.name));
      at = next;
      if (!more) return { found, at };
    }
  };
  const first = await walk(null);
  expect(first.found).toEqual(expect.arrayContaining(names));
  expect(new Set(first.found).size).toBe(first.found.length);
  expect((await walk(first.at)).found).toEqual([]);
});

it('what shows late, with an older time, is found behind a whole page of newer ones', async () => {
  const ctx = context({}, 'gr-late');
  const walk = async (from: unknown) => {
    const found: string[] = [];
    for (let at = from, more = true; more; ) {
      const page = await adapter.poll!.page(at, ctx);
      found.push(...page.items.map(({ raw }) => JSON.parse(String(raw)).review.name));
      ({ next: at, more } = page);
      if (!more) return { found, at };
    }
    return { found, at: from };
  };
  for (let n = 0; n < 60; n++) world.google.world.review(`L${n}`, { stars: 2, text: `Ramai ${n}` });
  const first = await walk(null);
  const late = world.google.world.review('Terlambat', { stars: 1, text: 'Baru lolos pemeriksaan' });
  late.created -= 7_200_000;
  late.updated -= 7_200_000;
  expect((await walk(first.at)).found).toEqual([late.name]);
});

const reply = (name: string, key: string, text: string): Reply => ({
  ...{ key, text, attempt: 1, kind: 'answer', files: [], firstAttemptAt: new Date() },
  target: { objectId: name, threadId: name, surface: 'review' },
});

it('two answers to one review at once: both stand, none is lost', async () => {
  const { name } = world.google.world.review('Lina', { stars: 1, text: 'Dua aduan' });
  const ctx = context();
  const send = (key: string) => adapter.publish!.send(reply(name, key, `Jawaban ${key}.`), ctx);
  const [one, two] = await Promise.allSettled([send('satu'), send('dua')]);
  // One of them may have to come again, but it never overwrites the other.
  for (const [key, outcome] of [['satu', one], ['dua', two]] as const) {
    if (outcome?.status !== 'rejected') continue;
    expect(outcome.reason).toMatchObject({ kind: 'retry', nothingSent: true });
    await send(key);
  }
  const { comment } = world.google.world.reviews.get(name)!.reply!;
  expect(comment).toContain('Jawaban satu.');
  expect(comment).toContain('Jawaban dua.');
}); // biome-ignore format: one glance

it('refuses to write over words from outside, where that is wanted', async () => {
  const review = world.google.world.review('Rina', { stars: 2, text: 'Jalan gelap' });
  world.google.world.answerByHand(review, 'Kami cek. (Humas)');
  const send = adapter.publish!.send(reply(review.name, 'k', 'Sudah.'), context({ foreignReply: 'refuse' }));
  await expect(send).rejects.toMatchObject({ kind: 'refused', reason: 'forbidden' });
  expect(review.reply?.comment).toBe('Kami cek. (Humas)');
  expect(review.name).toContain(ACCOUNT);
});
