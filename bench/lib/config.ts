import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configDir, type Ground } from './ground.ts';

export const ENDPOINT = 'lapor';
export const META_ENDPOINT = 'meta';
export const CHANNEL = 'kanal-01';
export const ACCOUNT = 'akun-01';
export const AGENCIES = 50;
export const CHANNELS = 12;

const two = (n: number): string => String(n).padStart(2, '0');
export const agencyId = (n: number): string => `opd-${two(n)}`;
export const channelId = (n: number): string => `kanal-${two(n)}`;

/** The secrets of a measurement guard nothing; they only have to be the same on both sides. */
const SIGNING_SECRET = `whsec_${createHash('sha256').update('bench').digest('base64')}`;
export const SECRETS = {
  BENCH_HOOK: SIGNING_SECRET,
  BENCH_TOKEN: 'bench-token',
  BENCH_SIGNING: SIGNING_SECRET,
  BENCH_MAIL: 'bench-mail',
  BENCH_META: 'bench-meta-secret',
};
export { SIGNING_SECRET };

/** Writes a configuration of ordinary size: 50 agencies, 12 channels, some rules. JSON is YAML, too. */
export async function writeConfig(ground: Ground, receiver = 'http://127.0.0.1:9'): Promise<string> {
  const dir = configDir(ground);
  await mkdir(join(dir, 'channels'), { recursive: true });
  await writeFile(join(dir, 'hub.yaml'), JSON.stringify(hub()));
  for (let n = 1; n <= CHANNELS; n += 1)
    await writeFile(join(dir, 'channels', `${channelId(n)}.yaml`), JSON.stringify(channel(n, receiver)));
  return dir;
}

const hub = () => ({
  site: { name: 'Kabupaten Contoh' },
  agencies: Array.from({ length: AGENCIES }, (_, n) => ({ id: agencyId(n + 1), name: `Dinas ${n + 1}` })),
  endpoints: {
    [ENDPOINT]: { adapter: 'webhook', settings: { secrets: ['${BENCH_HOOK}'], tolerance: '1h' } },
    [META_ENDPOINT]: { adapter: 'facebook', settings: { secrets: ['${BENCH_META}'], verifyToken: '${BENCH_META}' } },
  },
  routing: [
    { when: { words: ['pungli', 'gratifikasi', 'korupsi', 'suap'] }, then: { sensitive: true } },
    { when: { words: ['jalan', 'jembatan', 'aspal'] }, then: { agency: agencyId(1), category: 'infrastruktur' } },
    { when: { words: ['irigasi', 'drainase', 'banjir'] }, then: { agency: agencyId(2), category: 'infrastruktur' } },
    { when: { words: ['KTP', 'kartu keluarga', 'akta'] }, then: { agency: agencyId(3), category: 'kependudukan' } },
  ],
  // Receipts and statuses are publications, too; they have their own figure.
  policies: { receipt: { enabled: false } },
});

const channel = (n: number, receiver: string) => ({
  ...{ id: channelId(n), label: `Kanal ${n}`, adapter: 'webhook', account: `akun-${two(n)}` },
  ...{ endpoint: ENDPOINT, agency: agencyId(n), poll: false, publish: { concurrency: 16, statuses: false } },
  settings: { baseUrl: receiver, token: '${BENCH_TOKEN}', signingSecret: '${BENCH_SIGNING}' },
});
