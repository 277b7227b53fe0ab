import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { AnyAdapter, Delivery } from '#contract';
import { adapters as realAdapters } from '../../adapters/index.ts';
import type { Channel, HubConfig, LoadedConfig } from '../../src/config/load.ts';
import type { FlowDeps } from '../../src/flows/deps.ts';
import { createHookIntake, type HookIntake } from '../../src/flows/receive.ts';
import { openFlows, startWork } from '../../src/main/flows.ts';
import type { Foundation } from '../../src/main/foundation.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { createFileStore } from '../../src/platform/files.ts';
import { createKeyring, newMasterKey } from '../../src/platform/keyring.ts';
import { createLog } from '../../src/platform/log.ts';
import { createSecrets } from '../../src/platform/secrets.ts';
import { readSecret } from '../../src/store/secrets.ts';
import { testDatabase } from './database.ts';
import { freshRedisDatabase } from './redis.ts';

export const BACKENDS = ['postgres', 'redis'] as const;
export type BackendName = (typeof BACKENDS)[number];

export const SIGNING_SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const SECRETS: Record<string, string> = {
  HOOK_SECRET: SIGNING_SECRET,
  APP_TOKEN: 'app-token',
  APP_SIGNING: SIGNING_SECRET,
};

export interface TestHubOptions {
  backend?: BackendName;
  /** Changes to the one channel `lapor` of the adapter `webhook`, account `lapor`. */
  channel?: Partial<Channel>;
  channels?: Channel[];
  policies?: Partial<HubConfig['policies']>;
  hub?: Partial<HubConfig>;
  adapters?: Record<string, AnyAdapter>;
  /** Values of further secrets; what the caller changes in it counts from then on. */
  secrets?: Record<string, string>;
  /** Gets every line that is logged. Without it nothing is. */
  logged?: (line: string) => void;
  /** The module that worker threads take adapters from, when they are not the real ones. */
  registry?: URL;
}

export interface TestHub {
  deps: FlowDeps;
  foundation: Foundation;
  hooks: HookIntake;
  /** Starts the workers: queues, sweep, watches. Without it, drains are called by hand. */
  work(): Promise<void>;
  close(): Promise<void>;
}

export const webhookChannel = (changes: Partial<Channel> = {}): Channel => ({
  id: 'lapor',
  label: 'Lapor Contoh',
  adapter: 'webhook',
  account: 'lapor',
  endpoint: 'lapor',
  agency: 'diskominfo',
  mode: 'automatic',
  enabled: true,
  poll: null,
  publish: { concurrency: 16, receipts: true, statuses: false },
  settings: {
    baseUrl: 'http://127.0.0.1:9',
    token: '${APP_TOKEN}',
    signingSecret: '${APP_SIGNING}',
    idempotency: 'native',
  },
  file: 'channels/lapor.yaml',
  ...changes,
});

/** A hub in this process: real database, real queue, real adapters. */
export async function testHub(options: TestHubOptions = {}): Promise<TestHub> {
  const database = await testDatabase(24);
  const dataDir = await mkdtemp(join(tmpdir(), 'kanal-hub-'));
  const masterKeys = newMasterKey();
  const keyring = createKeyring(masterKeys);
  const { logged } = options;
  const log = createLog(logged ? { level: 'debug', destination: { write: logged } } : { level: 'silent' });
  const { db, pool } = database;
  const secrets = createSecrets({
    read: (name) => readSecret(db, name),
    keyring,
    env: (name) => options.secrets?.[name] ?? SECRETS[name],
    scrub: (value) => log.scrub(value),
  });
  const redisUrl = options.backend === 'redis' ? await freshRedisDatabase(inject('redisUrl')) : undefined;
  const foundation = {
    ...{ log, clock: systemClock, databaseUrl: database.url, db, pool, keyring, masterKeys, secrets },
    files: createFileStore(join(dataDir, 'files'), keyring),
    adapters: options.adapters ?? realAdapters,
    env: { redisUrl } as Foundation['env'],
    close: async () => {},
  } as Foundation;
  const { deps, halt, close } = await openFlows(foundation, testConfig(options), options.registry);
  let stopWork = async () => {};
  return {
    deps,
    foundation,
    hooks: createHookIntake({ ...deps, pool }),
    work: async () => {
      stopWork = await startWork(deps, { every: 200, patience: 400 });
    },
    close: async () => {
      halt();
      await stopWork();
      await close();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export const NO_CONTACTS = { phones: [], emails: [], addresses: [] };

export function testConfig(options: TestHubOptions): LoadedConfig {
  const hub: HubConfig = {
    site: { name: 'Kabupaten Contoh', timezone: 'Asia/Jakarta', contacts: NO_CONTACTS },
    agencies: [
      {
        id: 'diskominfo',
        name: 'Dinas Kominfo',
        units: [],
        approval: { required: false, by: [] },
        contacts: NO_CONTACTS,
        intake: { required: [] },
        letter: {},
      },
      {
        id: 'dpupr',
        name: 'Dinas PUPR',
        units: [{ id: 'jalan', name: 'Bidang Jalan' }],
        approval: { required: false, by: [] },
        contacts: NO_CONTACTS,
        intake: { required: [] },
        letter: {},
      },
    ],
    endpoints: { lapor: { adapter: 'webhook', settings: { secrets: ['${HOOK_SECRET}'], tolerance: 300_000 } } },
    ownAccounts: {},
    routing: [],
    policies: {
      settle: 0,
      receipt: { enabled: false, text: 'Aduan Anda diterima dengan nomor {ticketNo}.' },
      attachments: { maxBytes: 1_000_000, allowHosts: [] },
      publish: { sendTimeout: 3_000, lease: 6_000, maxAttempts: 5, giveUpAfter: 600_000 },
      assist: { within: 4 * 3_600_000 },
      alarms: { tell: [], degradedAfter: 600_000 },
      reopenWithin: 30 * 86_400_000,
      ...options.policies,
    },
    ...options.hub,
  };
  const channels = options.channels ?? [webhookChannel(options.channel)];
  return { hub, channels, broken: [], faults: [], snapshot: {}, hash: randomUUID() };
}

/** A genuine delivery of the items of one or more accounts, signed as the specification says. */
export function delivery(items: unknown, id = `msg_${randomUUID()}`): Delivery {
  const body = Buffer.from(JSON.stringify(items));
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(SIGNING_SECRET.replace('whsec_', ''), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
  return { body, headers, query: {} };
}

/** A message item of the account `lapor`. */
export function message(objectId: string, about: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    account: 'lapor',
    type: 'message',
    objectId,
    at: '2026-11-24T01:00:00.000Z',
    threadId: objectId,
    surface: 'report',
    author: { id: `warga-${objectId}`, name: 'Siti Aminah' },
    text: `Jalan berlubang di depan pasar (${objectId})`,
    ...about,
  };
}
