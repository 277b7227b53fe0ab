import type { FastifyInstance, InjectOptions } from 'fastify';
import { adapters } from '../../adapters/index.ts';
import { buildApi } from '../../src/api/app.ts';
import type { ApiDeps } from '../../src/api/deps.ts';
import type { Channel } from '../../src/config/load.ts';
import { type TestHub, type TestHubOptions, testHub, webhookChannel } from '../helpers/hub.ts';

export const doorChannel = (settings: Record<string, unknown> = {}, changes: Partial<Channel> = {}): Channel => ({
  ...webhookChannel(),
  ...{ id: 'formulir-warga', label: 'Formulir warga', adapter: 'website', account: 'formulir-warga' },
  publish: { concurrency: 4, receipts: false, statuses: true },
  settings: adapters.website!.settings.parse({
    address: 'http://127.0.0.1:3000',
    categories: [
      { code: 'jalan', label: 'Jalan dan jembatan' },
      { code: 'lain', label: 'Lainnya' },
    ],
    hotlines: [{ label: 'Gawat darurat', number: '112' }],
    privacy: {
      controller: 'Pemerintah Kabupaten Contoh, Jl. Merdeka No. 2',
      officer: { name: 'Bagian Hukum', email: 'pdp@contohkab.go.id' },
    },
    ...settings,
  }),
  file: 'channels/formulir-warga.yaml',
  ...changes,
});

export interface TestDoor {
  hub: TestHub;
  app: FastifyInstance;
  /** Moves the hub's clock. */
  wait(ms: number): void;
  get(url: string, cookie?: string): Promise<Page>;
  post(url: string, fields: Fields, cookie?: string): Promise<Page>;
  /** As a browser sends a form with files. */
  send(url: string, fields: Fields, more?: { files?: FormFile[]; cookie?: string; from?: string }): Promise<Page>;
  /** A form as a person fills it in: shown, and sent some time later. */
  form(url?: string, cookie?: string): Promise<string>;
  /** Sends a complaint, and gives what its receipt shows. */
  complain(fields?: Fields, files?: FormFile[]): Promise<Receipt>;
  close(): Promise<void>;
}

export type Fields = Record<string, string>;
export interface FormFile {
  name: string;
  mime: string;
  bytes: Uint8Array;
}
export interface Page {
  status: number;
  text: string;
  headers: Record<string, unknown>;
  location: string;
  cookie: string;
}
export interface Receipt {
  ticketNo: string;
  code: string;
  cookie: string;
  page: Page;
}

export const GOOD = { text: 'Jalan di depan pasar berlubang dalam sejak dua minggu lalu.', identity: 'named' };

export async function testDoor(
  { settings, channels = [], ...options }: TestHubOptions & { settings?: Record<string, unknown> } = {},
  more: Partial<ApiDeps> = {},
): Promise<TestDoor> {
  const hub = await testHub({ ...options, channels: [doorChannel(settings), webhookChannel(), ...channels] });
  // Days behind: however far a test moves it, what is entered is due by the database's clock.
  let ahead = -3 * 86_400_000;
  const clock = { now: () => new Date(Date.now() + ahead) };
  Object.assign(hub.deps, { clock });
  const app = buildApi({
    ...hub.deps,
    ...{ pool: hub.foundation.pool, hooks: hub.hooks, publicUrl: 'http://127.0.0.1:3000' },
    readiness: async () => ({ ready: true, checks: {} }),
    limits: { doorPosts: 1_000 },
    ...more,
  });
  await app.ready();
  const ask = async (options: InjectOptions): Promise<Page> => {
    const response = await app.inject(options);
    const cookie = String(response.headers['set-cookie'] ?? '').split(';')[0] ?? '';
    const { statusCode: status, body: text, headers } = response;
    return { status, text, headers, location: String(headers.location ?? ''), cookie };
  };
  const cookies = (cookie = ''): Record<string, string> => (cookie ? { cookie } : {});
  const get: TestDoor['get'] = (url, cookie) => ask({ method: 'GET', url, headers: cookies(cookie) });
  const send: TestDoor['send'] = (url, fields, { files = [], cookie, from } = {}) => {
    const { body, type } = multipartOf(fields, files);
    const headers = { ...cookies(cookie), 'content-type': type };
    return ask({ method: 'POST', url, headers, payload: body, ...(from && { remoteAddress: from }) });
  };
  const form: TestDoor['form'] = async (url = '/lapor', cookie) => {
    const token = tokenIn((await get(url, cookie)).text);
    ahead += 10_000;
    return token;
  };
  return {
    ...{ hub, app, get, send, form },
    wait: (ms) => {
      ahead += ms;
    },
    post: (url, fields, cookie) =>
      ask({
        ...{ method: 'POST', url, payload: new URLSearchParams(fields).toString() },
        headers: { ...cookies(cookie), 'content-type': 'application/x-www-form-urlencoded' },
      }),
    async complain(fields = {}, files = []) {
      const sent = await send('/lapor', { token: await form(), situs: '', ...GOOD, ...fields }, { files });
      if (sent.status !== 303) throw new Error(`the form came back: ${messagesIn(sent.text).join(' | ')}`);
      const page = await get(sent.location, sent.cookie);
      const [ticketNo = '', code = ''] = [...page.text.matchAll(/class="nomor">([^<]+)</g)].map((one) => one[1]!);
      return { ticketNo, code, cookie: sent.cookie, page };
    },
    async close() {
      await app.close();
      await hub.close();
    },
  };
}

export const tokenIn = (page: string): string => /name="token" value="([^"]+)"/.exec(page)?.[1] ?? '';

/** What a form that came back says of its fields. */
export const messagesIn = (page: string): string[] =>
  [...page.matchAll(/class="pesan"[^>]*>([^<]+)</g)].map((one) => one[1]!);

function multipartOf(fields: Fields, files: FormFile[]): { body: Buffer; type: string } {
  const boundary = '----uji7f3a';
  const part = (head: string, bytes: Uint8Array) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; ${head}\r\n\r\n`),
      bytes,
      Buffer.from('\r\n'),
    ]);
  const texts = Object.entries(fields).map(([name, value]) => part(`name="${name}"`, Buffer.from(value)));
  const attached = files.map(({ name, mime, bytes }) =>
    part(`name="photos"; filename="${name}"\r\ncontent-type: ${mime}`, bytes),
  );
  const body = Buffer.concat([...texts, ...attached, Buffer.from(`--${boundary}--\r\n`)]);
  return { body, type: `multipart/form-data; boundary=${boundary}` };
}
