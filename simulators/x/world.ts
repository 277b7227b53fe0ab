import { EventEmitter } from 'node:events';

export interface Person {
  id: string;
  username: string;
  name: string;
}

export interface Post {
  id: string;
  author: string;
  text: string;
  at: number;
  conversation: string;
  replyTo?: string;
  /** Who wrote that. */
  repliesTo?: string;
  quotes?: string;
  /** All versions, the first one first. */
  chain: string[];
  mentions: string[];
  media: string[];
  /** Longer than a post usually may be: the list gives its beginning, and this. */
  note?: string;
  removed?: boolean;
  /** A later version stands in its place. */
  replaced?: boolean;
}

export interface Direct {
  id: string;
  sender: string;
  person: string;
  text: string;
  at: number;
}

export interface Landed {
  id: string;
  /** The post or the person that is answered. */
  target: string;
  kind: 'post' | 'dm';
  text: string;
  media: number;
  at: number;
}

export interface Kept {
  count: number;
  people: Person[];
  posts: Post[];
  directs: Direct[];
  landed: Landed[];
}

const EPOCH_MS = 1_288_834_974_657;
/** The first part of a post that X's lists show. */
const SHOWN = 270;

/** Everything X knows, in memory. Emits `changed`, and `event` for what the webhook tells of. */
export class World extends EventEmitter<{ changed: []; event: [type: string, payload: object] }> {
  readonly people = new Map<string, Person>();
  readonly posts = new Map<string, Post>();
  readonly directs: Direct[] = [];
  readonly landed: Landed[] = [];
  readonly us: Person;
  #count = 0;
  #now: () => number;

  constructor(us: Person, now: () => number = Date.now) {
    super();
    this.us = us;
    this.#now = now;
    this.people.set(us.id, us);
  }

  now(): number {
    return this.#now();
  }

  /** Ids hold their time, as X's do, and do not fit into a number. */
  newId(): string {
    return (this.idAt(this.#now()) | BigInt(++this.#count & 0x3fffff)).toString();
  }

  idAt(ms: number): bigint {
    return BigInt(Math.floor(ms - EPOCH_MS)) << 22n;
  }

  /** Somebody with this handle. */
  person(username: string): Person {
    const known = [...this.people.values()].find((one) => one.username === username);
    if (known) return known;
    const person = {
      id: String(1_500_000_000_000_000_000n + BigInt(this.people.size)),
      username,
      name: `Warga ${username}`,
    };
    this.people.set(person.id, person);
    return person;
  }

  /** A citizen posts; who is named with @ is mentioned, and who is answered as well. */
  write(
    username: string,
    text: string,
    about: { replyTo?: Post; quotes?: Post; media?: string[]; id?: string } = {},
  ): Post {
    const { replyTo, quotes, media = [], id = this.newId() } = about;
    const author = this.person(username).id;
    const named = [...text.matchAll(/@(\w{1,15})/g)].map(([, name = '']) => this.person(name).id);
    const post: Post = {
      ...{ id, author, text, at: this.#now(), conversation: replyTo?.conversation ?? id, chain: [id], media },
      mentions: [...new Set([...named, ...(replyTo ? [replyTo.author] : [])])],
      ...(replyTo && { replyTo: replyTo.id, repliesTo: replyTo.author }),
      ...(quotes && { quotes: quotes.id }),
      ...(text.length > SHOWN && { note: text }),
    };
    return this.#add(post);
  }

  #add(post: Post): Post {
    this.posts.set(post.id, post);
    const type = post.replyTo ? 'post.reply.create' : 'post.mention.create';
    if (post.author !== this.us.id && post.mentions.includes(this.us.id)) this.emit('event', type, post);
    this.emit('changed');
    return post;
  }

  /** Each version is a post of its own. */
  edit(post: Post, text: string): Post {
    const id = this.newId();
    post.replaced = true;
    return this.#add({ ...post, id, text, at: this.#now(), chain: [...post.chain, id], replaced: false });
  }

  /** With all its versions. */
  remove({ chain }: Post): void {
    for (const id of chain) {
      const post = this.posts.get(id);
      if (post) post.removed = true;
    }
    this.emit('changed');
  }

  /** A citizen writes to us alone. */
  direct(username: string, text: string): Direct {
    const { id: person } = this.person(username);
    const direct = { id: this.newId(), sender: person, person, text, at: this.#now() };
    this.directs.push(direct);
    this.emit('event', 'dm.received', direct);
    this.emit('changed');
    return direct;
  }

  /** Ours: a reply, or the next part of one. */
  land(text: string, target: Post, media: string[]): Post {
    const about = { replyTo: target, media };
    const post = this.write(this.us.username, text, about);
    this.landed.push({ id: post.id, target: target.id, kind: 'post', text, media: media.length, at: post.at });
    return post;
  }

  landDirect(text: string, person: string, media: number): Direct {
    const direct = { id: this.newId(), sender: this.us.id, person, text, at: this.#now() };
    this.directs.push(direct);
    this.landed.push({ id: direct.id, target: person, kind: 'dm', text, media, at: direct.at });
    this.emit('changed');
    return direct;
  }

  kept(): Kept {
    const { people, posts, directs, landed } = this;
    return { count: this.#count, people: [...people.values()], posts: [...posts.values()], directs, landed };
  }

  restore({ count, people, posts, directs, landed }: Kept): void {
    this.#count = count;
    for (const one of people) this.people.set(one.id, one);
    for (const one of posts) this.posts.set(one.id, one);
    this.directs.push(...directs);
    this.landed.push(...landed);
  }
}

/** For tests: what landed, and what landed more than once in one place: X adds a mark of ours to each text. */
export function tally({ landed }: World) {
  const counts = new Map<string, number>();
  const placeOf = ({ target, text }: Landed) => JSON.stringify([target, text.replace(/\s\[[^\]]*\]$/, '')]);
  for (const one of landed) counts.set(placeOf(one), (counts.get(placeOf(one)) ?? 0) + 1);
  return { landed, doubled: landed.filter((one) => (counts.get(placeOf(one)) ?? 0) > 1) };
}
