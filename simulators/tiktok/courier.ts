import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { withBareIds } from './envelope.ts';
import type { TiktokSettings } from './options.ts';
import type { Comment, Happening } from './world.ts';

/** Delivers each event to the hub, at least once, until it is acknowledged. */
export class Courier {
  hook: string | undefined;
  /** The time in the signature of a delivery, in seconds before now: as if it had been tried for so long. */
  agedSeconds = 0;
  readonly #settings: TiktokSettings;
  readonly #underway = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(settings: TiktokSettings) {
    this.#settings = settings;
    this.hook = settings.hook;
  }

  tell(happening: Happening): void {
    if (!this.hook) return;
    const work = this.#deliver(Buffer.from(bodyOf(this.#settings, happening)));
    this.#underway.add(work);
    void work.finally(() => this.#underway.delete(work));
  }

  async #deliver(body: Buffer): Promise<void> {
    for (let pause = 50; this.hook && !this.#stop.signal.aborted; pause = Math.min(pause * 2, 2_000)) {
      const init = { method: 'POST', body: new Uint8Array(body), headers: this.#sign(body), signal: this.#stop.signal };
      const status = await fetch(this.hook, init).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200) return;
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  #sign(body: Buffer): Record<string, string> {
    const time = String(Math.floor(Date.now() / 1_000) - this.agedSeconds);
    const mark = createHmac('sha256', this.#settings.clientSecret).update(`${time}.`).update(body).digest('hex');
    return {
      'content-type': 'application/json',
      'tiktok-signature': `t=${time},s=${mark}`,
      'webhook-schema-version': '1.0',
    };
  }

  async idle(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.idle();
  }
}

/** `content` is a text of its own, with bare numbers in it. */
function bodyOf({ clientId, account }: TiktokSettings, happening: Happening): string {
  const about = { client_key: clientId, create_time: Math.floor(Date.now() / 1_000), user_openid: account };
  if ('comment' in happening)
    return JSON.stringify({
      ...{ ...about, event: 'comment.update' },
      content: withBareIds(JSON.stringify(contentOf(happening.comment, happening.action))),
    });
  const { conversation, id, uid, text, at } = happening.chat;
  const from = { id: uid, role: 'personal_account' };
  const content = {
    ...{ conversation_id: conversation, message_id: id, type: 'text', text: { body: text }, from_user: from },
    ...{ unique_identifier: uid, timestamp: at * 1_000 },
  };
  return JSON.stringify({ ...about, event: 'im_receive_msg', content: JSON.stringify(content) });
}

const contentOf = ({ id, video, parent, text, author, at }: Comment, action: string) => ({
  ...{ comment_id: id, video_id: video, ...(parent && { parent_comment_id: parent }) },
  ...{ comment_type: parent ? 'reply' : 'comment', comment_action: action, timestamp: at },
  ...{ unique_identifier: author.uid, ...(action === 'insert' && { text }) },
});
