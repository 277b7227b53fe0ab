import { type Meta, type MetaOptions, type Person, startMeta } from '../../simulators/meta/index.ts';
import type { HubConfig } from '../../src/config/hub.ts';
import type { Channel } from '../../src/config/load.ts';
import { type TestHub, type TestHubOptions, testHub, webhookChannel } from '../helpers/hub.ts';

export const PAGE = '104000000000001';
export const INSTAGRAM = '17841400000000123';
export const APP_SECRET = 'contract-app-secret-01';
export const LINA: Person = { id: '25900000000000042', name: 'Lina Haddad', username: 'lina.h' };
export const BUDI: Person = { id: '25900000000000043', name: 'Budi Santoso', username: 'budi' };

export const pageOptions = { id: PAGE, name: 'Kabupaten Contoh', token: 'EAAGsimPageToken01' };

export const NUMBER = '300100000000001';
export const phoneOptions = {
  ...{ id: NUMBER, business: '200100000000001', display: '622870001111', name: 'Kabupaten Contoh' },
  token: 'EAAGsimPhoneToken01',
  templates: [{ name: 'jawaban_aduan', body: 'Jawaban atas aduan {{1}}: {{2}}' }],
};

export interface MetaHub {
  hub: TestHub;
  meta: Meta;
  secrets: Record<string, string>;
  /** Gives every delivery that the simulation holds to the hub. */
  close(): Promise<void>;
}

const endpoints: HubConfig['endpoints'] = {
  meta: { adapter: 'facebook', settings: { secrets: ['${META_APP_SECRET}'], verifyToken: '${META_VERIFY}' } },
};

export function facebookChannel(
  url: string,
  changes: Partial<Channel> = {},
  settings: Record<string, unknown> = {},
): Channel {
  return webhookChannel({
    ...{ id: 'fb', label: 'Facebook Kabupaten', adapter: 'facebook', account: PAGE, endpoint: 'meta', poll: null },
    settings: channelSettings(url, {
      maxCommentChars: 2_000,
      humanAgent: false,
      pollMentions: true,
      webUrl: url,
      ...settings,
    }),
    ...changes,
  });
}

export function instagramChannel(
  url: string,
  changes: Partial<Channel> = {},
  settings: Record<string, unknown> = {},
): Channel {
  const own = {
    flavour: 'facebook',
    pageId: PAGE,
    username: 'pemkab.contoh',
    maxCommentChars: 300,
    addressReplies: true,
  };
  return webhookChannel({
    ...{
      id: 'ig',
      label: 'Instagram Kabupaten',
      adapter: 'instagram',
      account: INSTAGRAM,
      endpoint: 'meta',
      poll: null,
    },
    settings: channelSettings(url, { ...own, humanAgent: false, pollTags: true, webUrl: url, ...settings }),
    ...changes,
  });
}

export function whatsappChannel(url: string, settings: Record<string, unknown> = {}): Channel {
  const answerTemplate = { name: 'jawaban_aduan', language: 'id', parameters: ['ticketNo', 'text'], maxChars: 900 };
  const { lookFor: _, ...about } = channelSettings(url, { token: '${WA_TOKEN}', business: phoneOptions.business });
  return webhookChannel({
    ...{ id: 'wa', label: 'WhatsApp Kabupaten', adapter: 'whatsapp', account: NUMBER, endpoint: 'meta', poll: null },
    settings: { ...about, answerTemplate, noticeTemplates: {}, history: 'ignore', ...settings },
  });
}

export const channelSettings = (url: string, more: Record<string, unknown>) => ({
  ...{ appId: '900000000000001', appSecret: '${META_APP_SECRET}', token: '${FB_TOKEN}', graphUrl: url },
  dialogUrl: url,
  ...{ graphVersion: 'v26.0', mediaHosts: [new URL(url).host], lookFor: 10_000 },
  ...more,
});

/** A hub in this process whose channels talk to a simulation of Meta. */
export async function metaHub(
  options: { meta?: Partial<MetaOptions>; channels?(url: string): Channel[]; hub?: TestHubOptions } = {},
): Promise<MetaHub> {
  const meta = await startMeta({
    appSecret: APP_SECRET,
    pages: [{ ...pageOptions, instagram: { id: INSTAGRAM, username: 'pemkab.contoh' } }],
    ...options.meta,
  });
  const secrets = {
    META_APP_SECRET: APP_SECRET,
    META_VERIFY: 'verify',
    FB_TOKEN: pageOptions.token,
    WA_TOKEN: phoneOptions.token,
  };
  const channels = options.channels?.(meta.url) ?? [facebookChannel(meta.url)];
  const hub = await testHub({ channels, secrets, ...options.hub, hub: { endpoints, ...options.hub?.hub } });
  return {
    ...{ hub, meta, secrets },
    async close() {
      await meta.close();
      await hub.close();
    },
  };
}
