import { fastifySSE } from '@fastify/sse';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../../core/access.ts';
import { visibleComplaints } from '../../store/complaints.ts';
import { holderOf } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { Live } from '../live.ts';
import { problems } from '../schemas/common.ts';
import type { TypedApp } from '../typed.ts';
import { summaryView } from './work.ts';

/** Changes are gathered for so long, so that a burst costs one look at the register. */
const GATHER_MS = 200;
/** One look asks for at most so many. */
const AT_ONCE = 500;

/** Live changes, each one only to those who may see its complaint. */
export async function streamRoutes(app: TypedApp, deps: ApiDeps, heartbeatMs: number): Promise<void> {
  const live = new Live(deps.pool, deps.log);
  const open = new Set<Subscriber>();
  // Before the server waits for its connections to end.
  app.addHook('preClose', async () => {
    for (const subscriber of open) subscriber.end();
    await live.close();
  });
  await app.register(fastifySSE, { heartbeatInterval: 0 });
  const events = z
    .string()
    .meta({ examples: ['event: complaint\ndata: {"id":"0199c2f0-6a10-7c3e-9d53-0b8f6f1f2a11"}\n\n'] });
  app.get(
    '/stream',
    {
      sse: 'only',
      schema: {
        tags: ['Stream'],
        summary: 'Live changes (server-sent events)',
        description:
          'Events: `complaint` (a ComplaintSummary), `reset` (changes may have been missed: read your lists again).',
        response: {
          200: { description: 'A stream', content: { 'text/event-stream': { schema: events } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      await live.start();
      const subscriber = new Subscriber(deps, live, request, reply, heartbeatMs);
      open.add(subscriber);
      reply.sse.onClose(() => {
        subscriber.end();
        open.delete(subscriber);
      });
      await subscriber.begin();
    },
  );
}

/** One open stream: gathers what changed, looks what of it its actor may see, and sends that. */
class Subscriber {
  readonly #deps: ApiDeps;
  readonly #live: Live;
  readonly #request: FastifyRequest;
  readonly #sse: FastifyReply['sse'];
  readonly #heartbeat: NodeJS.Timeout;
  readonly #changed = new Set<string>();
  #actor: Actor;
  #gathering: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(deps: ApiDeps, live: Live, request: FastifyRequest, reply: FastifyReply, heartbeatMs: number) {
    this.#deps = deps;
    this.#live = live;
    this.#request = request;
    this.#sse = reply.sse;
    this.#actor = request.actor;
    this.#heartbeat = setInterval(() => void this.#check(), heartbeatMs);
    live.happenings.on('changed', this.#gather).on('missed', this.#reset);
  }

  async begin(): Promise<void> {
    this.#sse.keepAlive();
    await this.#send({ event: 'reset', data: {}, retry: 3_000 });
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#gathering);
    this.#live.happenings.off('changed', this.#gather).off('missed', this.#reset);
    if (this.#sse.isConnected) this.#sse.close();
  }

  readonly #gather = (ids: string[]): void => {
    for (const id of ids) this.#changed.add(id);
    this.#gathering ??= setTimeout(() => void this.#flush(), GATHER_MS);
  };

  readonly #reset = (): void => {
    this.#changed.clear();
    void this.#send({ event: 'reset', data: {} });
  };

  async #flush(): Promise<void> {
    const ids = [...this.#changed].slice(0, AT_ONCE);
    for (const id of ids) this.#changed.delete(id);
    try {
      const rows = await visibleComplaints(this.#deps.db, this.#actor, ids);
      for (const row of rows) await this.#send({ event: 'complaint', data: summaryView(row) });
    } catch (error) {
      // The client must not believe that it knows everything.
      this.#deps.log.error({ error: (error as Error).message }, 'stream: changes could not be read');
      this.#reset();
    }
    this.#gathering = undefined;
    if (this.#changed.size > 0 && !this.#ended) this.#gather([]);
  }

  /** The heartbeat: shows that the stream lives, and ends it once its key opens nothing any more. */
  async #check(): Promise<void> {
    try {
      this.#actor = (await holderOf(this.#deps, this.#request)).actor;
      await this.#send({ event: 'heartbeat', data: {} });
    } catch {
      this.end();
    }
  }

  async #send(message: { event: string; data: unknown; retry?: number }): Promise<void> {
    if (this.#ended || !this.#sse.isConnected) return;
    await this.#sse.send(message).catch(() => this.end());
  }
}
