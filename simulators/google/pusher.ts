import { createSign, generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, json } from '../app/respond.ts';
import type { GoogleSettings } from './options.ts';
import type { Review } from './world.ts';

const KID = 'sim-key-1';
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Pub/Sub with a push subscription: at least once, with a token that says who delivers. */
export class Pusher {
  push: GoogleSettings['push'];
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  readonly #underway = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #count = 0;

  constructor(push: GoogleSettings['push']) {
    this.push = push;
  }

  certs(): Answer {
    const key = { ...this.#keys.publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' };
    return json(200, { keys: [key] }, { 'cache-control': 'public, max-age=22080, must-revalidate' });
  }

  tell(notificationType: string, { name }: Review): void {
    if (!this.push) return;
    this.#count += 1;
    const said = { notificationType, reviewName: name, locationName: name.replace(/\/reviews\/.*$/, '') };
    const message = {
      data: Buffer.from(JSON.stringify(said)).toString('base64'),
      ...{ attributes: {}, messageId: String(this.#count), publishTime: new Date().toISOString() },
    };
    const work = this.#deliver(JSON.stringify({ message, subscription: 'projects/sim/subscriptions/gbp-push' }));
    this.#underway.add(work);
    void work.finally(() => this.#underway.delete(work));
  }

  /** Until it is acknowledged, or the simulation ends. */
  async #deliver(body: string): Promise<void> {
    for (let pause = 50; this.push && !this.#stop.signal.aborted; pause = Math.min(pause * 2, 2_000)) {
      const headers = { authorization: `Bearer ${this.#token(this.push)}`, 'content-type': 'application/json' };
      const init = { method: 'POST', body, headers, signal: this.#stop.signal };
      const status = await fetch(this.push.hook, init).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status >= 200 && status < 300) return;
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  #token({ audience, email }: NonNullable<GoogleSettings['push']>): string {
    const now = Math.floor(Date.now() / 1_000);
    const said = { aud: audience, email, email_verified: true, iss: 'https://accounts.google.com', sub: '1137742644' };
    const text = `${part({ alg: 'RS256', kid: KID, typ: 'JWT' })}.${part({ ...said, iat: now, exp: now + 3_600 })}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(this.#keys.privateKey).toString('base64url')}`;
  }

  async idle(): Promise<void> {
    await Promise.all(this.#underway);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.idle();
  }
}
