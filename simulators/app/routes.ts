import { z } from 'zod';
import { item } from '#contract';
import { delayed, type Faults } from './faults.ts';
import { type AppSettings, fault } from './options.ts';
import { page } from './page.ts';
import { type Publications, tally } from './publications.ts';
import { type Answer, type Asked, json } from './respond.ts';
import type { Store } from './store.ts';

export interface Parts {
  settings: AppSettings;
  store: Store;
  faults: Faults;
  publications: Publications;
  /** Aborts when the application closes. */
  closing: AbortSignal;
}

type Outcome = Answer | 'hangup' | 'silent';
type Route = (parts: Parts, asked: Asked) => Outcome | Promise<Outcome>;

const LONG_POLL_MS = 25_000;
const events = z.object({ account: z.string().min(1), items: z.array(item).max(10_000) });

/** What the hub may ask, with its token. */
const forHub: Record<string, Route> = {
  'GET /health': () => json(200, { ok: true }),
  'GET /items': ({ store }, { query }) => {
    const { account, after } = position(query);
    const limit = Math.min(Number(query.get('limit') ?? 200) || 200, 1_000);
    const items = store.changes(account, after, limit);
    const next = after + items.length;
    return json(200, { items, next: String(next), more: next < store.position(account) });
  },
  'GET /changes': async ({ store, closing }, { query, gone }) => {
    const { account, after } = position(query);
    if (query.has('after')) await newer(store, account, after, AbortSignal.any([gone, closing]));
    return json(200, { next: String(store.position(account)) });
  },
  'GET /replies': ({ publications }, { query }) => publications.look(query.get('key')),
  'POST /replies': ({ publications }, asked) => publications.post(asked),
  'POST /statuses': ({ publications }, asked) => publications.post(asked),
  'POST /reports': ({ publications }, asked) => publications.post(asked),
};

/** What citizens see, and the knobs of tests and demo. */
const open: Record<string, Route> = {
  'GET /': ({ store }) => ({ status: 200, type: 'text/html; charset=utf-8', body: page(store) }),
  'GET /_faults': ({ faults }) => json(200, faults.list()),
  'POST /_faults': ({ faults }, { body }) => {
    faults.set(z.array(fault).parse(JSON.parse(body.toString())));
    return json(200, faults.list());
  },
  'GET /_replies': ({ publications, store }) => json(200, tally(publications, store)),
  'POST /_events': ({ store }, { body }) => {
    const { account, items } = events.parse(JSON.parse(body.toString()));
    for (const one of items) store.file(account, one);
    return json(202, { filed: items.length });
  },
};

export async function answer(parts: Parts, asked: Asked): Promise<Outcome> {
  const name = `${asked.method} ${asked.path}`;
  if (open[name]) return open[name](parts, asked);
  if (asked.path.startsWith('/foto/')) return picture(parts.store, asked.path);
  if (asked.headers.authorization !== `Bearer ${parts.settings.token}`) return json(401, { error: 'unknown token' });
  const read = asked.method === 'GET' ? await delayed(parts.faults.meet('GET', asked.path)) : null;
  if (read) return broken(read);
  if (asked.path.startsWith('/media/')) return picture(parts.store, asked.path);
  return forHub[name]?.(parts, asked) ?? json(404, { error: 'nothing here' });
}

function broken({ do: what, retryAfter }: z.infer<typeof fault>): Outcome {
  if (what === 'hangup' || what === 'silent') return what;
  if (what === 'throttle') return json(429, { error: 'too many requests' }, { 'retry-after': String(retryAfter) });
  return what === 'noId' ? json(200, {}) : json(what === 'refuse' ? 422 : 500, { error: 'broken on purpose' });
}

function position(query: URLSearchParams): { account: string; after: number } {
  const after = Number(query.get('after') ?? 0);
  return { account: query.get('account') ?? '', after: Number.isSafeInteger(after) && after >= 0 ? after : 0 };
}

function picture(store: Store, path: string): Answer {
  const found = store.media.get(path.split('/').at(-1) ?? '');
  return found ? { status: 200, type: found.mime, body: found.bytes } : json(404, { error: 'no such file' });
}

/** Waits until the account has something newer than `after`, for a while at most. */
function newer(store: Store, account: string, after: number, signal: AbortSignal): Promise<void> {
  if (store.position(account) > after || signal.aborted) return Promise.resolve();
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      store.off('filed', look);
      signal.removeEventListener('abort', end);
      done();
    };
    const look = (changed: string) => changed === account && end();
    const timer = setTimeout(end, LONG_POLL_MS);
    store.on('filed', look);
    signal.addEventListener('abort', end);
  });
}
