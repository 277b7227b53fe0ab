import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Names under which the demo's secrets stand in the encrypted store. */
export const SECRETS = {
  hook: 'DEMO_HOOK_SECRET',
  token: 'DEMO_APP_TOKEN',
  signing: 'DEMO_APP_SIGNING',
  mail: 'DEMO_MAIL_PASSWORD',
  metaApp: 'DEMO_META_APP_SECRET',
  metaVerify: 'DEMO_META_VERIFY_TOKEN',
  metaToken: 'DEMO_META_TOKEN',
  phoneToken: 'DEMO_WHATSAPP_TOKEN',
  laporbup: 'DEMO_LAPORBUP_TOKEN',
  sp4nKey: 'DEMO_SP4N_KEY',
  sp4nToken: 'DEMO_SP4N_TOKEN',
  googleClient: 'DEMO_GOOGLE_CLIENT_SECRET',
  googleRefresh: 'DEMO_GOOGLE_REFRESH',
  youtubeRefresh: 'DEMO_YOUTUBE_REFRESH',
  tiktokClient: 'DEMO_TIKTOK_CLIENT_SECRET',
  tiktokRefresh: 'DEMO_TIKTOK_REFRESH',
  xKey: 'DEMO_X_KEY',
  xSecret: 'DEMO_X_SECRET',
  xToken: 'DEMO_X_TOKEN',
  xTokenSecret: 'DEMO_X_TOKEN_SECRET',
  sms: 'DEMO_SMS_TOKEN',
} as const;
export const ENDPOINT = 'lapor-daerah';
export const META_ENDPOINT = 'meta';

const SCHEMAS = fileURLToPath(new URL('../../../docs/schema', import.meta.url));

export const MAILBOX = 'aduan@contohkab.example';

/** Writes `hub.yaml` and the channels, anew at each start: ports may have changed. */
export async function writeConfig(
  folder: string,
  appUrl: string,
  mail: { imapPort: number; smtpPort: number },
  social: Readonly<Record<string, string>>,
): Promise<void> {
  const channels = join(folder, 'channels');
  await mkdir(channels, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'hub.yaml'), head(folder, 'hub') + hubYaml(new URL(appUrl).host));
  await writeFile(join(channels, 'laporan.yaml'), head(channels, 'channel') + reportsYaml(appUrl));
  await writeFile(join(channels, 'komentar.yaml'), head(channels, 'channel') + commentsYaml(appUrl));
  await writeFile(join(channels, 'surel.yaml'), head(channels, 'channel') + mailYaml(mail));
  for (const [name, yaml] of Object.entries(social))
    await writeFile(join(channels, `${name}.yaml`), head(channels, 'channel') + yaml);
}

const head = (folder: string, schema: string): string =>
  `# yaml-language-server: $schema=${relative(folder, join(SCHEMAS, `${schema}.schema.json`))}
#
# Konfigurasi demo. Ditulis ulang setiap kali "npm run demo" dijalankan.

`;

const hubYaml = (appHost: string): string => `site:
  name: Kabupaten Contoh
  timezone: Asia/Jakarta

agencies:
  - { id: diskominfo, name: Dinas Komunikasi dan Informatika }
  - id: dinas-pupr
    name: Dinas Pekerjaan Umum dan Penataan Ruang
    units:
      - { id: bina-marga, name: Bidang Bina Marga }
      - { id: sumber-daya-air, name: Bidang Sumber Daya Air }
    # Jawaban dinas ini harus disetujui orang kedua.
    approval: { required: true, by: [agency_head, unit_head] }
  - { id: dishub, name: Dinas Perhubungan }
  - { id: dlh, name: Dinas Lingkungan Hidup }
  - { id: dukcapil, name: Dinas Kependudukan dan Pencatatan Sipil }
  - { id: dinkes, name: Dinas Kesehatan }
  - { id: perumda-air, name: Perumda Air Minum }
  - { id: bpbd, name: Badan Penanggulangan Bencana Daerah }

# Alamat yang dipanggil aplikasi: POST /hooks/${ENDPOINT}
endpoints:
  ${ENDPOINT}:
    adapter: webhook
    settings:
      secrets: ["\${${SECRETS.hook}}"]
  # Facebook, Instagram dan WhatsApp: satu alamat untuk satu aplikasi Meta.
  ${META_ENDPOINT}:
    adapter: facebook
    settings:
      secrets: ["\${${SECRETS.metaApp}}"]
      verifyToken: \${${SECRETS.metaVerify}}

# Dari atas ke bawah; yang lebih atas didahulukan.
routing:
  - when: { words: [pungli, gratifikasi, korupsi, suap] }
    then: { sensitive: true }
  - when: { words: [lampu] }
    then: { agency: dishub, category: penerangan }
  - when: { words: [sampah] }
    then: { agency: dlh, category: kebersihan }
  - when: { words: [KTP, "kartu keluarga", akta, loket, loketnya] }
    then: { agency: dukcapil, category: kependudukan }
  - when: { words: [puskesmas, "rumah sakit", BPJS] }
    then: { agency: dinkes, category: kesehatan }
  - when: { words: [PDAM] }
    then: { agency: perumda-air, category: air bersih }
  - when: { words: [pohon] }
    then: { agency: bpbd, category: bencana }
  - when: { words: [selokan, drainase, banjir] }
    then: { agency: dinas-pupr, unit: sumber-daya-air, category: drainase }
  - when: { words: [jalan, jembatan, lubang] }
    then: { agency: dinas-pupr, unit: bina-marga, category: jalan }

policies:
  # Pendek, supaya demo cepat terlihat; di lapangan 2m.
  settle: 2s
  attachments: { allowHosts: ["${appHost}"] }
`;

const settingsYaml = (appUrl: string): string => `settings:
  baseUrl: ${appUrl}
  token: \${${SECRETS.token}}
  signingSecret: \${${SECRETS.signing}}
`;

const reportsYaml = (
  appUrl: string,
): string => `# Laporan dan pesan pribadi: dikirim aplikasi ke /hooks/${ENDPOINT}, bertanda tangan.
id: laporan
label: Lapor Daerah
adapter: webhook
account: laporan
endpoint: ${ENDPOINT}
agency: diskominfo
poll: false
${settingsYaml(appUrl)}`;

const commentsYaml = (appUrl: string): string => `# Komentar publik: dijemput berkala.
id: komentar
label: Komentar Lapor Daerah
adapter: webhook
account: komentar
agency: diskominfo
poll: { every: 2s }
${settingsYaml(appUrl)}`;

const mailYaml = ({
  imapPort,
  smtpPort,
}: {
  imapPort: number;
  smtpPort: number;
}): string => `# Kotak surat: dibaca lewat IMAP, dijawab lewat SMTP. Di lapangan cukup host, user dan password.
id: surel
label: Surel Aduan
adapter: email
account: ${MAILBOX}
agency: diskominfo
poll: { every: 30s }
settings:
  host: 127.0.0.1
  port: ${imapPort}
  security: none
  user: ${MAILBOX}
  password: \${${SECRETS.mail}}
  fromName: Kabupaten Contoh
  firstConnect: all
  smtp: { host: 127.0.0.1, port: ${smtpPort}, security: none }
`;
