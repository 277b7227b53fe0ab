import {
  type AnyAdapter,
  type ChannelContext,
  ChannelError,
  type HttpRequest,
  type HttpResponse,
  item,
  type Json,
  type RawItem,
} from '#contract';
import { type Channel, describeFault, type LoadedConfig } from '../config/load.ts';
import { describeItem } from './tryItem.ts';

export interface TryParts {
  config: Pick<LoadedConfig, 'channels' | 'broken'>;
  adapters: Readonly<Record<string, AnyAdapter>>;
  out(text: string): void;
  now(): Date;
}

/** An answer of the portal, as it was saved. */
export interface Sample {
  name: string;
  bytes: Uint8Array;
}

/**
 * Shows what these answers would become, the first for the list and each further one for the next kind of request. Asks
 * nobody, and stores nothing. Is everything readable?
 */
export async function tryChannel(parts: TryParts, id: string, samples: readonly Sample[]): Promise<boolean> {
  const channel = channelOf(parts, id);
  const adapter = parts.adapters[channel.adapter];
  if (!adapter?.poll)
    throw new Error(`adapter ${channel.adapter} tidak menjemput laporan; yang dapat dicoba hanya kanal yang dijemput`);
  const answers = new Answers(samples);
  const ctx = context(parts, channel, answers);
  const page = await adapter.poll.page(null, ctx).catch((error: unknown) => failure(error, answers));
  parts.out(`Dijawab dengan contoh: ${answers.used().join('; ') || 'tidak satu pun'}\n\n`);
  if (typeof page === 'string') {
    parts.out(`TIDAK TERBACA: ${page}\n`);
    return false;
  }
  const sound = await showAll(parts, adapter, channel, page.items);
  const { seen: _, ...position } = (
    typeof page.next === 'object' && page.next !== null ? page.next : { next: page.next }
  ) as Record<string, Json>;
  parts.out(`Penjemputan berikutnya mulai dari: ${JSON.stringify(position)}\n`);
  parts.out(page.more ? 'Masih ada halaman berikutnya yang langsung dijemput.\n' : 'Tidak ada halaman berikutnya.\n');
  return sound;
}

function channelOf({ config }: TryParts, id: string): Channel {
  const channel = config.channels.find((one) => one.id === id);
  if (channel) return channel;
  const broken = config.broken.find((one) => one.id === id);
  if (broken) throw new Error(`kanal ${id} salah setelan:\n${broken.faults.map(describeFault).join('\n')}`);
  throw new Error(
    `tidak ada kanal "${id}"; yang ada: ${config.channels.map((one) => one.id).join(', ') || 'belum ada'}`,
  );
}

function failure(error: unknown, answers: Answers): string {
  const missing = answers.missing;
  if (missing)
    return `belum ada contoh jawaban untuk ${missing}. Simpan jawabannya ke berkas, lalu tambahkan --sample <berkas>`;
  return error instanceof Error ? error.message : String(error);
}

async function showAll(
  { out, now }: TryParts,
  adapter: AnyAdapter,
  channel: Channel,
  items: readonly RawItem[],
): Promise<boolean> {
  const counts = { read: 0, ignored: 0, unreadable: 0 };
  const about = {
    channel: { id: channel.id, account: channel.account },
    settings: channel.settings,
    receivedAt: now(),
  };
  for (const [number, { raw, key }] of items.entries()) {
    out(`${number + 1}. ${key}\n`);
    try {
      const read = await adapter.normalise(raw, { ...about, tokens: { verify: () => null } });
      counts[read ? 'read' : 'ignored'] += 1;
      out(read ? describeItem(item.parse(read)) : '   dilewati: menurut pemetaan ini bukan untuk kita\n');
    } catch (error) {
      counts.unreadable += 1;
      out(`   TIDAK TERBACA, akan dikarantina: ${error instanceof Error ? error.message : String(error)}\n`);
    }
    out('\n');
  }
  out(
    `${items.length} butir: ${counts.read} terbaca, ${counts.ignored} dilewati, ${counts.unreadable} tidak terbaca.\n`,
  );
  return counts.unreadable === 0;
}

/** Gives the samples in the place of the portal: one for each kind of address, in the order in which they are asked for. */
class Answers {
  missing: string | undefined;
  #samples: readonly Sample[];
  #kinds = new Map<string, Sample>();

  constructor(samples: readonly Sample[]) {
    this.#samples = samples;
  }

  used(): string[] {
    return [...this.#kinds].map(([kind, { name }]) => `${kind} ← ${name}`);
  }

  answer({ method = 'GET', url }: HttpRequest): HttpResponse {
    // Reports differ in their ids; an id has a figure.
    const path = new URL(url).pathname.replace(/[^/]*\d[^/]*/g, '#');
    const kind = `${method} ${path}`;
    const sample = this.#kinds.get(kind) ?? this.#samples[this.#kinds.size];
    if (!sample) {
      this.missing ??= `${method} ${new URL(url).pathname}`;
      throw new ChannelError('retry', `no sample for ${kind}`);
    }
    this.#kinds.set(kind, sample);
    return responseOf(sample);
  }
}

function responseOf({ name, bytes }: Sample): HttpResponse {
  const text = () => Buffer.from(bytes).toString('utf8');
  const json = (): Json => {
    try {
      return JSON.parse(text()) as Json;
    } catch {
      throw new ChannelError('retry', `${name} bukan JSON`);
    }
  };
  return { status: 200, headers: {}, bytes, text, json };
}

/** Everything an adapter may touch, and behind it nothing. */
function context({ now }: TryParts, channel: Channel, answers: Answers): ChannelContext<unknown> {
  const values = new Map<string, Json>();
  const silent = () => {};
  return {
    ...{ channel: { id: channel.id, account: channel.account }, settings: channel.settings, now },
    signal: new AbortController().signal,
    secret: async () => 'rahasia-contoh',
    http: async (request) => answers.answer(request),
    store: {
      get: async (key) => values.get(key),
      update: async (key, change) => {
        const next = await change(values.get(key));
        values.set(key, next);
        return next;
      },
    },
    tokens: { issue: () => 'contoh', verify: () => null },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  };
}
