import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Log, SecretRef } from '#contract';
import type { PageTask, Reader, Taken } from '../../flows/reader.ts';
import type { Secrets } from '../../platform/secrets.ts';
import { transferable } from '../../platform/transfer.ts';
import { errorOf, failureOf } from './failure.ts';
import type { Done, News, Order, Start } from './messages.ts';

const STUCK_MS = 5_000;
/** Of objects, not of mails: those lie outside of the heap. */
const MEMORY_MB = 192;

interface Tools {
  secrets: Secrets;
  log: Log;
  /** A task that was told to stop and does not answer within this time has stuck its thread. Default 5 s. */
  stuckMs?: number;
}

/**
 * Reads in a thread of its own, which is started with the first task: what is large is copied, hashed, encrypted and
 * written there, and its garbage is collected there, while the main loop answers people. When the thread dies, its tasks
 * fail, and the next one starts another.
 */
export function createReaderThread(start: Start, tools: Tools): Reader & { close(): Promise<void> } {
  let thread: ReaderThread | undefined;
  const living = (): ReaderThread => {
    if (!thread?.alive) thread = new ReaderThread(start, tools);
    return thread;
  };
  return {
    take: async (task, signal) => (await living().run({ take: task }, signal)) as Taken,
    watch: async (channelId, wake, signal) => {
      await living().run({ watch: channelId }, signal, wake);
    },
    open: async (ids) => (ids.length === 0 ? new Map() : ((await living().run({ open: ids }, NEVER)) as never)),
    keepFile: async (bytes) => (await living().run({ keep: bytes }, NEVER)) as never,
    close: async () => thread?.close(),
  };
}

interface Open {
  settled: PromiseWithResolvers<Done>;
  wake(): void;
}

/** What short work is not stopped by: it ends with its thread. */
const NEVER = new AbortController().signal;

type Work = { take: PageTask } | { watch: string } | { open: readonly string[] } | { keep: Uint8Array };

class ReaderThread {
  alive = true;
  readonly #worker: Worker;
  readonly #tools: Tools;
  readonly #open = new Map<number, Open>();
  readonly #stuckMs: number;
  #last = 0;

  constructor(start: Start, tools: Tools) {
    this.#tools = tools;
    this.#stuckMs = tools.stuckMs ?? STUCK_MS;
    this.#worker = new Worker(new URL('./reader.worker.ts', import.meta.url), {
      workerData: start,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB, maxYoungGenerationSizeMb: 16 },
    });
    this.#worker.on('message', (news: News) => this.#heard(news));
    this.#worker.once('error', (error) => this.#died(error));
    this.#worker.once('exit', () => this.#died(new Error('the reading thread ended')));
    this.#worker.unref();
  }

  async run(work: Work, signal: AbortSignal, wake = () => {}): Promise<Done> {
    signal.throwIfAborted();
    const id = ++this.#last;
    const settled = Promise.withResolvers<Done>();
    this.#open.set(id, { settled, wake });
    this.#worker.ref();
    let stuck: NodeJS.Timeout | undefined;
    const abort = () => {
      this.#order({ abort: id });
      stuck = setTimeout(() => void this.#worker.terminate(), this.#stuckMs);
    };
    signal.addEventListener('abort', abort, { once: true });
    try {
      this.#order({ ...work, id });
      return await settled.promise;
    } finally {
      clearTimeout(stuck);
      signal.removeEventListener('abort', abort);
      this.#open.delete(id);
      if (this.#open.size === 0) this.#worker.unref();
    }
  }

  async close(): Promise<void> {
    if (!this.alive) return;
    const gone = once(this.#worker, 'exit');
    this.#order('close');
    const stuck = setTimeout(() => void this.#worker.terminate(), this.#stuckMs);
    await gone;
    clearTimeout(stuck);
  }

  #order(order: Order): void {
    this.#worker.postMessage(order, typeof order === 'object' && 'keep' in order ? transferable([order.keep]) : []);
  }

  #heard(news: News): void {
    if ('log' in news) this.#tools.log[news.log](news.fields, news.message);
    else if ('ask' in news) void this.#answer(news.question, news.ask);
    else this.#ofTask(news);
  }

  #ofTask(news: Extract<News, { id: number }>): void {
    const task = this.#open.get(news.id);
    if ('wake' in news) task?.wake();
    else if ('failure' in news) task?.settled.reject(errorOf(news.failure));
    else task?.settled.resolve(news.done);
  }

  async #answer(question: number, ref: SecretRef): Promise<void> {
    try {
      this.#order({ question, secret: await this.#tools.secrets.get(ref) });
    } catch (error) {
      this.#order({ question, failure: failureOf(error) });
    }
  }

  #died(error: Error): void {
    this.alive = false;
    for (const { settled } of this.#open.values()) settled.reject(error);
  }
}
