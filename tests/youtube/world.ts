import { startYoutube, type Youtube } from '../../simulators/youtube/index.ts';
import type { Channel } from '../../src/config/load.ts';
import { type TestHub, testHub, webhookChannel } from '../helpers/hub.ts';

export const CHANNEL = 'UCcontohkab0000000000001';
const SECRETS = { GOOGLE_CLIENT: 'GOCSPX-sim-client-02', YT_REFRESH: '1//sim-refresh-token-02' };

export interface YoutubeHub {
  hub: TestHub;
  youtube: Youtube;
  close(): Promise<void>;
}

export function youtubeChannel(url: string, settings: object = {}): Channel {
  return webhookChannel({
    ...{ id: 'yt', label: 'YouTube', adapter: 'youtube', account: CHANNEL },
    poll: { every: 3_600_000 },
    settings: {
      ...{ clientId: '1234-contoh.apps.googleusercontent.com', clientSecret: '${GOOGLE_CLIENT}' },
      ...{ refreshToken: '${YT_REFRESH}', consent: 'production', tokenUrl: `${url}/token`, apiBase: url, webUrl: url },
      authorizeUrl: `${url}/auth`,
      ...{ queues: ['heldForReview', 'likelySpam'], posts: [], maxChars: 10_000 },
      ...{ dailyUnits: 1_000_000, replyUnits: 100_000, reread: 30 * 86_400_000, rereadEvery: 1, lookFor: 200 },
      ...settings,
    },
  });
}

/** A hub in this process whose channel talks to a simulation of YouTube. */
export async function youtubeHub(): Promise<YoutubeHub> {
  const youtube = await startYoutube({
    ...{ channel: CHANNEL, clientSecret: SECRETS.GOOGLE_CLIENT, refreshToken: SECRETS.YT_REFRESH, units: 1_000_000 },
  });
  const hub = await testHub({ channels: [youtubeChannel(youtube.url)], secrets: { ...SECRETS } });
  return {
    ...{ hub, youtube },
    async close() {
      await youtube.close();
      await hub.close();
    },
  };
}
