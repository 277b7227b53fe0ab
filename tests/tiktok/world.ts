import { startTiktok, type Tiktok, type TiktokOptions } from '../../simulators/tiktok/index.ts';
import type { Channel } from '../../src/config/load.ts';
import { type TestHub, testHub, webhookChannel } from '../helpers/hub.ts';

export const ACCOUNT = '_000SimPemkabContoh';
export const SECRETS = { TIKTOK_SECRET: 'sim-tiktok-app-secret', TIKTOK_REFRESH: 'rft.sim-refresh-01' };

export interface TiktokHub {
  hub: TestHub;
  tiktok: Tiktok;
  close(): Promise<void>;
}

export function tiktokChannel(url: string, settings: object = {}): Channel {
  return webhookChannel({
    ...{ id: 'tt', label: 'TikTok', adapter: 'tiktok', account: ACCOUNT, endpoint: 'tiktok' },
    poll: { every: 3_600_000 },
    settings: {
      ...{ clientId: '7300000000000000001', clientSecret: '${TIKTOK_SECRET}', refreshToken: '${TIKTOK_REFRESH}' },
      ...{ apiBase: url, authorizeUrl: `${url}/v2/auth/authorize`, webUrl: url, maxChars: 150, mention: true },
      ...{ mentions: true, messages: true, history: 30 * 86_400_000, videos: 100, recheck: 86_400_000, lookFor: 200 },
      ...settings,
    },
  });
}

/** A hub in this process whose channel talks to a simulation of TikTok. */
export async function tiktokHub(options: Partial<TiktokOptions> = {}, settings: object = {}): Promise<TiktokHub> {
  const tiktok = await startTiktok({
    ...{ account: ACCOUNT, clientSecret: SECRETS.TIKTOK_SECRET, refreshToken: SECRETS.TIKTOK_REFRESH },
    ...options,
  });
  const endpoints = {
    tiktok: { adapter: 'tiktok', settings: { secrets: ['${TIKTOK_SECRET}'], tolerance: 300_000 } },
  };
  const hub = await testHub({
    ...{ channels: [tiktokChannel(tiktok.url, settings)], secrets: { ...SECRETS }, hub: { endpoints } },
  });
  return {
    ...{ hub, tiktok },
    async close() {
      await tiktok.close();
      await hub.close();
    },
  };
}
