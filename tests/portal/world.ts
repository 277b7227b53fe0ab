import httpJson from '../../adapters/http-json/index.ts';
import { type Portal, type PortalOptions, type Profile, startPortal } from '../../simulators/portal/index.ts';
import type { HubConfig } from '../../src/config/hub.ts';
import type { Channel } from '../../src/config/load.ts';
import { type TestHub, type TestHubOptions, testHub, webhookChannel } from '../helpers/hub.ts';
import { type PortalFile, portalFile } from '../helpers/portalFile.ts';

export const TOKEN = 'token-portal-contoh';
export const SECOND = 'token-kedua-contoh';
export const HOOK = 'rahasia-kait-portal-contoh';

/** The channel's file that each profile is made for. */
export const FILES: Record<Profile, PortalFile> = {
  generik: 'sambatmasbup',
  sp4n: 'sp4n-lapor',
  laporbup: 'lapor-bupati-kebumen',
  laporgub: 'laporgub',
};

export const SECRETS = {
  ...{ SAMBAT_TOKEN: TOKEN, LAPORBUP_TOKEN: TOKEN, LAPORGUB_TOKEN: TOKEN, SP4N_KEY: TOKEN, SP4N_TOKEN: SECOND },
  SAMBAT_HOOK: HOOK,
};

export const endpoints: HubConfig['endpoints'] = {
  sambatmasbup: {
    adapter: 'http-json',
    settings: httpJson.receive!.settings.parse({
      kind: 'hmac-sha256',
      secrets: ['${SAMBAT_HOOK}'],
      timestamp: 'X-Timestamp',
    }),
  },
};

/** Short times: what takes a minute in service must not take one here. */
function settingsOf(profile: Profile, url: string, more: Record<string, unknown>): unknown {
  const { settings } = portalFile(FILES[profile], url);
  const send = { ...(settings.send as object), settleAfter: '100ms', lookFor: '300ms' };
  const since = { ...(settings.since as object), overlap: profile === 'laporgub' ? '2m' : '3s' };
  return httpJson.settings.parse({ ...settings, rate: { concurrency: 4 }, timeout: '2s', send, since, ...more });
}

export function portalChannel(
  profile: Profile,
  url: string,
  { channel = {}, settings = {} }: { channel?: Partial<Channel>; settings?: Record<string, unknown> } = {},
): Channel {
  const id = FILES[profile];
  return webhookChannel({
    ...{ id, label: `Portal ${profile}`, adapter: 'http-json', account: id },
    ...{ endpoint: profile === 'generik' ? 'sambatmasbup' : undefined, poll: { every: 3_600_000 } },
    publish: { concurrency: 4, receipts: false, statuses: true, sendTimeout: 3_000 },
    settings: settingsOf(profile, url, settings),
    ...channel,
  } as Partial<Channel>);
}

export interface PortalHub {
  hub: TestHub;
  portal: Portal;
  channelId: PortalFile;
  close(): Promise<void>;
}

/** A hub in this process whose channel talks to a portal, and the webhook's test application beside it. */
export async function portalHub(
  profile: Profile,
  options: {
    portal?: Partial<PortalOptions>;
    settings?: Record<string, unknown>;
    channel?: Partial<Channel>;
    hub?: TestHubOptions;
  } = {},
): Promise<PortalHub> {
  const portal = await startPortal({ profile, token: TOKEN, secondToken: SECOND, ...options.portal });
  const { settings = {}, channel = {} } = options;
  const channels = [
    portalChannel(profile, portal.url, { settings, channel }),
    webhookChannel(),
    ...(options.hub?.channels ?? []),
  ];
  const lapor = { adapter: 'webhook', settings: { secrets: ['${HOOK_SECRET}'], tolerance: 300_000 } };
  const policies = { attachments: { maxBytes: 1_000_000, allowHosts: [new URL(portal.url).host] } };
  const hub = await testHub({
    ...options.hub,
    ...{ channels, secrets: { ...SECRETS }, policies: { ...policies, ...options.hub?.policies } },
    hub: { endpoints: { ...endpoints, lapor }, ...options.hub?.hub },
  });
  return {
    ...{ hub, portal, channelId: FILES[profile] },
    async close() {
      await hub.close();
      await portal.close();
    },
  };
}
