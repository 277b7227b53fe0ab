import twitter from '../../adapters/twitter/index.ts';
import { startX, type X } from '../../simulators/x/index.ts';
import type { XOptions } from '../../simulators/x/options.ts';
import type { Channel } from '../../src/config/load.ts';
import { type TestHub, type TestHubOptions, testHub, webhookChannel } from '../helpers/hub.ts';

export const ACCOUNT = { id: '1400000000000000001', username: 'PemkabContoh' };
export const SECRETS = {
  ...{ X_KEY: 'sim-consumer-key', X_SECRET: 'sim-x-consumer-secret-01' },
  ...{ X_TOKEN: 'sim-access-token', X_TOKEN_SECRET: 'sim-access-secret' },
  ...{ X_CLIENT_SECRET: 'sim-client-secret', X_REFRESH: 'sim-refresh-token', X_BEARER: 'sim-app-bearer' },
};
const OAUTH1 = {
  ...{ consumerKey: '${X_KEY}', consumerSecret: '${X_SECRET}' },
  ...{ accessToken: '${X_TOKEN}', accessSecret: '${X_TOKEN_SECRET}' },
};
const OAUTH2 = { clientId: 'sim-client', clientSecret: '${X_CLIENT_SECRET}', refreshToken: '${X_REFRESH}' };

export interface XHub {
  hub: TestHub;
  x: X;
  close(): Promise<void>;
}

/** A channel of the simulation at this address. */
export function xChannel(url: string, settings: object = {}, oauth: 1 | 2 = 2): Channel {
  const given = {
    ...{ username: ACCOUNT.username, apiBase: url, webUrl: 'https://x.example', lookFor: '1s' },
    ...(oauth === 1 ? OAUTH1 : OAUTH2),
    ...settings,
  };
  return webhookChannel({
    ...{ id: 'x', label: 'X', adapter: 'twitter', account: ACCOUNT.id, endpoint: 'x' },
    poll: { every: 3_600_000 },
    settings: twitter.settings.parse(given),
  });
}

export interface XHubOptions {
  x?: Partial<XOptions>;
  settings?: object;
  oauth?: 1 | 2;
  hub?: TestHubOptions;
}

/** A hub in this process whose channel talks to a simulation of X. */
export async function xHub(about: XHubOptions = {}): Promise<XHub> {
  const x = await startX({ account: ACCOUNT, consumerSecret: SECRETS.X_SECRET, calls: 1_000_000, ...about.x });
  const endpoints = { x: { adapter: 'twitter', settings: { secrets: ['${X_SECRET}'] } } };
  const channels = [xChannel(x.url, about.settings, about.oauth)];
  const hub = await testHub({ channels, secrets: { ...SECRETS }, hub: { endpoints }, ...about.hub });
  return {
    ...{ hub, x },
    async close() {
      await hub.close();
      await x.close();
    },
  };
}
