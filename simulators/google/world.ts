import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { GoogleSettings, Moderation } from './options.ts';

export const STARS = ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE'] as const;

export interface Reply {
  comment: string;
  at: number;
  state: string;
  violation?: string;
}

export interface Review {
  name: string;
  location: string;
  who: string;
  stars: number;
  text: string;
  photo?: string;
  created: number;
  updated: number;
  reply?: Reply;
}

/** Something the hub published here. */
export interface Landed {
  review: string;
  comment: string;
  at: number;
}

export interface Kept {
  reviews: Review[];
  landed: Landed[];
}

/** Everything Google knows, in memory. Emits `changed` after each change. */
export class World extends EventEmitter<{ changed: [] }> {
  readonly reviews = new Map<string, Review>();
  readonly landed: Landed[] = [];
  readonly topics: { topic: string; types: string[] } = { topic: '', types: [] };
  moderation: Moderation;
  quota: number;
  readonly #settings: GoogleSettings;
  #told: (kind: 'NEW_REVIEW' | 'UPDATED_REVIEW', review: Review) => void = () => {};

  constructor(settings: GoogleSettings) {
    super();
    this.#settings = settings;
    this.moderation = settings.moderation;
    this.quota = settings.quota;
  }

  /** Who is told of what citizens do. */
  onChange(told: (kind: 'NEW_REVIEW' | 'UPDATED_REVIEW', review: Review) => void): void {
    this.#told = told;
  }

  /** A citizen writes about a place; without words it is only stars. */
  review(who: string, about: { stars: number; text?: string; photo?: string; location?: string }): Review {
    const { account, locations } = this.#settings;
    const location = about.location ?? locations[0]?.id ?? '';
    const now = Date.now();
    const review: Review = {
      name: `accounts/${account}/locations/${location}/reviews/AbFv${randomBytes(9).toString('base64url')}`,
      ...{ location, who, stars: about.stars, text: about.text ?? '', created: now, updated: now },
      ...(about.photo && { photo: about.photo }),
    };
    this.reviews.set(review.name, review);
    this.#told('NEW_REVIEW', review);
    this.emit('changed');
    return review;
  }

  /** The same person writes again: Google keeps one review for each person and place. */
  edit(review: Review, change: { stars?: number; text?: string }): void {
    Object.assign(review, change, { updated: this.#later(review) });
    this.#told('UPDATED_REVIEW', review);
    this.emit('changed');
  }

  /** Nobody is told. */
  remove(review: Review): void {
    this.reviews.delete(review.name);
    this.emit('changed');
  }

  /** The hub's reply: made, or in the place of the one before. */
  answer(review: Review, comment: string): Reply {
    const judged = this.moderation;
    const state = judged === 'approve' ? 'APPROVED' : judged === 'hold' ? 'PENDING' : 'REJECTED';
    const at = Math.max(Date.now(), (review.reply?.at ?? 0) + 1);
    review.reply = { comment, at, state, ...(typeof judged === 'object' && { violation: judged.reject }) };
    if (this.#settings.replyMoves) review.updated = this.#later(review);
    this.landed.push({ review: review.name, comment, at });
    this.emit('changed');
    return review.reply;
  }

  /** A person writes in Google's own pages. */
  answerByHand(review: Review, comment: string): void {
    review.reply = { comment, at: Math.max(Date.now(), (review.reply?.at ?? 0) + 1), state: 'APPROVED' };
    this.emit('changed');
  }

  /** What Google decides about a reply. */
  judge(review: Review, state: 'APPROVED' | 'REJECTED', violation?: string): void {
    if (review.reply) review.reply = { ...review.reply, state, ...(violation && { violation }) };
    this.emit('changed');
  }

  /** The reply is taken away. */
  unanswer(review: Review): void {
    delete review.reply;
    this.emit('changed');
  }

  kept(): Kept {
    return { reviews: [...this.reviews.values()], landed: this.landed };
  }

  restore({ reviews, landed }: Kept): void {
    for (const one of reviews) this.reviews.set(one.name, one);
    this.landed.push(...landed);
  }

  #later(review: Review): number {
    return Math.max(Date.now(), review.updated + 1);
  }
}

/** For tests: what landed, and what landed more than once below one review. */
export function tally({ landed }: World) {
  const counts = new Map<string, number>();
  const placeOf = ({ review, comment }: Landed) => JSON.stringify([review, comment]);
  for (const one of landed) counts.set(placeOf(one), (counts.get(placeOf(one)) ?? 0) + 1);
  return { landed, doubled: landed.filter((one) => (counts.get(placeOf(one)) ?? 0) > 1) };
}
