import { join } from 'node:path';
import type { GoogleOptions } from '../../../simulators/google/index.ts';
import type { SmsOptions } from '../../../simulators/sms/index.ts';
import type { TiktokOptions } from '../../../simulators/tiktok/index.ts';
import type { XOptions } from '../../../simulators/x/options.ts';
import type { YoutubeOptions } from '../../../simulators/youtube/options.ts';
import { choosePort } from '../../platform/postgres/port.ts';
import { type Helper, startHelper } from './application.ts';
import { SECRETS } from './config.ts';

/** The accounts of the imaginary district. */
const GOOGLE = '108900000000000000001';
const OFFICE = '4711000000000000001';
const HOSPITAL = '4711000000000000002';
/** Whose office the citizens are angry about. */
export const REVIEWED = 'dukcapil';
const YOUTUBE = 'UCcontohkab0000000000001';
const X = '1400000000000000001';
const X_NAME = 'PemkabContoh';
const TIKTOK = '_000ContohKab';
const SMS = '+628110001234';
const UNITS = 1_000_000;

/** Addresses of the five, as citizens see them. */
export interface NetworkUrls {
  google: string;
  youtube: string;
  x: string;
  tiktok: string;
  sms: string;
}

/** Google reviews, YouTube, X, TikTok and phones that send SMS, all in one process. */
export type Networks = Helper<NetworkUrls>;

export type NetworkSecrets = Record<(typeof NETWORK_SECRETS)[number], string>;

export const NETWORK_SECRETS = [
  ...(['googleClient', 'googleRefresh', 'youtubeRefresh', 'tiktokClient', 'tiktokRefresh'] as const),
  ...(['xKey', 'xSecret', 'xToken', 'xTokenSecret', 'sms'] as const),
] as const;

interface About {
  /** Addresses of an earlier start, whose ports are used again so that what stands there is found. */
  known: Partial<NetworkUrls> | undefined;
  secrets: NetworkSecrets;
  everyMs: number;
  editAfterMs: number;
}

export async function startNetworks(dataDir: string, { known, secrets, ...feed }: About): Promise<Networks> {
  const at = async (name: keyof NetworkUrls) => ({
    port: await choosePort(portOf(known?.[name])),
    journal: join(dataDir, `${name}.journal.json`),
  });
  const options: Options = {
    google: { ...(await at('google')), ...googleAccount(secrets) },
    youtube: { ...(await at('youtube')), ...youtubeAccount(secrets) },
    x: { ...(await at('x')), ...xAccount(secrets) },
    tiktok: { ...(await at('tiktok')), ...tiktokAccount(secrets) },
    sms: { ...(await at('sms')), number: SMS, token: secrets.sms },
    feed,
  };
  return startHelper('networks', join(dataDir, 'networks.options.json'), options);
}

interface Options {
  google: GoogleOptions;
  youtube: YoutubeOptions;
  x: XOptions;
  tiktok: TiktokOptions;
  sms: SmsOptions;
  feed: { everyMs: number; editAfterMs: number };
}

export function portOf(url: string | undefined): number | undefined {
  return url && URL.canParse(url) ? Number(new URL(url).port) || undefined : undefined;
}

const googleAccount = (secrets: NetworkSecrets): GoogleOptions => ({
  ...{ account: GOOGLE, clientSecret: secrets.googleClient, refreshToken: secrets.googleRefresh },
  locations: [
    { id: OFFICE, title: 'Dinas Kependudukan dan Pencatatan Sipil' },
    { id: HOSPITAL, title: 'RSUD Contoh' },
  ],
});

/** The demo looks far more often than a district may: the day has the units for it. */
const youtubeAccount = ({ googleClient, youtubeRefresh }: NetworkSecrets): YoutubeOptions => ({
  ...{ channel: YOUTUBE, clientSecret: googleClient, refreshToken: youtubeRefresh, units: UNITS },
});

/** And X takes as many calls as it makes. */
const xAccount = ({ xKey, xSecret, xToken, xTokenSecret }: NetworkSecrets): XOptions => ({
  ...{ account: { id: X, username: X_NAME }, calls: UNITS },
  ...{ consumerKey: xKey, consumerSecret: xSecret, accessToken: xToken, accessSecret: xTokenSecret },
});

const tiktokAccount = ({ tiktokClient, tiktokRefresh }: NetworkSecrets): TiktokOptions => ({
  ...{ account: TIKTOK, handle: 'pemkab.contoh', clientSecret: tiktokClient, refreshToken: tiktokRefresh },
});

/** The five channels, as in the field but for addresses and haste. */
export const networkYaml = ({ google, youtube, x, tiktok, sms }: NetworkUrls): Record<string, string> => ({
  'ulasan-google': googleYaml(google),
  youtube: youtubeYaml(youtube),
  x: xYaml(x),
  tiktok: tiktokYaml(tiktok),
  sms: smsYaml(sms),
});

const EVERY = '4s';

const googleYaml = (
  url: string,
): string => `# Ulasan di Google Maps. Di lapangan tanpa alamat di bawah settings, dan setiap 10m.
id: ulasan-google
label: Ulasan Google
adapter: google-reviews
account: "${GOOGLE}"
agency: ${REVIEWED}
poll: { every: ${EVERY} }
settings:
  clientId: 1234-contoh.apps.googleusercontent.com
  clientSecret: \${${SECRETS.googleClient}}
  refreshToken: \${${SECRETS.googleRefresh}}
  locations:
    - { id: "${OFFICE}", name: Kantor Dukcapil }
    - { id: "${HOSPITAL}", name: RSUD }
  tokenUrl: ${url}/token
  authorizeUrl: ${url}/auth
  apiBase: ${url}
  infoBase: ${url}
  noticeBase: ${url}
`;

const youtubeYaml = (
  url: string,
): string => `# Komentar di video. Di lapangan tanpa alamat dan satuan di bawah settings, dan setiap 5m.
id: youtube
label: YouTube Kabupaten
adapter: youtube
account: ${YOUTUBE}
agency: diskominfo
poll: { every: ${EVERY} }
settings:
  clientId: 1234-contoh.apps.googleusercontent.com
  clientSecret: \${${SECRETS.googleClient}}
  refreshToken: \${${SECRETS.youtubeRefresh}}
  dailyUnits: ${UNITS}
  rereadEvery: 30s
  tokenUrl: ${url}/token
  authorizeUrl: ${url}/auth
  apiBase: ${url}
  webUrl: ${url}
`;

const xYaml = (
  url: string,
): string => `# Kiriman yang menyebut akun kita, dan pesan langsung. Di lapangan tanpa alamat di bawah settings, dan setiap 5m.
id: x
label: X Kabupaten
adapter: twitter
account: "${X}"
agency: diskominfo
poll: { every: ${EVERY} }
settings:
  username: ${X_NAME}
  consumerKey: \${${SECRETS.xKey}}
  consumerSecret: \${${SECRETS.xSecret}}
  accessToken: \${${SECRETS.xToken}}
  accessSecret: \${${SECRETS.xTokenSecret}}
  directMessages: true
  cost: { monthly: 500, replies: 35 }
  apiBase: ${url}
  webUrl: ${url}
`;

const tiktokYaml = (
  url: string,
): string => `# Komentar di video pendek. Di lapangan tanpa alamat di bawah settings, dan setiap 15m.
id: tiktok
label: TikTok Kabupaten
adapter: tiktok
account: ${TIKTOK}
agency: diskominfo
poll: { every: ${EVERY} }
settings:
  clientId: "7300000000000000001"
  clientSecret: \${${SECRETS.tiktokClient}}
  refreshToken: \${${SECRETS.tiktokRefresh}}
  handle: "@pemkab.contoh"
  apiBase: ${url}
  authorizeUrl: ${url}/v2/auth/authorize
  webUrl: ${url}
`;

const smsYaml = (
  url: string,
): string => `# SMS lewat gateway HTTP. Di lapangan juga dengan titik terima; lihat docs/sms.md.
id: sms
label: SMS Pengaduan
adapter: sms
account: "${SMS}"
agency: diskominfo
poll: { every: ${EVERY} }
settings:
  via: gateway
  baseUrl: ${url}/v1
  auth: { kind: bearer, token: "\${${SECRETS.sms}}" }
  send:
    path: /sms
    body: json
    fields: { ke: "{to}", pesan: "{text}", acuan: "{key}" }
    answer: { id: data.id, success: { at: status, is: [diterima] } }
  lookup: { path: /sms, query: { acuan: "{key}" }, items: data, key: acuan, id: id }
  inbox:
    path: /masuk
    query: { sesudah: "{cursor}" }
    items: data
    message: { id: id, from: dari, to: ke, text: pesan, at: waktu }
    next: posisi
`;
