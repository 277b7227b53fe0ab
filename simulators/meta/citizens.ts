import { chatEvent, instagramEvent, pageEvent } from './events.ts';
import type { Parts } from './parts.ts';
import { instagramOf, pageOf } from './reading.ts';
import type { Chat, ChatMessage, Comment, Person, Post } from './world.ts';

interface Said {
  /** Milliseconds since 1970; now, unless said. */
  at?: number;
  photo?: { mime: string; bytes: Uint8Array };
}

/** What people do at Meta: each call changes the world and tells the hub, as its subscriptions say. */
export class Citizens {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The page itself, or the Instagram account behind it, posts something that can be commented on. */
  ownPost(account: string, text: string, at = Date.now()): Post {
    const instagram = this.#isInstagram(account);
    const from = instagram ? instagramOf(this.#parts, account) : pageOf(this.#parts, account);
    return this.#addPost(
      account,
      { id: from.id, name: from.name, ...('username' in from && { username: from.username }) },
      text,
      at,
    );
  }

  comment(on: Post | Comment, from: Person, text: string, { at = Date.now(), photo }: Said = {}): Comment {
    const { world, courier } = this.#parts;
    const isReply = 'post' in on;
    const post = isReply ? on.post : on.id;
    const instagram = this.#isInstagram(on.account);
    const id = instagram ? world.nextId('180') : `${post.split('_').at(-1)}_${world.nextId('33')}`;
    const made = world.addComment({
      ...{ id, post, account: on.account, from, text, at, ...(isReply && { parent: on.parent ?? on.id }) },
      ...(photo && { photo: world.keepFile(photo.mime, photo.bytes) }),
    });
    courier.add(instagram ? instagramEvent.comment(made) : pageEvent.comment(this.#parts, made, 'add'));
    return made;
  }

  edit(comment: Comment, text: string): void {
    comment.text = text;
    this.#parts.world.touch(comment.post);
    if (!this.#isInstagram(comment.account)) this.#parts.courier.add(pageEvent.comment(this.#parts, comment, 'edited'));
  }

  /** Instagram tells nobody. */
  remove(comment: Comment): void {
    comment.removed = true;
    this.#parts.world.touch(comment.post);
    if (!this.#isInstagram(comment.account)) this.#parts.courier.add(pageEvent.comment(this.#parts, comment, 'remove'));
  }

  visitorPost(page: string, from: Person, text: string, { at = Date.now(), photo }: Said = {}): Post {
    const made = this.#addPost(
      page,
      from,
      text,
      at,
      photo && { photo: this.#parts.world.keepFile(photo.mime, photo.bytes) },
    );
    this.#parts.courier.add(pageEvent.post(this.#parts, made, 'add'));
    return made;
  }

  /** Somebody names the account in a post of their own. The delivery has ids only. */
  mention(account: string, from: Person, text: string): Post {
    const made = this.#addPost(account, from, text, Date.now(), { elsewhere: true });
    const instagram = this.#isInstagram(account);
    this.#parts.courier.add(
      instagram ? instagramEvent.mention(account, { media_id: made.id }) : pageEvent.mention(account, made.id),
    );
    return made;
  }

  /** The same in a comment somewhere else. Instagram only. */
  mentionInComment(account: string, from: Person, text: string): Comment {
    const { world, courier } = this.#parts;
    const media = this.#addPost(account, { ...from, username: 'tetangga' }, 'Foto kampung', Date.now(), {
      elsewhere: true,
    });
    const made = world.addComment({ id: world.nextId('180'), post: media.id, account, from, text, at: Date.now() });
    courier.add(instagramEvent.mention(account, { media_id: media.id, comment_id: made.id }));
    return made;
  }

  review(page: string, from: Person, text: string, positive: boolean): string {
    const id = this.#parts.world.nextId('66');
    this.#parts.courier.add(pageEvent.review(page, { id, from, text, positive }));
    return id;
  }

  /** A message to the page, or to the Instagram account. */
  message(
    account: string,
    from: Person,
    text: string,
    more: Said & { replyTo?: Record<string, unknown> } = {},
  ): ChatMessage {
    const { world } = this.#parts;
    const { at = Date.now(), photo, replyTo } = more;
    const url = photo && `${this.#parts.url()}/cdn/${world.keepFile(photo.mime, photo.bytes)}`;
    const attachments = url ? { attachments: [{ type: 'image', url }] } : {};
    const made = { mid: world.nextId('m_sim'), own: false, text, at, ...attachments };
    return this.#say(account, from, made, replyTo && { reply_to: replyTo });
  }

  storyReply(account: string, from: Person, text: string): ChatMessage {
    const story = { id: this.#parts.world.nextId('182'), url: `${this.#parts.url()}/cdn/story.jpg` };
    return this.message(account, from, text, { replyTo: { story } });
  }

  storyMention(account: string, from: Person, photo: { mime: string; bytes: Uint8Array }): ChatMessage {
    const { world } = this.#parts;
    const url = `${this.#parts.url()}/cdn/${world.keepFile(photo.mime, photo.bytes)}`;
    const made = { mid: world.nextId('m_sim'), own: false, text: '', at: Date.now() };
    return this.#say(account, from, { ...made, attachments: [{ type: 'story_mention', url }] });
  }

  /** A message is taken back. */
  unsend(account: string, from: Person, message: ChatMessage): void {
    message.unsent = true;
    const event = chatEvent(this.#parts, this.#chat(account, from), { ...message, text: '' }, { is_deleted: true });
    this.#parts.courier.add(event);
  }

  #say(account: string, from: Person, made: ChatMessage, extra?: Record<string, unknown>): ChatMessage {
    const chat = this.#chat(account, from);
    this.#parts.world.addMessage(chat, made);
    this.#parts.courier.add(chatEvent(this.#parts, chat, made, extra));
    return made;
  }

  #chat(account: string, from: Person): Chat {
    return this.#parts.world.chatWith(this.#isInstagram(account) ? 'instagram' : 'messenger', account, from);
  }

  #addPost(account: string, from: Person, text: string, at: number, more: Partial<Post> = {}): Post {
    const { world } = this.#parts;
    const id = this.#isInstagram(account) ? world.nextId('181') : `${account}_${world.nextId('22')}`;
    return world.addPost({ id, account, from, text, at, changedAt: at, ...more });
  }

  #isInstagram(account: string): boolean {
    return this.#parts.settings.pages.some((page) => page.instagram?.id === account);
  }
}
