import { join } from 'node:path';
import type { MetaOptions } from '../../../simulators/meta/index.ts';
import { type Helper, startHelper } from './application.ts';
import { META_ENDPOINT, SECRETS } from './config.ts';

/** The accounts of the imaginary district at Meta. */
export const PAGE = '104000000000001';
export const INSTAGRAM = '17841400000000123';
export const PHONE = '300100000000001';
const BUSINESS = '200100000000001';
const USERNAME = 'pemkab.contoh';

/** Facebook, Instagram and WhatsApp; `url` shows them as citizens see them. */
export type Social = Helper<{ url: string }>;

export interface SocialSecrets {
  metaApp: string;
  metaVerify: string;
  metaToken: string;
  phoneToken: string;
}

/** On the port of an earlier start, so that what stands there is found again. */
export async function startSocial(
  dataDir: string,
  about: { port: number; hubUrl: string; secrets: SocialSecrets; everyMs: number },
): Promise<Social> {
  const { port, hubUrl, secrets, everyMs } = about;
  const options: MetaOptions & { feed: object } = {
    ...{ port, appSecret: secrets.metaApp, verifyToken: secrets.metaVerify, hook: `${hubUrl}/hooks/${META_ENDPOINT}` },
    pages: [
      {
        id: PAGE,
        name: 'Kabupaten Contoh',
        token: secrets.metaToken,
        instagram: { id: INSTAGRAM, username: USERNAME },
      },
    ],
    phones: [
      { id: PHONE, business: BUSINESS, display: '6282000000001', name: 'Kabupaten Contoh', token: secrets.phoneToken },
    ],
    journal: join(dataDir, 'social.journal.json'),
    feed: { places: { page: PAGE, instagram: INSTAGRAM, phone: PHONE }, everyMs },
  };
  return startHelper<{ url: string }>('meta', join(dataDir, 'social.options.json'), options);
}

/** The three channels, as in the field but for the address of Graph. */
export const socialYaml = (url: string): Record<string, string> => ({
  facebook: channelYaml(url, {
    name: 'facebook',
    label: 'Facebook Kabupaten',
    account: PAGE,
    token: SECRETS.metaToken,
  }),
  instagram: `${channelYaml(url, { name: 'instagram', label: 'Instagram Kabupaten', account: INSTAGRAM, token: SECRETS.metaToken })}  pageId: "${PAGE}"
  username: ${USERNAME}
`,
  whatsapp: `${channelYaml(url, { name: 'whatsapp', label: 'WhatsApp Kabupaten', account: PHONE, token: SECRETS.phoneToken })}  business: "${BUSINESS}"
`,
});

interface About {
  name: string;
  label: string;
  account: string;
  token: string;
}

const channelYaml = (
  url: string,
  { name, label, account, token }: About,
): string => `# Dikirim Meta ke /hooks/${META_ENDPOINT}, bertanda tangan. Di lapangan tanpa graphUrl dan mediaHosts.
id: ${name}
label: ${label}
adapter: ${name}
account: "${account}"
endpoint: ${META_ENDPOINT}
agency: diskominfo
${name === 'whatsapp' ? '' : 'poll: { every: 1m }\n'}settings:
  appId: "900000000000001"
  appSecret: \${${SECRETS.metaApp}}
  token: \${${token}}
  graphUrl: ${url}
  mediaHosts: ["${new URL(url).host}"]
`;
