import { EventEmitter } from 'node:events';
import { z } from 'zod';
import type { Log } from '#contract';
import type { Pool, PoolClient } from '../store/database.ts';
import { LIVE_CHANNEL } from '../store/events.ts';

const notice = z.object({ complaints: z.array(z.string()) });
const AGAIN_MS = 1_000;

interface Happenings {
  /** Complaints that changed. */
  changed: [ids: string[]];
  /** Notices may have been missed: the connection was lost. */
  missed: [];
}

/**
 * One LISTEN for the whole process, on a connection that is kept out of the pool. It starts with the first listener and
 * comes back by itself; what happened meanwhile is told as `missed`.
 */
export class Live {
  readonly happenings = new EventEmitter<Happenings>();
  readonly #pool: Pool;
  readonly #log: Log;
  #client: PoolClient | null = null;
  #starting: Promise<void> | null = null;
  #again: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(pool: Pool, log: Log) {
    this.#pool = pool;
    this.#log = log;
    this.happenings.setMaxListeners(0);
  }

  /** Resolves once changes are heard. */
  async start(): Promise<void> {
    if (this.#client || this.#closed) return;
    this.#starting ??= this.#listen().finally(() => {
      this.#starting = null;
    });
    await this.#starting;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    this.happenings.removeAllListeners();
    await this.#starting?.catch(() => {});
    this.#client?.release(true);
    this.#client = null;
  }

  async #listen(): Promise<void> {
    const client = await this.#pool.connect();
    client.on('notification', ({ payload }) => this.#hear(payload));
    client.on('error', (error) => this.#lost(client, error));
    client.on('end', () => this.#lost(client));
    try {
      await client.query(`listen ${LIVE_CHANNEL}`);
    } catch (error) {
      client.release(true);
      throw error;
    }
    this.#client = client;
  }

  #hear(payload: string | undefined): void {
    try {
      this.happenings.emit('changed', notice.parse(JSON.parse(payload ?? '')).complaints);
    } catch (error) {
      this.#log.warn({ error: (error as Error).name }, 'stream: a notice could not be read');
    }
  }

  #lost(client: PoolClient, error?: Error): void {
    if (this.#client !== client || this.#closed) return;
    this.#client = null;
    client.release(true);
    this.#log.warn({ error: error?.message }, 'stream: the connection for changes was lost; connecting again');
    this.#retry();
  }

  #retry(): void {
    this.#again = setTimeout(async () => {
      try {
        await this.start();
        this.happenings.emit('missed');
      } catch {
        if (!this.#closed) this.#retry();
      }
    }, AGAIN_MS);
  }
}
