import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { item as itemSchema, type MessageItem } from '#contract';
import googleReviews from '../../../adapters/google-reviews/index.ts';
import { contentOf } from '../../../adapters/google-reviews/items.ts';
import { reviewOf } from '../../../adapters/google-reviews/reviews.ts';
import { normaliseContext } from '../../kit/context.ts';
import { googleReviewsHarness } from '../google-reviews.harness.ts';

const FILE = new URL('../../fixtures/google/reviews/page.json', import.meta.url);
const { reviews } = JSON.parse(readFileSync(FILE, 'utf8')) as { reviews: { reviewId: string }[] };
const PLACE = 'accounts/108900000000000000001/locations/4711000000000000001';

async function read(event: unknown): Promise<MessageItem> {
  const ctx = normaliseContext(googleReviews, googleReviewsHarness);
  return itemSchema.parse(await googleReviews.normalise(JSON.stringify(event), ctx)) as MessageItem;
}
const review = (id: string) => read({ review: reviews.find((one) => one.reviewId === id) });

it('a review keeps its stars, its author and its place', async () => {
  const name = `${PLACE}/reviews/AbFvOqkXyz_1-Aa`;
  expect(await review('AbFvOqkXyz_1-Aa')).toEqual({
    ...{ type: 'message', objectId: name, threadId: name, surface: 'review', rating: 1, text: 'Antre KTP tiga jam' },
    ...{ at: '2026-11-20T02:02:11.123Z', occurredAt: '2026-11-20T02:02:11.123Z', ref: { name } },
    ...{ author: { name: 'Lina H.' }, permalink: 'https://business.google.com/n/1/reviews/r/AbFv' },
    ...{ location: { text: 'Kantor Dukcapil' }, context: { post: { text: 'Kantor Dukcapil' } } },
  });
});

it('of a changed review the original is read, and the translation is kept', async () => {
  const item = await review('AbFvEdited');
  expect(item).toMatchObject({ edited: true, at: '2026-11-21T07:45:00.500Z', text: 'Lift rusak', rating: 2 });
  expect(item.full?.text).toContain('The lift is broken');
  expect(await review('AbFvAfter')).toMatchObject({
    text: 'Bagus sekali',
    full: { text: expect.stringMatching(/Very/) },
  });
});

it('photos and stars without words get a title', async () => {
  const photo = await review('AbFvPhoto');
  expect(photo).toMatchObject({ text: '', title: 'Ulasan 3 bintang dengan foto, tanpa teks', rating: 3 });
  expect(photo.attachments).toEqual([{ url: 'https://lh3.googleusercontent.com/p/foto', name: 'Toilet' }]);
  expect(photo.author).toBeUndefined();
  const stars = await review('AbFvStars');
  expect(stars).toMatchObject({ text: '', title: 'Ulasan tanpa teks' });
  expect(stars.rating).toBeUndefined();
  expect(stars.location).toBeUndefined();
});

it('our reply moves nothing; words and stars do', () => {
  const [one] = reviews;
  const before = contentOf(reviewOf(one)!);
  const replied = {
    ...one,
    updateTime: '2026-11-24T00:00:00Z',
    reviewReply: { comment: 'Baik', updateTime: '2026-11-24T00:00:00Z' },
  };
  expect(contentOf(reviewOf(replied)!)).toBe(before);
  expect(contentOf(reviewOf({ ...one, starRating: 'TWO' })!)).not.toBe(before);
  expect(contentOf(reviewOf({ ...one, comment: 'Lain' })!)).not.toBe(before);
});

it('a reply from outside the hub is of our own account', async () => {
  const reply = { comment: 'Terima kasih', updateTime: '2026-11-22T01:00:00Z', reviewReplyState: 'APPROVED' };
  expect(await read({ outside: reply, name: `${PLACE}/reviews/x` })).toMatchObject({
    ...{ fromUs: true, parentId: `${PLACE}/reviews/x`, text: 'Terima kasih' },
    objectId: `${PLACE}/reviews/x/reply@2026-11-22T01:00:00Z`,
  });
});
