import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Meta, type Person, startMeta } from '../../../simulators/meta/index.ts';
import type { Filed } from '../citizens.ts';
import type { PlatformWorld } from '../platform.ts';
import { startProcesses } from '../processes.ts';

const PAGE = '104000000000001';
const INSTAGRAM = '17841400000000123';
const NUMBER = '300100000000001';
const BUSINESS = '200100000000001';
const SECRETS = {
  ...{ META_APP_SECRET: 'crash-app-secret-01', META_VERIFY: 'verify' },
  ...{ FB_TOKEN: 'EAAGcrashPageToken01', WA_TOKEN: 'EAAGcrashPhoneToken01' },
};

/** Of each hundred sends, five are taken and then hung up on, five taken and answered 500, five turned away as too fast. */
const FAULTS = [
  ...(['hangup', 'error', 'throttle'] as const).map((what) => ({ do: what, ratio: 0.05 })),
  { do: 'delay' as const, ms: 150 },
];

/** With a page, an Instagram account and a WhatsApp number at a simulated Meta. */
export async function metaWorld(backend: 'postgres' | 'redis'): Promise<PlatformWorld> {
  const instagram = { id: INSTAGRAM, username: 'pemkab.contoh' };
  const pages = [{ id: PAGE, name: 'Kabupaten Contoh', token: SECRETS.FB_TOKEN, instagram }];
  const phones = [
    { id: NUMBER, business: BUSINESS, display: '622870001111', name: 'Kabupaten Contoh', token: SECRETS.WA_TOKEN },
  ];
  const meta = await startMeta({ appSecret: SECRETS.META_APP_SECRET, pages, phones, faults: FAULTS });
  const processes = await startProcesses({ backend, configure: (dir) => writeConfig(dir, meta.url), env: SECRETS });
  meta.deliverTo(`${processes.apiUrl}/hooks/meta`);
  return {
    ...processes,
    async ask(each) {
      const asked = askAll(meta, each);
      await meta.delivered();
      return asked;
    },
    published() {
      const { landed, doubled } = meta.published();
      return { landed: landed.map(({ text }) => text), doubled: doubled.map(({ text }) => text) };
    },
    close: async () => {
      await meta.close();
      await processes.close();
    },
  };
}

/** Short times: what takes a minute in service must not take one here. */
async function writeConfig(dir: string, url: string): Promise<void> {
  await mkdir(join(dir, 'channels'), { recursive: true });
  await writeFile(
    join(dir, 'hub.yaml'),
    `site: { name: Kabupaten Contoh }
agencies: [{ id: diskominfo, name: Dinas Kominfo }]
endpoints:
  meta: { adapter: facebook, settings: { secrets: ["\${META_APP_SECRET}"], verifyToken: "\${META_VERIFY}" } }
routing:
  - { when: {}, then: { accept: true } }
policies:
  settle: 0s
  receipt: { enabled: false }
  publish: { sendTimeout: 2s, lease: 4s, maxAttempts: 50 }
`,
  );
  await writeFile(join(dir, 'channels', 'fb.yaml'), channelYaml('fb', 'facebook', PAGE, url) + LOOK_FOR);
  const instagram = `${LOOK_FOR}  pageId: "${PAGE}"\n  username: pemkab.contoh\n`;
  await writeFile(join(dir, 'channels', 'ig.yaml'), channelYaml('ig', 'instagram', INSTAGRAM, url) + instagram);
  const whatsapp = channelYaml('wa', 'whatsapp', NUMBER, url).replace('FB_TOKEN', 'WA_TOKEN');
  await writeFile(join(dir, 'channels', 'wa.yaml'), `${whatsapp}  business: "${BUSINESS}"\n`);
}

const LOOK_FOR = '  lookFor: 4s\n';

const channelYaml = (id: string, adapter: string, account: string, url: string): string => `id: ${id}
label: Kanal ${id}
adapter: ${adapter}
account: "${account}"
endpoint: meta
agency: diskominfo
poll: false
publish: { concurrency: 8, receipts: false, statuses: false }
settings:
  appId: "900000000000001"
  appSecret: \${META_APP_SECRET}
  token: \${FB_TOKEN}
  graphUrl: ${url}
`;

/** Citizens comment and write messages, half of each, on both platforms; on WhatsApp they write messages. */
function askAll({ citizens, phones }: Meta, each: number): Filed[] {
  const social = [PAGE, INSTAGRAM].flatMap((account) => {
    const post = citizens.ownPost(account, 'Layanan hari ini');
    const channel = account === PAGE ? 'fb' : 'ig';
    return people(each, `77${account.slice(-3)}`).map(({ person, text }, n): Filed => {
      if (n % 2 === 0) return { channel, objectId: citizens.comment(post, person, text).id };
      return { channel, objectId: citizens.message(account, person, text).mid };
    });
  });
  const chats = people(each, '628125').map(
    ({ person, text }): Filed => ({ channel: 'wa', objectId: phones.message(NUMBER, person, text).mid }),
  );
  return [...social, ...chats];
}

function people(count: number, prefix: string): { person: Person; text: string }[] {
  return Array.from({ length: count }, (_, n) => ({
    person: { id: `${prefix}${String(n).padStart(6, '0')}`, name: `Warga ${n}`, username: `warga${n}` },
    text: `Lampu jalan mati di gang ${n}`,
  }));
}
