import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';

export interface Person {
  id: string;
  name: string;
  username?: string;
}

/** A post of a page, or a media of an Instagram account. */
export interface Post {
  id: string;
  /** Page or Instagram account that it stands with. */
  account: string;
  from: Person;
  text: string;
  at: number;
  changedAt: number;
  photo?: string;
  removed?: boolean;
  /** Somebody else's, where our account is only named. */
  elsewhere?: boolean;
}

export interface Comment {
  id: string;
  post: string;
  account: string;
  /** The comment above it. */
  parent?: string;
  from: Person;
  text: string;
  at: number;
  photo?: string;
  hidden?: boolean;
  removed?: boolean;
  closed?: boolean;
  /** Somebody has answered it in private. */
  privateReply?: boolean;
}

export interface ChatMessage {
  mid: string;
  own: boolean;
  text: string;
  at: number;
  attachments?: { type: string; url: string }[];
  metadata?: string;
  unsent?: boolean;
}

export interface Chat {
  id: string;
  platform: 'messenger' | 'instagram' | 'whatsapp';
  account: string;
  person: Person;
  messages: ChatMessage[];
}

/** Something the hub published here. */
export interface Landed {
  id: string;
  kind: 'comment' | 'mention' | 'private' | 'message';
  account: string;
  /** Comment, post or person. */
  target: string;
  text: string;
  photo?: string;
  metadata?: string;
  at: number;
}

/** What is kept over a restart. */
export interface Kept {
  count: number;
  posts: Post[];
  comments: Comment[];
  chats: Chat[];
  landed: Landed[];
  files: { name: string; mime: string; base64: string }[];
}

/** Everything Meta knows, in memory. Emits `changed` after each change and `landed` for what the hub published. */
export class World extends EventEmitter<{ changed: []; landed: [Landed] }> {
  readonly posts = new Map<string, Post>();
  readonly comments = new Map<string, Comment>();
  readonly chats = new Map<string, Chat>();
  readonly landed: Landed[] = [];
  readonly files = new Map<string, { mime: string; bytes: Uint8Array }>();
  /** Photos that were uploaded and stand nowhere yet: their number to the file's name. */
  readonly uploads = new Map<string, string>();
  readonly #byNode = new Map<string, Comment[]>();
  #count = 0;

  /** A number that nothing else here has. */
  nextId(prefix: string): string {
    this.#count += 1;
    return `${prefix}${String(this.#count).padStart(9, '0')}`;
  }

  addPost(post: Post): Post {
    this.posts.set(post.id, post);
    this.emit('changed');
    return post;
  }

  addComment(comment: Comment): Comment {
    this.comments.set(comment.id, comment);
    for (const node of new Set([comment.post, comment.parent ?? comment.post])) this.#nodes(node).push(comment);
    this.touch(comment.post);
    return comment;
  }

  #nodes(node: string): Comment[] {
    const known = this.#byNode.get(node) ?? [];
    this.#byNode.set(node, known);
    return known;
  }

  /** A post was changed by what happened below it. */
  touch(postId: string): void {
    const post = this.posts.get(postId);
    if (post) post.changedAt = Date.now();
    this.emit('changed');
  }

  /** All comments of a post, or the replies below a comment, oldest first. Without those that were removed. */
  below(node: string): Comment[] {
    return (this.#byNode.get(node) ?? []).filter((one) => !one.removed);
  }

  chatWith(platform: Chat['platform'], account: string, person: Person): Chat {
    const id = `t_${platform}_${account}_${person.id}`;
    const found = this.chats.get(id);
    if (found) return found;
    const chat = { id, platform, account, person, messages: [] };
    this.chats.set(id, chat);
    return chat;
  }

  addMessage(chat: Chat, message: ChatMessage): void {
    chat.messages.push(message);
    this.emit('changed');
  }

  land(landed: Landed): void {
    this.landed.push(landed);
    this.emit('landed', landed);
    this.emit('changed');
  }

  /** Keeps a file and gives its name. */
  keepFile(mime: string, bytes: Uint8Array): string {
    const name = `${randomBytes(6).toString('hex')}.${mime.split('/')[1] ?? 'bin'}`;
    this.files.set(name, { mime, bytes });
    return name;
  }

  kept(): Kept {
    const files = [...this.files].map(([name, { mime, bytes }]) => ({
      ...{ name, mime, base64: Buffer.from(bytes).toString('base64') },
    }));
    const [posts, comments, chats] = [this.posts, this.comments, this.chats].map((map) => [...map.values()]);
    return { count: this.#count, posts, comments, chats, landed: this.landed, files } as Kept;
  }

  restore({ count, posts, comments, chats, landed, files }: Kept): void {
    this.#count = count;
    for (const post of posts) this.posts.set(post.id, post);
    for (const comment of comments) this.addComment(comment);
    for (const post of posts) this.posts.set(post.id, post);
    for (const chat of chats) this.chats.set(chat.id, chat);
    for (const { name, mime, base64 } of files) this.files.set(name, { mime, bytes: Buffer.from(base64, 'base64') });
    this.landed.push(...landed);
  }
}
