import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import sms from '../../adapters/sms/index.ts';
import { type SmsGateway, type SmsOptions, startSms } from '../../simulators/sms/index.ts';
import type { Channel } from '../../src/config/load.ts';
import { poll } from '../../src/flows/poll.ts';
import { eventually } from '../helpers/eventually.ts';
import { type TestHub, type TestHubOptions, testHub, webhookChannel } from '../helpers/hub.ts';
import { serveHook } from '../meta/hook.ts';

export const TOKEN = 'kunci-gateway-contoh';
export const HOOK = 'rahasia-kait-sms-contoh';
export const OURS = '+628110001234';

export const exampleText = (name: string): string =>
  readFileSync(new URL(`../../config/sms/${name}`, import.meta.url), 'utf8');
const example = (name: string) => parse(exampleText(name)) as Record<string, unknown> & { settings: object };

/** The channel of the delivered file, with a gateway at another address and short times. */
function gatewayChannel(url: string, { lookup = true } = {}): Channel {
  const { lookup: found, ...settings } = example('sms-gateway.yaml').settings as Record<string, unknown>;
  const given = {
    ...settings,
    ...(lookup && { lookup: found }),
    baseUrl: `${url}/v1`,
    settleAfter: '1s',
    timeout: '2s',
  };
  return smsChannel(sms.settings.parse(given));
}

export const smsChannel = (settings: unknown): Channel =>
  webhookChannel({
    ...{ id: 'sms', label: 'SMS Pengaduan', adapter: 'sms', account: OURS, endpoint: 'sms', settings },
    ...{ poll: { every: 3_600_000 }, publish: { concurrency: 4, receipts: false, statuses: false } },
  });

export interface SmsWorld {
  hub: TestHub;
  gateway: SmsGateway;
  close(): Promise<void>;
}

interface SmsWorldOptions {
  gateway?: Partial<SmsOptions>;
  lookup?: boolean;
  /** Beside the SMS channel. */
  channels?: Channel[];
  policies?: NonNullable<TestHubOptions['policies']>;
}

/** A hub in this process, an SMS gateway, and the hub's hook address on the wire. */
export async function smsWorld(options: SmsWorldOptions = {}): Promise<SmsWorld> {
  const gateway = await startSms({ token: TOKEN, number: OURS, ...options.gateway });
  const { endpoints } = parse(exampleText('hub-sms.yaml')) as { endpoints: { sms: { settings: unknown } } };
  const settings = sms.receive!.settings.parse(endpoints.sms.settings);
  const hub = await testHub({
    channels: [gatewayChannel(gateway.url, { lookup: options.lookup ?? true }), ...(options.channels ?? [])],
    secrets: { SMS_TOKEN: TOKEN, SMS_HOOK: HOOK },
    policies: {
      publish: { sendTimeout: 2_000, lease: 4_000, maxAttempts: 200, giveUpAfter: 600_000 },
      ...options.policies,
    },
    hub: { endpoints: { sms: { adapter: 'sms', settings } } },
  } satisfies TestHubOptions);
  const hook = await serveHook(hub, 'sms');
  gateway.deliverTo({ url: hook.url, secret: HOOK });
  return {
    ...{ hub, gateway },
    async close() {
      await gateway.close();
      await hook.close();
      await hub.close();
    },
  };
}

export const complaintsOf = (hub: TestHub) =>
  hub.deps.db
    .selectFrom('message')
    .innerJoin('complaint', 'complaint.opening_message_id', 'message.id')
    .select(['complaint.id', 'message.thread_id', 'message.text'])
    .execute();

export const publicationsOf = (hub: TestHub) =>
  hub.deps.db.selectFrom('publication').selectAll().where('kind', '=', 'answer').execute();

/** What waits for its time is not waited for: until nothing is on its way. */
export async function settled(hub: TestHub): Promise<void> {
  await eventually(async () => {
    await hub.deps.db
      .updateTable('publication')
      .set({ next_at: new Date() })
      .where('state', 'in', ['queued', 'uncertain'])
      .execute();
    await hub.deps.db.updateTable('channel_state').set({ publish_not_before: null }).execute();
    for (const stage of ['publish', 'reconcile', 'normalise'] as const) void hub.deps.wake(stage, 'sms');
    await poll(hub.deps, 'sms');
    const rows = await publicationsOf(hub);
    const open = rows.filter((row) => ['queued', 'sending', 'uncertain'].includes(row.state) && !row.needs_person);
    if (open.length > 0) throw new Error(`${open.length} are on their way`);
  }, 45_000);
}
