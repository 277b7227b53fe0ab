import { SCOPES } from '../../adapters/facebook/connect.ts';
import type { Harness } from '../kit/index.ts';
import { changeOf, facebookPlatform, PAGE, PHOTO } from './facebook.platform.ts';
import { CODE, metaConsent } from './meta/consent.ts';
import {
  APP_ID,
  APP_SECRET,
  erasureRequest,
  graphError,
  metaJson,
  seconds,
  sign,
  TOKEN,
  VERIFY_TOKEN,
} from './meta/signing.ts';

let standIn = '';
/** A channel that signs in: without a token in its file. */
const appAt = (origin: string) => ({
  ...{ appId: APP_ID, appSecret: '${KIT_APP_SECRET}', graphUrl: origin, webUrl: origin, dialogUrl: origin },
  mediaHosts: [new URL(origin).host],
});
const settingsAt = (origin: string) => ({ ...appAt(origin), token: '${KIT_TOKEN}' });
const STRAY = ['https://elsewhere.example/x.jpg', { url: 'https://elsewhere.example/x' }, { url: '/x' }, null, 7, {}];

/** What `unpack` makes of the event. */
const raw: Harness['raw'] = (event) =>
  JSON.stringify({ account: event.account, time: seconds(event.at), ...changeOf(event) });

export const facebookHarness: Harness = {
  account: PAGE,
  secrets: { KIT_APP_SECRET: APP_SECRET, KIT_TOKEN: TOKEN, KIT_VERIFY: VERIFY_TOKEN },
  settings(origin) {
    standIn = origin;
    return settingsAt(origin);
  },
  verbs: ['create', 'edit', 'delete'],
  raw,
  platform: facebookPlatform,
  publishes: ({ method, path }) => method === 'POST' && /\/(comments|messages)$/.test(path),
  receive: {
    settings: { secrets: ['${KIT_APP_SECRET}'], verifyToken: '${KIT_VERIFY}' },
    body: (events) => metaJson({ object: 'page', entry: events.map(entryOf) }),
    sign,
    signatureHeaders: ['x-hub-signature-256'],
    erasure: { ask: erasureRequest('25900000000000042'), person: '25900000000000042' },
    handshake: {
      ask: {
        ...{ body: new Uint8Array(), headers: {} },
        query: { 'hub.mode': 'subscribe', 'hub.verify_token': VERIFY_TOKEN, 'hub.challenge': '1158201444' },
      },
      answer: '1158201444',
    },
  },
  connect: { serve: metaConsent({ id: PAGE }, SCOPES), settings: appAt, code: CODE },
  pageSize: 50,
  bare: (event) => {
    const { value } = changeOf(event) as { value: Record<string, unknown> };
    const { from: _, message: __, ...bare } = value;
    return JSON.stringify({ account: event.account, time: seconds(event.at), field: 'feed', value: bare });
  },
  // Files have whole addresses, so where the stand-in listens must be known first.
  get media() {
    return { ref: { url: `${standIn}/cdn/streetlight.jpg` }, bytes: PHOTO, stray: STRAY };
  },
  answers: {
    auth: graphError(400, 190, 463),
    throttled: graphError(400, 32, undefined, { 'retry-after': '7' }),
    refused: graphError(400, 100),
  },
};

const entryOf = (event: Parameters<Harness['raw']>[0]) => ({
  id: event.account,
  time: seconds(event.at),
  changes: [changeOf(event)],
});
