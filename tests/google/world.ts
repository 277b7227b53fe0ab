import { type Google, type GoogleOptions, startGoogle } from '../../simulators/google/index.ts';
import type { Channel } from '../../src/config/load.ts';
import { type TestHub, type TestHubOptions, testHub, webhookChannel } from '../helpers/hub.ts';

export const ACCOUNT = '108900000000000000001';
export const OFFICE = '4711000000000000001';
export const CLINIC = '4711000000000000002';
export const AUDIENCE = 'https://aduan.example.go.id/hooks/google';
export const PUSHER = 'gbp-push@contoh-proyek.iam.gserviceaccount.com';
const SECRETS = { GOOGLE_CLIENT: 'GOCSPX-sim-client-01', GOOGLE_REFRESH: '1//sim-refresh-token-01' };

export interface GoogleHub {
  hub: TestHub;
  google: Google;
  close(): Promise<void>;
}

export function reviewsChannel(url: string, changes: Partial<Channel> = {}, settings: object = {}): Channel {
  return webhookChannel({
    ...{ id: 'gr', label: 'Ulasan Google', adapter: 'google-reviews', account: ACCOUNT, endpoint: 'google' },
    poll: { every: 3_600_000 },
    settings: {
      ...{ clientId: '1234-contoh.apps.googleusercontent.com', clientSecret: '${GOOGLE_CLIENT}' },
      ...{ refreshToken: '${GOOGLE_REFRESH}', consent: 'production', tokenUrl: `${url}/token` },
      authorizeUrl: `${url}/auth`,
      ...{ apiBase: url, infoBase: url, noticeBase: url, timezone: 'Asia/Jakarta' },
      locations: [{ id: OFFICE, name: 'Kantor Dukcapil' }, { id: CLINIC }],
      ...{ batch: false, overlap: 86_400_000, history: 30 * 86_400_000, fullEvery: 7 * 86_400_000, lookFor: 200 },
      ...{ whenFull: 'cut', foreignReply: 'carry' },
      ...settings,
    },
    ...changes,
  });
}

/** A hub in this process whose channel talks to a simulation of Google. */
export async function googleHub(
  options: { google?: Partial<GoogleOptions>; settings?: object; hub?: TestHubOptions } = {},
): Promise<GoogleHub> {
  const google = await startGoogle({
    ...{ account: ACCOUNT, clientSecret: SECRETS.GOOGLE_CLIENT, refreshToken: SECRETS.GOOGLE_REFRESH },
    locations: [
      { id: OFFICE, title: 'Dinas Kependudukan' },
      { id: CLINIC, title: 'Puskesmas Contoh' },
    ],
    quota: 100_000,
    ...options.google,
  });
  const endpoints = {
    google: {
      adapter: 'google-reviews',
      settings: {
        ...{ audience: AUDIENCE, email: PUSHER, issuers: ['https://accounts.google.com'] },
        certsUrl: `${google.url}/oauth2/v3/certs`,
      },
    },
  };
  const channels = [reviewsChannel(google.url, {}, options.settings)];
  const hub = await testHub({ channels, secrets: { ...SECRETS }, ...options.hub, hub: { endpoints } });
  return {
    ...{ hub, google },
    async close() {
      await google.close();
      await hub.close();
    },
  };
}
