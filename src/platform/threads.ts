import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ExtractJob, ExtractResult, NormaliseJob, NormaliseResult } from './normaliseJob.ts';
import { transferable } from './transfer.ts';

export type { ExtractJob, ExtractResult, NormaliseJob, NormaliseResult } from './normaliseJob.ts';

type Job = NormaliseJob | ExtractJob;
type Result = NormaliseResult | ExtractResult;

export interface NormaliserOptions {
  /** Where adapters come from; see `adapterSource`. */
  registry: URL;
  /** Default: one less than the processors, at most 4, at least 1. */
  threads?: number;
  /** For a batch, and again for each of its jobs when they are tried one by one. Default 10 s. */
  timeoutMs?: number;
  /** Of JavaScript objects, per thread. Default 256. */
  memoryMb?: number;
}

/** Runs `normalise` and `extract` away from the main loop, in warm threads under limits of time and memory. */
export interface Normaliser {
  /**
   * One result for each job, in the same order; never rejects for a bad item. When a thread dies or is too slow, it is
   * replaced and the batch is run one by one, so that only the guilty job fails. Rejects when the threads cannot start
   * or were closed: that is no item's fault, and the jobs may be given again.
   */
  normalise(jobs: NormaliseJob[]): Promise<NormaliseResult[]>;
  /** Takes one attachment out of a raw item. Rejects as `normalise` does. */
  extract(job: ExtractJob): Promise<ExtractResult>;
  close(): Promise<void>;
}

export function createNormaliser(options: NormaliserOptions): Normaliser {
  const { timeoutMs = 10_000, memoryMb = 256 } = options;
  const count = options.threads ?? Math.min(4, Math.max(1, availableParallelism() - 1));
  const start = (): Thread => new Thread(options.registry, memoryMb);
  const threads = Array.from({ length: count }, start);
  const idle = threads.map((_thread, index) => index);
  // What people wait to read goes before what was attached to it.
  const waiting = { normalise: [] as ((index: number) => void)[], extract: [] as ((index: number) => void)[] };
  let closed = false;

  const acquire = async (kind: keyof typeof waiting): Promise<number> =>
    idle.pop() ?? new Promise((resolve) => waiting[kind].push(resolve));
  const release = (index: number): void => {
    const next = waiting.normalise.shift() ?? waiting.extract.shift();
    if (next) next(index);
    else idle.push(index);
  };

  async function attempt(index: number, jobs: readonly Job[]): Promise<Result[] | string> {
    const thread = threads[index];
    if (closed || !thread) throw new Error('the parser threads were closed');
    const outcome = await thread.run(jobs, timeoutMs);
    if (closed) throw new Error('the parser threads were closed');
    if (typeof outcome === 'string') {
      await thread.stop();
      threads[index] = start();
    }
    return outcome;
  }

  async function runAll(index: number, jobs: readonly Job[]): Promise<Result[]> {
    const outcome = await attempt(index, jobs);
    if (typeof outcome !== 'string') return outcome;
    if (jobs.length === 1) return [{ ok: false, reason: outcome }];
    const results: Result[] = [];
    for (const job of jobs) results.push(...(await runAll(index, [job])));
    return results;
  }

  async function work(kind: keyof typeof waiting, jobs: readonly Job[]): Promise<Result[]> {
    if (jobs.length === 0) return [];
    const index = await acquire(kind);
    try {
      return await runAll(index, jobs);
    } finally {
      release(index);
    }
  }

  return {
    // What a thread answers follows from the kind of job.
    normalise: async (jobs) => (await work('normalise', jobs)) as NormaliseResult[],
    extract: async (job) => (await work('extract', [job]))[0] as ExtractResult,
    async close() {
      closed = true;
      await Promise.all(threads.map((thread) => thread.stop()));
    },
  };
}

/** One thread. After a failure it is not used again. */
class Thread {
  #worker: Worker;
  #ready: Promise<void>;
  #died: Promise<string>;

  constructor(registry: URL, memoryMb: number) {
    this.#worker = new Worker(new URL('./parser.worker.ts', import.meta.url), {
      workerData: { registry: registry.href },
      // An adapter's parser needs neither the environment nor much memory.
      env: {},
      resourceLimits: {
        maxOldGenerationSizeMb: memoryMb,
        maxYoungGenerationSizeMb: Math.min(24, Math.ceil(memoryMb / 4)),
      },
    });
    const worker = this.#worker;
    this.#ready = new Promise((resolve) => worker.once('message', () => resolve()));
    this.#died = new Promise((resolve) => {
      worker.once('error', (error) => resolve(causeOf(error, memoryMb)));
      worker.once('exit', () => resolve('the parser ended unexpectedly'));
    });
    worker.unref(); // a thread without work must not keep the process alive
  }

  /** The results, or why there are none. */
  async run(jobs: readonly Job[], timeoutMs: number): Promise<Result[] | string> {
    this.#worker.ref();
    // Starting takes a while and is not the jobs' fault.
    const dead = await Promise.race([this.#ready, this.#died]);
    if (dead) throw new Error(`the parser threads could not start: ${dead}`);
    const answer = new Promise<Result[] | { unable: string }>((resolve) => this.#worker.once('message', resolve));
    const limit = runningTime(timeoutMs);
    try {
      // One job alone is not tried a second time, so its bytes need not stay here.
      this.#worker.postMessage(jobs, jobs.length === 1 ? transferable([jobs[0]!.raw]) : []);
      const outcome = await Promise.race([answer, limit.over, this.#died]);
      if (typeof outcome === 'object' && 'unable' in outcome)
        throw new Error(`an adapter could not be loaded: ${outcome.unable}`);
      return outcome;
    } finally {
      limit.cancel();
      this.#worker.unref();
    }
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** Time in which this process ran. When it was stopped and continued, the jobs were stopped, too. */
function runningTime(limitMs: number): { over: Promise<string>; cancel(): void } {
  const stepMs = Math.min(100, limitMs);
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<string>((resolve) => {
    let ran = 0;
    timer = setInterval(() => {
      ran += stepMs;
      if (ran >= limitMs) resolve(`it took longer than ${limitMs} ms to read`);
    }, stepMs);
  });
  return { over, cancel: () => clearInterval(timer) };
}

function causeOf(error: unknown, memoryMb: number): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? `it needs more than ${memoryMb} MB to read`
    : `the parser failed: ${message}`;
}
