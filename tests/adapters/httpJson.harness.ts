import { createHmac } from 'node:crypto';
import { type PortalFile, portalFile } from '../helpers/portalFile.ts';
import type { Harness, KitEvent } from '../kit/index.ts';
import {
  CLIENT,
  generik,
  laporbup,
  PAGE,
  PHOTO,
  portalPlatform,
  SECOND,
  type Shape,
  sp4n,
  TOKEN,
} from './httpJson.platform.ts';

const HOOK = 'kit-portal-hook-0123456789abcdef';

/** What the adapter stores of one event, as its poll makes it. */
function partOf(
  shape: Shape,
  { verb, objectId: report, at, text, account }: KitEvent,
  details: (root: unknown) => object,
) {
  const about = { report, changed: at.toISOString() };
  if (verb === 'garbage') return { account, text };
  if (verb === 'delete') return { part: 'gone', ...about };
  // What is edited was written an hour before.
  const written = verb === 'edit' ? new Date(at.getTime() - 3_600_000) : at;
  const root = shape.report({ verb, objectId: report, at: written, text, account });
  return {
    part: 'report',
    ...about,
    ...(verb === 'edit' && { edits: 1 }),
    root,
    row: root,
    details: details(root),
  };
}

const portalMap = portalFile('sambatmasbup', '').settings.map as object;

interface About {
  variant: string;
  file: PortalFile;
  shape: Shape;
  keys: boolean;
  secrets: Record<string, string>;
  details(root: unknown): object;
  settings?(origin: string): Record<string, unknown>;
}

function harnessOf({ variant, file, shape, keys, secrets, details, settings }: About): Harness {
  return {
    ...{ variant, account: 'portal-kit', verbs: ['create', 'edit', 'delete'], pageSize: PAGE },
    secrets: { ...secrets, KIT_PORTAL_HOOK: HOOK },
    settings: (origin) => ({ ...portalFile(file, origin).settings, rate: { concurrency: 2 }, ...settings?.(origin) }),
    raw: (event) => JSON.stringify(partOf(shape, event, details)),
    platform: portalPlatform(shape, keys),
    publishes: ({ method, path }) => method === 'POST' && !/(token|lampiran|file)$/.test(path),
    receive: {
      settings: { kind: 'hmac-sha256', secrets: ['${KIT_PORTAL_HOOK}'], timestamp: 'X-Timestamp' },
      body: (events) =>
        Buffer.from(JSON.stringify(events.map(({ objectId }) => ({ peristiwa: 'laporan.diubah', id: objectId })))),
      sign(body, at) {
        const stamp = String(Math.floor(at.getTime() / 1_000));
        const mac = createHmac('sha256', HOOK)
          .update(Buffer.concat([Buffer.from(`${stamp}.`), body]))
          .digest('hex');
        return { body, headers: { 'x-timestamp': stamp, 'x-signature': `sha256=${mac}` }, query: {} };
      },
      signatureHeaders: ['x-timestamp', 'x-signature'],
      wake: Buffer.from('{"peristiwa":"laporan.baru","id":"81234","versi":3}'),
      // It is signed, and still no more than a wake-up: what has changed is read.
      unsigned: true,
    },
    media: {
      ref: { url: '/berkas/1.jpg' },
      bytes: PHOTO,
      stray: [
        { url: 'http://elsewhere.example/x' },
        { url: '//elsewhere.example/x' },
        { url: 'file:///etc/passwd' },
        '/x',
        '',
        null,
        7,
        {},
      ],
    },
  };
}

export const harnesses: readonly Harness[] = [
  harnessOf({
    ...{ variant: 'generik', file: 'sambatmasbup', shape: generik, keys: true, secrets: { SAMBAT_TOKEN: TOKEN } },
    details: (root) => ({ detail: root }),
  }),
  harnessOf({
    ...{ variant: 'generik with OAuth2', file: 'sambatmasbup', shape: generik, keys: true },
    secrets: { KIT_CLIENT: CLIENT },
    details: (root) => ({ detail: root }),
    settings: (origin) => ({
      // Through the library, and not by the way that plain names take.
      map: { ...portalMap, text: { from: '$exists(isi) ? isi & "" : judul', html: 'strip' } },
      auth: {
        kind: 'oauth2',
        tokenUrl: `${origin}/token`,
        clientId: 'hub',
        clientSecret: '${KIT_CLIENT}',
        scope: 'aduan',
      },
    }),
  }),
  harnessOf({
    ...{
      variant: 'laporbup',
      file: 'lapor-bupati-kebumen',
      shape: laporbup,
      keys: false,
      secrets: { LAPORBUP_TOKEN: TOKEN },
    },
    details: (root) => ({ detail: { data: root } }),
  }),
  harnessOf({
    ...{
      variant: 'sp4n',
      file: 'sp4n-lapor',
      shape: sp4n,
      keys: false,
      secrets: { SP4N_KEY: TOKEN, SP4N_TOKEN: SECOND },
    },
    details: (root) => ({ detail: { results: { data: root, data_logs: [] } }, followups: { results: { data: [] } } }),
  }),
];
