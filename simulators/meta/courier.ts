import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MetaSettings } from './options.ts';

/** A change or a chat event, on its way. */
export interface Event {
  object: 'page' | 'instagram' | 'whatsapp_business_account';
  /** `entry.id`. */
  entry: string;
  /** In `changes`, in `messaging`, or in `standby`. */
  as: 'changes' | 'messaging' | 'standby';
  value: Record<string, unknown>;
}

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Delivers to the hub in batches, at least once: what is not answered with 200 is delivered again. Twice, late and out
 * of order where the knobs say so.
 */
export class Courier {
  readonly #settings: MetaSettings;
  readonly #outbox: Event[] = [];
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  #deliveries = 0;
  readonly #isHeard: (event: Event) => boolean;
  hook: string | undefined;

  /** `isHeard`: has somebody subscribed to it? What nobody listens to is lost without a word, as at Meta. */
  constructor(settings: MetaSettings, isHeard: (event: Event) => boolean) {
    this.#settings = settings;
    this.#isHeard = isHeard;
    this.hook = settings.hook;
  }

  add(event: Event): void {
    if (!this.hook || !this.#isHeard(event)) return;
    this.#outbox.push(event);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
  }

  /** Everything so far was acknowledged, or the courier was closed. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.idle();
  }

  async #run(): Promise<void> {
    const { batch, late } = this.#settings.delivering;
    // What happens in one turn of the loop travels together.
    await sleep(late);
    while (this.#outbox.length > 0 && !this.#stop.signal.aborted) {
      const object = this.#outbox[0]!.object;
      const many = this.#outbox.findIndex((one) => one.object !== object);
      const events = this.#outbox.slice(0, Math.min(batch, many < 0 ? batch : many));
      await this.#deliver(object, events);
      this.#outbox.splice(0, events.length);
    }
  }

  /** The same bytes, until they are acknowledged. */
  async #deliver(object: string, events: readonly Event[]): Promise<void> {
    const { shuffle, twice } = this.#settings.delivering;
    const body = bodyOf(object, shuffle ? events.toReversed() : events);
    const before = Math.floor(this.#deliveries * twice);
    this.#deliveries += 1;
    const times = Math.floor(this.#deliveries * twice) > before ? 2 : 1;
    let pause = FIRST_PAUSE_MS;
    for (let done = 0; done < times && !this.#stop.signal.aborted; ) {
      if (await this.#post(body)) done += 1;
      else {
        await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => {});
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  async #post(body: Buffer): Promise<boolean> {
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(20_000)]);
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': sign(this.#settings.appSecret, body) };
    try {
      const response = await fetch(this.hook ?? '', { method: 'POST', headers, body: new Uint8Array(body), signal });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      return false;
    }
  }
}

/** Everything that is not ASCII is escaped, and so is the slash: signatures are made over these bytes. */
export function bodyOf(object: string, events: readonly Event[]): Buffer {
  const entries: Record<string, unknown>[] = [];
  for (const { entry: id, as, value } of events) {
    const last = entries.at(-1);
    const list = last?.id === id ? (last[as] as unknown[] | undefined) : undefined;
    if (list) list.push(value);
    else entries.push({ id, time: as === 'changes' ? Math.floor(Date.now() / 1_000) : Date.now(), [as]: [value] });
  }
  const text = JSON.stringify({ object, entry: entries }).replaceAll('/', '\\/');
  return Buffer.from(
    text.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

export const sign = (secret: string, body: Uint8Array): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
