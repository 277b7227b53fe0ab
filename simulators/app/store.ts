import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Item, MessageItem, StatusItem } from '#contract';

/** Something the hub published here. */
export interface Landed {
  id: string;
  key: string;
  route: string;
  objectId: string | null;
  threadId: string | null;
  kind: string | null;
  text: string;
  files: { name: string; mime: string; bytes: number }[];
  at: string;
}

/** What a citizen wrote, as it stands now. */
export interface Entry {
  account: string;
  message: MessageItem;
  edits: number;
  deleted: boolean;
  status: StatusItem | null;
  answers: Landed[];
}

/** Everything the application knows, in memory. Emits `filed` for each change and `landed` for what the hub published. */
export class Store extends EventEmitter<{ filed: [account: string, item: Item]; landed: [Landed] }> {
  readonly entries = new Map<string, Entry>();
  readonly landed: Landed[] = [];
  readonly media = new Map<string, { mime: string; bytes: Uint8Array }>();
  readonly #changes = new Map<string, Item[]>();
  readonly #byKey = new Map<string, Landed[]>();

  /** Records a change of `account`; pollers and the webhook see it in this order. */
  file(account: string, item: Item): void {
    this.#apply(account, item);
    const changes = this.#changes.get(account) ?? [];
    changes.push(item);
    this.#changes.set(account, changes);
    this.emit('filed', account, item);
  }

  #apply(account: string, item: Item): void {
    const entry = this.entries.get(item.objectId);
    if (item.type === 'deletion' && entry) entry.deleted = true;
    if (item.type === 'status' && entry) entry.status = item;
    if (item.type !== 'message' || item.fromUs) return;
    if (entry) Object.assign(entry, { message: item, edits: entry.edits + 1 });
    else
      this.entries.set(item.objectId, { account, message: item, edits: 0, deleted: false, status: null, answers: [] });
  }

  changes(account: string, after: number, limit: number): Item[] {
    return (this.#changes.get(account) ?? []).slice(after, after + limit);
  }

  position(account: string): number {
    return this.#changes.get(account)?.length ?? 0;
  }

  byKey(key: string): Landed[] {
    return this.#byKey.get(key) ?? [];
  }

  land(published: Omit<Landed, 'id' | 'at'>): Landed {
    const stands = {
      ...published,
      id: `t-${this.landed.length + 1}-${randomBytes(3).toString('hex')}`,
      at: new Date().toISOString(),
    };
    this.stand(stands);
    this.emit('landed', stands);
    return stands;
  }

  /** Puts it where it belongs, without telling anybody. */
  stand(stands: Landed): void {
    this.landed.push(stands);
    this.#byKey.set(stands.key, [...this.byKey(stands.key), stands]);
    if (stands.objectId !== null) this.entries.get(stands.objectId)?.answers.push(stands);
  }
}
