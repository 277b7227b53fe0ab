import { EventEmitter } from 'node:events';

/** A comment, or a reply below one (`parent`). */
export interface Comment {
  id: string;
  parent?: string;
  video: string;
  author: { channel: string; handle: string };
  text: string;
  published: number;
  updated: number;
  /** YouTube holds it back: it stands only in this queue. */
  held?: 'heldForReview' | 'likelySpam';
}

export interface Landed {
  parent: string;
  text: string;
  at: number;
}

const SUFFIX = 'AaABAg';

export interface Kept {
  count: number;
  comments: Comment[];
  landed: Landed[];
}

/** Everything YouTube knows, in memory. Emits `changed` after each change. */
export class World extends EventEmitter<{ changed: [] }> {
  readonly comments = new Map<string, Comment>();
  readonly landed: Landed[] = [];
  #count = 0;
  #now: () => number;

  constructor(now: () => number = Date.now) {
    super();
    this.#now = now;
  }

  /** A citizen writes below a video. */
  comment(handle: string, text: string, about: Pick<Comment, 'held'> & { video?: string } = {}): Comment {
    const id = `UgxSim${String(++this.#count).padStart(8, '0')}${SUFFIX}`;
    const { video = 'dQsim000001', held } = about;
    return this.#add({ ...this.#new(handle, text), id, video, ...(held && { held }) });
  }

  /** Somebody answers in a thread. The thread does not move. */
  reply(thread: Comment, handle: string, text: string, channel?: string): Comment {
    const id = `${thread.id}.S${String(++this.#count).padStart(9, '0')}`;
    return this.#add({ ...this.#new(handle, text, channel), id, parent: thread.id, video: thread.video });
  }

  #new(handle: string, text: string, channel = `UCwarga${handle.replace(/\W/g, '')}`) {
    const now = this.#now();
    return { author: { channel, handle }, text, published: now, updated: now };
  }

  #add(comment: Comment): Comment {
    this.comments.set(comment.id, comment);
    this.emit('changed');
    return comment;
  }

  edit(comment: Comment, text: string): void {
    Object.assign(comment, { text, updated: Math.max(this.#now(), comment.updated + 1_000) });
    this.emit('changed');
  }

  remove({ id }: Comment): void {
    for (const one of this.comments.values()) if (one.id === id || one.parent === id) this.comments.delete(one.id);
    this.emit('changed');
  }

  /** Somebody with the right to it lets a comment stand. */
  release(comment: Comment): void {
    delete comment.held;
    this.emit('changed');
  }

  below(thread: string): Comment[] {
    return [...this.comments.values()].filter((one) => one.parent === thread);
  }

  land(thread: Comment, text: string, channel: string): Comment {
    this.landed.push({ parent: thread.id, text, at: this.#now() });
    return this.reply(thread, '@pemkab', text, channel);
  }

  kept(): Kept {
    return { count: this.#count, comments: [...this.comments.values()], landed: this.landed };
  }

  restore({ count, comments, landed }: Kept): void {
    this.#count = count;
    for (const one of comments) this.comments.set(one.id, one);
    this.landed.push(...landed);
  }
}

/** For tests: what landed, and what landed more than once below one comment. */
export function tally({ landed }: World) {
  const counts = new Map<string, number>();
  const placeOf = ({ parent, text }: Landed) => JSON.stringify([parent, text]);
  for (const one of landed) counts.set(placeOf(one), (counts.get(placeOf(one)) ?? 0) + 1);
  return { landed, doubled: landed.filter((one) => (counts.get(placeOf(one)) ?? 0) > 1) };
}
