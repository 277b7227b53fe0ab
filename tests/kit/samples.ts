import type {
  Alert,
  AnyAdapter,
  Forwarding,
  Item,
  RawItem,
  Reply,
  StaffNotice,
  StatusChange,
  Surface,
} from '#contract';
import { normaliseContext } from './context.ts';
import type { Harness, KitEvent } from './harness.ts';

/** Stands in everything that is written here, so that a leak into a log is seen; short, as a parser quotes only some letters. */
export const CONTENT_MARK = 'kit7315';
const MORNING = Date.parse('2026-11-24T01:00:00.000Z');

export function event(harness: Harness, number: number, about: Partial<KitEvent> = {}): KitEvent {
  return {
    verb: 'create',
    account: harness.account,
    objectId: `kit-${number}`,
    at: new Date(MORNING + number * 1_000),
    text: `Aduan ${number}: ${CONTENT_MARK}`,
    ...about,
  };
}

/** Events in which three and three share a timestamp, so that every edge of a page cuts through one. */
export function crowdedEvents(harness: Harness, count: number): KitEvent[] {
  return Array.from({ length: count }, (_, number) =>
    event(harness, number, { at: new Date(MORNING + Math.floor(number / 3) * 1_000) }),
  );
}

export function reply(about: Partial<Reply> = {}, surface: Surface = 'report'): Reply {
  return {
    key: 'kit-key-1',
    attempt: 1,
    kind: 'answer',
    ticketNo: 'K7M-4QD-X2P',
    text: `Sudah kami perbaiki, ${CONTENT_MARK}. Terima kasih.`,
    files: [],
    target: target(surface),
    firstAttemptAt: new Date(MORNING),
    ...about,
  };
}

/** The same, to a message as this platform's `normalise` gives it. */
export function replyHere(harness: Harness, about: Partial<Reply> = {}, surface: Surface = 'report'): Reply {
  return reply({ target: { ...target(surface), ...harness.target }, ...about }, surface);
}

const target = (surface: Surface) => ({ objectId: 'kit-1', threadId: 'kit-1', surface });

export const file = {
  name: 'bukti.png',
  mime: 'image/png',
  size: 8,
  bytes: async () => Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
};

export const staffNotice = (key = 'kit-notice-1'): StaffNotice => ({
  ...{ key, phone: '+6281255512345', kind: 'new', count: 2, ticketNo: 'K7M-4QD-X2P', site: 'Kabupaten Contoh' },
});

export const alertFor = (harness: Harness, key = 'kit-alert-1'): Alert => ({
  ...{ key, to: harness.alertTo ?? 'penjaga@kabupaten.example', subject: 'Kanal perlu masuk ulang' },
  text: 'Hubungkan lagi akun itu.',
});

export const statusChange = (key = 'kit-status-1'): StatusChange => ({
  key,
  attempt: 1,
  target: target('report'),
  state: 'in_progress',
  label: 'Diproses',
  note: CONTENT_MARK,
  at: new Date(MORNING),
  firstAttemptAt: new Date(MORNING),
});

export const forwarding = (key = 'kit-forward-1'): Forwarding => ({
  key,
  attempt: 1,
  ticketNo: 'K7M-4QD-X2P',
  title: 'Jalan berlubang',
  text: CONTENT_MARK,
  files: [],
  anonymous: true,
  secret: false,
  receivedAt: new Date(MORNING),
  source: 'Facebook Kabupaten',
  firstAttemptAt: new Date(MORNING),
});

export async function normalised(adapter: AnyAdapter, harness: Harness, raw: RawItem['raw']): Promise<Item | null> {
  return adapter.normalise(raw, normaliseContext(adapter, harness));
}

/** The objects that raw items speak of; an item that cannot be read speaks of none. */
export async function objectIds(adapter: AnyAdapter, harness: Harness, items: readonly RawItem[]): Promise<string[]> {
  const read = await Promise.all(items.map((one) => normalised(adapter, harness, one.raw).catch(() => null)));
  return read.flatMap((one) => (one ? [one.objectId] : []));
}
