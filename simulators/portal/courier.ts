import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from './faults.ts';
import type { Happened, Report } from './world.ts';

const FIRST_MS = 200;
const LONGEST_MS = 5_000;

/** Announces changes to the hub until it says 2xx. They may come twice and out of order. */
export class Courier {
  #hook: { url: string; secret: string };
  #faults: Faults;
  #stop = new AbortController();
  #under = new Set<Promise<void>>();

  constructor(hook: { url: string; secret: string }, faults: Faults) {
    this.#hook = hook;
    this.#faults = faults;
  }

  tell({ id, versi }: Report, happened: Happened): void {
    const body = JSON.stringify({ peristiwa: `laporan.${happened}`, id, versi });
    const event = randomUUID();
    const times = this.#faults.meets('webhook_ganda') ? 2 : 1;
    for (let n = 0; n < times; n++) this.#begin(this.#deliver(body, event));
  }

  #begin(work: Promise<void>): void {
    const done = work.finally(() => this.#under.delete(done));
    this.#under.add(done);
  }

  async #deliver(body: string, event: string): Promise<void> {
    for (let pause = FIRST_MS; !this.#stop.signal.aborted; pause = Math.min(LONGEST_MS, pause * 2)) {
      if (await this.#post(body, event)) return;
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  async #post(body: string, event: string): Promise<boolean> {
    const stamp = String(Math.floor(Date.now() / 1_000));
    const secret = this.#faults.meets('webhook_tanda_salah') ? 'kunci-yang-salah' : this.#hook.secret;
    const mac = createHmac('sha256', secret).update(`${stamp}.${body}`).digest('hex');
    const proof = { 'x-event-id': event, 'x-timestamp': stamp, 'x-signature': `sha256=${mac}` };
    try {
      const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(10_000)]);
      const headers = { 'content-type': 'application/json', ...proof };
      const response = await fetch(this.#hook.url, { method: 'POST', body, headers, signal });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  /** Resolves when everything was taken. */
  async idle(): Promise<void> {
    while (this.#under.size > 0) await Promise.all(this.#under);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.idle();
  }
}
