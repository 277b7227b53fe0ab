import { EventEmitter } from 'node:events';

export interface Video {
  id: string;
  caption: string;
  /** Seconds since 1970, as TikTok writes times. */
  at: number;
}

export interface Comment {
  id: string;
  video: string;
  /** The first comment of its thread. */
  parent?: string;
  author: { handle: string; name: string; uid: string };
  text: string;
  at: number;
  status: 'PUBLIC' | 'HIDDEN' | 'FRIENDS_ONLY';
  own: boolean;
  image?: string;
}

/** Somebody else's video, or a comment below it, that names the account. */
export interface Mention {
  video: string;
  comment?: string;
  who: string;
  text: string;
  caption: string;
  at: number;
}

export interface Landed {
  id: string;
  /** Comment or conversation. */
  target: string;
  text: string;
  at: number;
}

export interface Kept {
  count: string;
  videos: Video[];
  comments: Comment[];
  landed: Landed[];
}

export type Happening =
  | { comment: Comment; action: 'insert' | 'delete' | 'set_to_hidden' | 'set_to_public' }
  | { chat: { conversation: string; id: string; uid: string; text: string; at: number } };

/** Ids as they are: nineteen figures, beyond what a JavaScript number can hold. */
const FIRST_ID = 7_301_234_567_890_123_456n;

/** Everything TikTok knows, in memory. Emits `changed` after each change, and what happened for those who listen. */
export class World extends EventEmitter<{ changed: []; happened: [Happening] }> {
  readonly videos = new Map<string, Video>();
  readonly comments = new Map<string, Comment>();
  readonly mentions: Mention[] = [];
  readonly landed: Landed[] = [];
  #next = FIRST_ID;
  readonly #handle: string;

  constructor(handle: string) {
    super();
    this.#handle = handle;
  }

  nextId(): string {
    const id = String(this.#next);
    this.#next += 1n;
    return id;
  }

  video(caption: string, at = now()): Video {
    const video = { id: this.nextId(), caption, at };
    this.videos.set(video.id, video);
    this.emit('changed');
    return video;
  }

  /** A citizen writes below a video, or below a comment there. */
  comment(below: Video | Comment, handle: string, text: string, about: Partial<Comment> = {}): Comment {
    const author = { handle, name: handle.replaceAll('.', ' '), uid: `uid-${handle}` };
    return this.#add(below, { author, text, own: false, ...about });
  }

  /** The account writes, here or in the app. */
  answer(below: Comment, text: string, status: Comment['status'] = 'PUBLIC'): Comment {
    const author = { handle: this.#handle, name: this.#handle, uid: 'uid-own' };
    return this.#add(below, { author, text, own: true, status });
  }

  #add(below: Video | Comment, said: Pick<Comment, 'author' | 'text' | 'own'> & Partial<Comment>): Comment {
    const parent = 'caption' in below ? undefined : (below.parent ?? below.id);
    const video = 'caption' in below ? below.id : below.video;
    const base = { id: this.nextId(), video, at: now(), status: 'PUBLIC' as const };
    const comment: Comment = { ...base, ...(parent && { parent }), ...said };
    this.comments.set(comment.id, comment);
    this.#tell({ comment, action: 'insert' });
    return comment;
  }

  setStatus(comment: Comment, status: Comment['status']): void {
    if (comment.status === status) return;
    comment.status = status;
    this.#tell({ comment, action: status === 'PUBLIC' ? 'set_to_public' : 'set_to_hidden' });
  }

  remove(comment: Comment): void {
    for (const one of this.comments.values())
      if (one.id === comment.id || one.parent === comment.id) this.comments.delete(one.id);
    this.#tell({ comment, action: 'delete' });
  }

  /** A citizen writes a business message. */
  message(uid: string, text: string): string {
    const chat = { conversation: `conv-${uid}`, id: this.nextId(), uid, text, at: now() };
    this.#tell({ chat });
    return chat.id;
  }

  mention(about: Omit<Mention, 'video' | 'at'>): Mention {
    const mention = { ...about, video: this.nextId(), at: now() };
    this.mentions.push(mention);
    return mention;
  }

  below(id: string): Comment[] {
    return [...this.comments.values()].filter(({ parent }) => parent === id);
  }

  land(target: string, text: string, id: string): void {
    this.landed.push({ id, target, text, at: now() });
    this.emit('changed');
  }

  #tell(happening: Happening): void {
    this.emit('happened', happening);
    this.emit('changed');
  }

  kept(): Kept {
    const [videos, comments] = [[...this.videos.values()], [...this.comments.values()]];
    return { count: String(this.#next), videos, comments, landed: this.landed };
  }

  restore({ count, videos, comments, landed }: Kept): void {
    this.#next = BigInt(count);
    for (const one of videos) this.videos.set(one.id, one);
    for (const one of comments) this.comments.set(one.id, one);
    this.landed.push(...landed);
  }
}

const now = (): number => Math.floor(Date.now() / 1_000);

/** For tests: what landed, and what landed more than once below one comment. */
export function tally({ landed }: World) {
  const counts = new Map<string, number>();
  const placeOf = ({ target, text }: Landed) => JSON.stringify([target, text]);
  for (const one of landed) counts.set(placeOf(one), (counts.get(placeOf(one)) ?? 0) + 1);
  return { landed, doubled: landed.filter((one) => (counts.get(placeOf(one)) ?? 0) > 1) };
}
