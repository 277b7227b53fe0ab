import { z } from 'zod';
import type { Item } from '#contract';
import { delayed, type Faults } from './faults.ts';
import type { AppSettings, Fault } from './options.ts';
import { type Answer, type Asked, json } from './respond.ts';
import { isSigned } from './signature.ts';
import type { Landed, Store } from './store.ts';

/** One request that publishes, whatever became of it: so that a test can count. */
export interface Received {
  key: string;
  route: string;
  at: string;
  /** Did it add something here? A repeated key under `native` does not. */
  landed: boolean;
}

const file = z.object({ name: z.string(), mime: z.string(), base64: z.string() });
const body = z.object({
  key: z.string().min(1),
  kind: z.string().optional(),
  objectId: z.string().optional(),
  threadId: z.string().optional(),
  title: z.string().optional(),
  text: z.string().optional(),
  label: z.string().optional(),
  note: z.string().optional(),
  state: z.string().optional(),
  files: z.array(file).default([]),
});
type Body = z.infer<typeof body>;

/** What the hub publishes here: replies, statuses and reports. `hangup` and `silent` are for the server to carry out. */
export class Publications {
  readonly received: Received[] = [];
  readonly #settings: AppSettings;
  readonly #store: Store;
  readonly #faults: Faults;
  readonly #url: () => string;

  constructor(settings: AppSettings, store: Store, faults: Faults, url: () => string) {
    this.#settings = settings;
    this.#store = store;
    this.#faults = faults;
    this.#url = url;
  }

  async post(asked: Asked): Promise<Answer | 'hangup' | 'silent'> {
    const { signingSecret } = this.#settings;
    if (signingSecret && !isSigned(signingSecret, asked.headers, asked.body))
      return json(401, { error: 'bad signature' });
    const parsed = body.safeParse(JSON.parse(asked.body.toString()));
    if (!parsed.success) return json(400, { error: z.prettifyError(parsed.error) });
    const fault = await delayed(this.#faults.meet(asked.method, asked.path));
    if (fault?.do === 'throttle')
      return this.#turnAway(asked, parsed.data, 429, { 'retry-after': String(fault.retryAfter) });
    if (fault?.do === 'refuse') return this.#turnAway(asked, parsed.data, 422);
    if (fault && !fault.landed) return this.#afterwards(fault, asked, parsed.data);
    const stands = this.#land(asked.path, parsed.data);
    return fault ? outcome(fault) : json(201, { id: stands.id, permalink: `${this.#url()}/#${stands.id}` });
  }

  look(key: string | null): Answer {
    if (this.#settings.idempotency === 'none') return json(501, { error: 'no look-up here' });
    const found = key === null ? this.#store.landed.slice(-100) : this.#store.byKey(key);
    const items = found.map((one) => ({
      key: one.key,
      id: one.id,
      text: one.text,
      permalink: `${this.#url()}/#${one.id}`,
    }));
    return json(200, { items });
  }

  #turnAway({ path }: Asked, { key }: Body, status: number, headers?: Record<string, string>): Answer {
    this.#note(key, path, false);
    return json(status, { error: status === 429 ? 'too many requests' : 'not acceptable' }, headers);
  }

  #afterwards(fault: Fault, { path }: Asked, { key }: Body): Answer | 'hangup' | 'silent' {
    this.#note(key, path, false);
    return outcome(fault);
  }

  #land(route: string, { key, kind, objectId, threadId, title, text, label, note, files }: Body): Landed {
    const known = this.#settings.idempotency === 'native' ? this.#store.byKey(key)[0] : undefined;
    this.#note(key, route, !known);
    if (known) return known;
    const words = [title, label, text ?? note].filter((part) => part !== undefined).join(': ');
    const kept = files.map(({ name, mime, base64 }) => ({ name, mime, bytes: Buffer.byteLength(base64, 'base64') }));
    const about = { key, route, objectId: objectId ?? null, threadId: threadId ?? null, kind: kind ?? null };
    const stands = this.#store.land({ ...about, text: words, files: kept });
    if (this.#settings.echo && route === '/replies') this.#echo(stands);
    return stands;
  }

  #echo({ id, key, objectId, threadId, text, at }: Landed): void {
    const answered = objectId === null ? undefined : this.#store.entries.get(objectId);
    if (!answered) return;
    const { surface } = answered.message;
    const about = { objectId: id, at, threadId: threadId ?? id, parentId: answered.message.objectId };
    const item: Item = { type: 'message', ...about, surface, fromUs: true, publicationKey: key, text };
    this.#store.file(answered.account, item);
  }

  #note(key: string, route: string, landed: boolean): void {
    this.received.push({ key, route, at: new Date().toISOString(), landed });
  }
}

function outcome(fault: Fault): Answer | 'hangup' | 'silent' {
  if (fault.do === 'hangup' || fault.do === 'silent') return fault.do;
  return fault.do === 'error' ? json(500, { error: 'internal error' }) : json(200, { ok: true });
}

/** For tests: what landed, and the keys that landed more than once. */
export function tally({ received }: Publications, store: Store) {
  const counts = new Map<string, number>();
  for (const { key } of store.landed) counts.set(key, (counts.get(key) ?? 0) + 1);
  const doubled = [...counts].filter(([, count]) => count > 1).map(([key, count]) => ({ key, count }));
  return { requests: received.length, landed: store.landed, keys: counts.size, doubled };
}
