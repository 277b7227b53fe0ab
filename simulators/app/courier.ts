import { setTimeout as sleep } from 'node:timers/promises';
import type { Item } from '#contract';
import type { AppSettings } from './options.ts';
import { signed } from './signature.ts';

type Waiting = { account: string; item: Item };
const BATCH = 50;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** Delivers changes to the hub in order, at least once: what is not acknowledged is sent again. */
export class Courier {
  readonly #hub: NonNullable<AppSettings['hub']>;
  readonly #outbox: Waiting[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  #sent = 0;

  constructor(hub: NonNullable<AppSettings['hub']>) {
    this.#hub = hub;
  }

  add(account: string, item: Item): void {
    this.#outbox.push({ account, item });
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Everything filed so far is acknowledged, or the courier was closed. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  waiting(): number {
    return this.#outbox.length;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.idle();
  }

  async #run(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    // The changes of one turn of the loop travel together.
    await sleep(0);
    while (this.#outbox.length > 0 && !this.#stop.signal.aborted) {
      const batch = this.#outbox.slice(0, BATCH);
      if (await this.#deliver(batch)) {
        this.#outbox.splice(0, batch.length);
        this.#sent += batch.length;
        pause = FIRST_PAUSE_MS;
      } else {
        await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => {});
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  async #deliver(batch: readonly Waiting[]): Promise<boolean> {
    const { url, endpoint, secret } = this.#hub;
    const body = Buffer.from(JSON.stringify({ items: batch.map(({ account, item }) => ({ account, ...item })) }));
    const headers = { 'content-type': 'application/json', ...signed(secret, `msg_${this.#sent + 1}`, body) };
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(30_000)]);
    try {
      const response = await fetch(`${url}/hooks/${endpoint}`, { method: 'POST', headers, body, signal });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }
}
