import { setTimeout as sleep } from 'node:timers/promises';
import type { Item, MessageItem } from '#contract';
import { photo } from './photo.ts';
import type { Store } from './store.ts';
import { BURST, COMMENTS, PEOPLE, PLACES, POSTS, REPORTS } from './words.ts';

/** Delivered by webhook: private reports and chat messages. */
export const REPORT_ACCOUNT = 'laporan';
/** Polled: public comments under the district's posts. */
export const COMMENT_ACCOUNT = 'komentar';

export interface FeedOptions {
  /** How many steps at once at the start. Default: the whole first scenario. */
  first?: number | undefined;
  /** Pause between later steps, in milliseconds; without it the feed ends after the first scenario. */
  everyMs?: number | undefined;
  signal?: AbortSignal;
}

type Step = { account: string; item: Item };

/** Files believable complaints: reports with photos, comments, an edit, a deletion, a burst of chat, a status. */
export async function feed(target: { store: Store }, { first, everyMs, signal }: FeedOptions = {}): Promise<void> {
  const writer = new Writer(target.store);
  // Citizens who told it before do not tell it again when the application starts anew.
  const scenario = target.store.entries.size > 0 ? [] : writer.scenario();
  const file = ({ account, item }: Step) => target.store.file(account, item);
  scenario.splice(0, first ?? scenario.length).forEach(file);
  while (everyMs !== undefined && !signal?.aborted) {
    await sleep(everyMs, undefined, signal ? { signal } : {}).catch(() => {});
    if (!signal?.aborted) file(scenario.shift() ?? writer.any());
  }
}

/** Writes what citizens say. Numbers make every object unlike the others; the choice of words follows from them. */
class Writer {
  #count: number;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    this.#count = highest(store);
  }

  scenario(): Step[] {
    const reports = REPORTS.map((_, number) => this.report(number));
    const comments = COMMENTS.map((_, number) => this.comment(number));
    const [wrong, regretted] = [reports[0]!, comments[4]!];
    return [
      ...reports.slice(0, 4),
      ...comments,
      ...this.burst(),
      edited(wrong, ' Tambahan: lubangnya persis di depan musala.'),
      deleted(regretted),
      ...reports.slice(4),
      status(reports[1]!, 'read', 'Dibaca petugas'),
    ];
  }

  any(): Step {
    return this.#count % 3 === 0 ? this.comment(this.#count) : this.report(this.#count);
  }

  report(number: number): Step {
    const words = pick(REPORTS, number);
    const id = this.#id('lap');
    const secret = number % 7 === 5;
    const item: MessageItem = {
      ...this.#message(id, id, fill(words.text, number)),
      surface: 'report',
      title: words.title,
      category: words.category,
      author: this.#author(number),
      location: { text: pick(PLACES, number) },
      ...(number % 5 === 3 && { anonymous: true }),
      ...(secret && { secret }),
      ...(words.photo && { attachments: [this.#photo(number)] }),
    };
    return { account: REPORT_ACCOUNT, item };
  }

  comment(number: number): Step {
    const post = number % POSTS.length;
    const item: MessageItem = {
      ...this.#message(this.#id('kom'), `pos-${post}`, fill(pick(COMMENTS, number), number)),
      threadId: `kom-${this.#count}`,
      surface: 'comment',
      author: { id: `w-${number % PEOPLE.length}`, name: pick(PEOPLE, number) },
      context: { post: { text: pick(POSTS, post) } },
    };
    return { account: COMMENT_ACCOUNT, item };
  }

  /** One citizen, several short messages within seconds: one complaint. */
  burst(): Step[] {
    const threadId = this.#id('obrolan');
    return BURST.map((text, number) => {
      const message = this.#message(this.#id('pesan'), threadId, fill(text, 9));
      const attachments = text.includes('foto') ? { attachments: [this.#photo(number)] } : {};
      const item: MessageItem = { ...message, surface: 'message', author: this.#author(3), ...attachments };
      return { account: REPORT_ACCOUNT, item };
    });
  }

  #message(objectId: string, threadId: string, text: string) {
    return { type: 'message' as const, objectId, at: new Date(Date.now() + this.#count).toISOString(), threadId, text };
  }

  #author(number: number) {
    const digits = String(number % PEOPLE.length).padStart(4, '0');
    return { id: `w-${number % PEOPLE.length}`, name: pick(PEOPLE, number), phone: `08120000${digits}` };
  }

  #photo(number: number) {
    const name = `foto-${this.#count}.png`;
    const bytes = photo(number * 13 + this.#count);
    this.#store.media.set(name, { mime: 'image/png', bytes });
    return { name, mime: 'image/png', size: bytes.length, ref: `/media/${name}` };
  }

  #id(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count}`;
  }
}

/** The highest number that an object in the store is called by. */
function highest(store: Store): number {
  return Math.max(0, ...[...store.entries.keys()].map((id) => Number(id.split('-').at(-1)) || 0));
}

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length]!;
const fill = (text: string, number: number): string => text.replace('{tempat}', pick(PLACES, number));
const later = (item: Item, seconds: number): string => new Date(Date.parse(item.at) + seconds * 1_000).toISOString();

function edited({ account, item }: Step, more: string): Step {
  const message = item as MessageItem;
  return { account, item: { ...message, at: later(item, 1), edited: true, text: message.text + more } };
}

const deleted = ({ account, item }: Step): Step => ({
  account,
  item: { type: 'deletion', objectId: item.objectId, at: later(item, 2) },
});

const status = ({ account, item }: Step, code: string, label: string): Step => ({
  account,
  item: { type: 'status', objectId: item.objectId, at: later(item, 3), code, label },
});
