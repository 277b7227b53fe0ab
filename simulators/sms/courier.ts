import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SmsSettings } from './options.ts';
import type { Came, Went } from './world.ts';

const LATE_MS = 150;

/** Delivers what citizens wrote and what became of our messages, at least once, until it is acknowledged. */
export class Courier {
  readonly #settings: SmsSettings;
  readonly #underway = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(settings: SmsSettings) {
    this.#settings = settings;
  }

  came({ id, from, text, at }: Came): void {
    this.#begin({ id, dari: from, ke: this.#settings.number, pesan: text, waktu: at });
  }

  status({ id, reference, status }: Went, late = false): void {
    const report = { id, acuan: reference, dari: this.#settings.number, status, waktu: new Date().toISOString() };
    this.#begin(report, late ? LATE_MS : 0);
  }

  #begin(entry: object, lateMs = 0): void {
    if (!this.#settings.hook) return;
    const body = Buffer.from(JSON.stringify({ data: [entry] }));
    for (let times = this.#settings.manners.twice ? 2 : 1; times > 0; times--) {
      const work = this.#deliver(body, lateMs);
      this.#underway.add(work);
      void work.finally(() => this.#underway.delete(work));
    }
  }

  async #deliver(body: Buffer, lateMs: number): Promise<void> {
    if (lateMs > 0) await sleep(lateMs, undefined, { signal: this.#stop.signal }).catch(() => {});
    if (this.#settings.manners.badlySigned) await this.#post(body, 'kunci-yang-salah');
    for (let pause = 50; !this.#stop.signal.aborted; pause = Math.min(pause * 2, 2_000)) {
      if ((await this.#post(body, this.#settings.hook?.secret ?? '')) === 200) return;
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  #post(body: Buffer, secret: string): Promise<number> {
    const stamp = String(Math.floor(Date.now() / 1_000));
    const mac = createHmac('sha256', secret).update(`${stamp}.`).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-timestamp': stamp, 'x-signature': mac };
    const init = { method: 'POST', body: new Uint8Array(body), headers, signal: this.#stop.signal };
    return fetch(this.#settings.hook?.url ?? '', init).then(
      (answer) => answer.status,
      () => 0,
    );
  }

  async idle(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.idle();
  }
}
