import { createHmac } from 'node:crypto';
import type { XSettings } from './options.ts';

/** The webhook: its checks and its deliveries. */
export class Courier {
  hook: string | undefined;
  valid = true;
  /** How many deliveries were acknowledged. */
  delivered = 0;
  #secret: string;
  #account: string;
  #going = new Set<Promise<void>>();
  #count = 0n;

  constructor({ hook, consumerSecret, account }: XSettings) {
    this.hook = hook;
    this.#secret = consumerSecret;
    this.#account = account.id;
  }

  #sign(text: string): string {
    return `sha256=${createHmac('sha256', this.#secret).update(text).digest('base64')}`;
  }

  /** The challenge-response check; a wrong answer switches the webhook off. */
  async check(): Promise<boolean> {
    if (!this.hook) return false;
    const token = `crc-${++this.#count}`;
    const answer = await fetch(`${this.hook}?crc_token=${token}`).catch(() => null);
    const body = answer?.ok ? ((await answer.json().catch(() => ({}))) as { response_token?: string }) : {};
    this.valid = body.response_token === this.#sign(token);
    return this.valid;
  }

  /** As X Activity writes it. */
  tell(type: string, payload: object): void {
    if (!this.hook || !this.valid) return;
    const event_uuid = String(-++this.#count);
    const data = { event_uuid, filter: { user_id: this.#account }, event_type: type, tag: 'kanal', payload };
    const going = this.#post(JSON.stringify({ data, includes: {} })).finally(() => this.#going.delete(going));
    this.#going.add(going);
  }

  async #post(body: string): Promise<void> {
    const headers = { 'content-type': 'application/json', 'x-twitter-webhooks-signature': this.#sign(body) };
    for (let tries = 0; tries < 3; tries++) {
      const answer = await fetch(this.hook ?? '', { method: 'POST', headers, body }).catch(() => null);
      if (!answer?.ok) continue;
      this.delivered += 1;
      return;
    }
  }

  async idle(): Promise<void> {
    while (this.#going.size > 0) await Promise.all(this.#going);
  }
}
