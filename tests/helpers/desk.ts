import type { AnyAdapter, Log } from '#contract';
import type { Channel, LoadedConfig } from '../../src/config/load.ts';
import type { DeskDeps } from '../../src/flows/deps.ts';
import type { Stage } from '../../src/queue/stages.ts';
import type { Database } from '../../src/store/database.ts';
import { NO_CONTACTS } from './hub.ts';
import { keyring } from './register.ts';

/** Two agencies: dpupr wants a second person and has two units, dukcapil trusts its staff. */
const AGENCIES: LoadedConfig['hub']['agencies'] = [
  {
    ...{ id: 'dpupr', name: 'Dinas PUPR', approval: { required: true, by: ['agency_head', 'agency_admin'] } },
    contacts: { phones: ['0287-381234'], emails: [], addresses: [] },
    ...{ intake: { required: ['name', 'phone'] }, letter: {} },
    units: [
      { id: 'bina-marga', name: 'Bidang Bina Marga' },
      { id: 'cipta-karya', name: 'Bidang Cipta Karya' },
    ],
  },
  {
    ...{ id: 'dukcapil', name: 'Dinas Dukcapil', units: [], approval: { required: false, by: [] } },
    ...{ contacts: NO_CONTACTS, intake: { required: [] }, letter: {} },
  },
];

const CHANNEL: Channel = {
  ...{
    id: 'web',
    label: 'Aplikasi Lapor',
    adapter: 'webhook',
    account: 'lapor',
    endpoint: 'lapor',
    mode: 'automatic',
    enabled: true,
  },
  poll: null,
  ...{ publish: { concurrency: 4, receipts: true, statuses: true }, settings: {}, file: 'channels/web.yaml' },
};

export const CHANNELS: Channel[] = [
  CHANNEL,
  {
    ...CHANNEL,
    id: 'fb',
    label: 'Facebook Pemkab',
    adapter: 'social',
    account: '1',
    file: 'channels/fb.yaml',
    poll: { every: 600_000 },
  },
  {
    ...{ ...CHANNEL, id: 'chat', label: 'Obrolan', adapter: 'chat', account: '2', file: 'channels/chat.yaml' },
    agency: 'dukcapil',
  },
];

export const testConfig = (): LoadedConfig =>
  ({
    hub: {
      site: { name: 'Kabupaten Contoh', timezone: 'Asia/Jakarta', contacts: NO_CONTACTS },
      agencies: AGENCIES,
      endpoints: {},
      ownAccounts: {},
      routing: [],
      policies: {
        settle: 120_000,
        receipt: { enabled: false, text: '' },
        attachments: { maxBytes: 5_000_000, allowHosts: [] },
        publish: { sendTimeout: 20_000, lease: 60_000, maxAttempts: 5, giveUpAfter: 86_400_000 },
        assist: { within: 4 * 3_600_000 },
        reopenWithin: 30 * 86_400_000,
      },
    },
    channels: CHANNELS,
    broken: [{ id: 'rusak', file: 'channels/rusak.yaml', faults: [{ file: 'channels/rusak.yaml', message: 'salah' }] }],
    faults: [],
    snapshot: {},
    hash: 'x',
  }) as unknown as LoadedConfig;

const base = { settings: {}, normalise: () => null };
const publish = { maxChars: 500, idempotency: 'none', send: () => Promise.reject(new Error('tests send nothing')) };

/** Adapters that can answer; nothing here talks to anybody. */
export const testAdapters = {
  webhook: { ...base, name: 'webhook', publish: { ...publish, surfaces: ['report', 'comment', 'message'] } },
  social: {
    ...{ ...base, name: 'social', poll: {} },
    publish: {
      ...{ ...publish, surfaces: ['comment', 'message'] },
      privately: { maxChars: 200, surfaces: ['comment'], window: { comment: '7d' } },
    },
  },
  chat: {
    ...{ ...base, name: 'chat' },
    publish: {
      ...{ ...publish, surfaces: ['message'], window: { message: '24h' } },
      attachments: { maxCount: 1, maxBytes: 1_000_000, mimes: ['image/png'] },
    },
  },
} as unknown as Record<string, AnyAdapter>;

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface TestDesk extends DeskDeps {
  woken: [Stage, string][];
  /** Moves the clock; it stands still otherwise. */
  setNow(at: Date): void;
}

/** What desk flows need, on a real database, with a clock that tests set and wake-ups that are only written down. */
export function testDesk(db: Database, config = testConfig()): TestDesk {
  let now = new Date();
  const woken: [Stage, string][] = [];
  return {
    ...{ db, keyring, config, adapters: testAdapters, log: quiet, woken },
    clock: { now: () => now },
    wake: async (stage, subject) => {
      woken.push([stage, subject]);
    },
    setNow: (at) => {
      now = at;
    },
  };
}
