import { settings } from '../../../adapters/email/settings.ts';
import type { Channel } from '../../../src/config/load.ts';
import { unpackRaw } from '../../../src/core/sealed.ts';
import { drainNormalise } from '../../../src/flows/normalise.ts';
import { poll } from '../../../src/flows/poll.ts';
import { ensureChannels } from '../../../src/store/channelState.ts';
import { type TestHub, testHub } from '../../helpers/hub.ts';

export const CHANNEL = 'surel';

export interface MailServer {
  port: number;
  user: string;
  password: string;
}

export interface MailHub {
  hub: TestHub;
  /** Polls once and reads what came, as the workers do. */
  read(): Promise<void>;
  /** How many raw mails ended how. */
  outcomes(): Promise<Record<string, number>>;
  /** Titles of the messages, each as often as it is there. */
  titles(): Promise<string[]>;
  quarantine(): Promise<{ reason: string | null; raw: Buffer }[]>;
  health(): Promise<{ health: string; reason: string | null }>;
  /** The saved position. */
  cursor(): Promise<unknown>;
}

export const mailChannel = ({ port, user }: MailServer, about: Record<string, unknown> = {}): Channel => ({
  ...{
    id: CHANNEL,
    label: 'Surel Aduan',
    adapter: 'email',
    account: user,
    agency: 'diskominfo',
    mode: 'automatic',
    enabled: true,
  },
  poll: { every: 60_000 },
  publish: { concurrency: 2, receipts: false, statuses: false },
  settings: settings.parse({
    ...{ host: '127.0.0.1', port, security: 'none', user, password: '${MAIL_PASSWORD}', firstConnect: 'all' },
    ...about,
  }),
  file: 'channels/surel.yaml',
});

/** A hub in this process that reads one mailbox. */
export async function mailHub(server: MailServer, about: Record<string, unknown> = {}): Promise<MailHub> {
  const hub = await testHub({ channels: [mailChannel(server, about)], secrets: { MAIL_PASSWORD: server.password } });
  const { db, keyring } = hub.deps;
  await ensureChannels(db, [CHANNEL]);
  return {
    hub,
    async read() {
      await poll(hub.deps, CHANNEL);
      await drainNormalise(hub.deps, CHANNEL);
    },
    async outcomes() {
      const rows = await db
        .selectFrom('source_item')
        .select(({ fn }) => ['outcome', fn.countAll<string>().as('count')])
        .groupBy('outcome')
        .execute();
      return Object.fromEntries(rows.map((row) => [row.outcome, Number(row.count)]));
    },
    async titles() {
      const rows = await db.selectFrom('message').select('title').orderBy('id').execute();
      return rows.map((row) => row.title ?? '');
    },
    async quarantine() {
      const rows = await db.selectFrom('source_item').selectAll().where('outcome', '=', 'quarantined').execute();
      return rows.map(({ reason, sealed }) => ({
        reason,
        raw: Buffer.from(unpackRaw(keyring.decrypt(sealed, 'item'))),
      }));
    },
    async health() {
      const row = await db.selectFrom('channel_state').selectAll().where('channel_id', '=', CHANNEL).executeTakeFirst();
      return { health: row?.health ?? 'none', reason: row?.health_reason ?? null };
    },
    async cursor() {
      const row = await db.selectFrom('channel_state').selectAll().where('channel_id', '=', CHANNEL).executeTakeFirst();
      return row?.cursor;
    },
  };
}
