import { SCOPES } from '../../adapters/instagram/connect.ts';
import type { Harness } from '../kit/index.ts';
import { ACCOUNT, changeOf, entryOf, instagramPlatform, PAGE, PHOTO, USERNAME } from './instagram.platform.ts';
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
const STRAY = ['https://elsewhere.example/x.jpg', { url: 'https://elsewhere.example/x' }, { url: '/x' }, null, 7, {}];

/** A channel that signs in: without a token in its file. */
const appAt = (origin: string) => ({
  ...{ appId: APP_ID, appSecret: '${KIT_APP_SECRET}', graphUrl: origin, webUrl: origin, dialogUrl: origin },
  ...{ mediaHosts: [new URL(origin).host], pageId: PAGE, username: `@${USERNAME}` },
});
const OWNED = { id: PAGE, instagram_business_account: { id: ACCOUNT, username: USERNAME } };

export const instagramHarness: Harness = {
  account: ACCOUNT,
  secrets: { KIT_APP_SECRET: APP_SECRET, KIT_TOKEN: TOKEN, KIT_VERIFY: VERIFY_TOKEN },
  settings(origin) {
    standIn = origin;
    return { ...appAt(origin), token: '${KIT_TOKEN}' };
  },
  verbs: ['create'],
  raw: (event) => JSON.stringify({ account: event.account, time: seconds(event.at), ...changeOf(event) }),
  platform: instagramPlatform,
  publishes: ({ method, path }) => method === 'POST' && /\/(replies|mentions|messages)$/.test(path),
  receive: {
    settings: { secrets: ['${KIT_APP_SECRET}'], verifyToken: '${KIT_VERIFY}' },
    body: (events) => metaJson({ object: 'instagram', entry: events.map(entryOf) }),
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
  connect: { serve: metaConsent(OWNED, SCOPES), settings: appAt, code: CODE },
  pageSize: 50,
  bare: (event) =>
    JSON.stringify({
      ...{ account: event.account, time: seconds(event.at), field: 'comments' },
      value: { id: event.objectId, text: event.text },
    }),
  // Files have whole addresses, so where the stand-in listens must be known first.
  get media() {
    return { ref: { url: `${standIn}/cdn/photo.jpg` }, bytes: PHOTO, stray: STRAY };
  },
  answers: {
    auth: graphError(400, 190, 463),
    throttled: graphError(400, 80002, undefined, { 'retry-after': '7' }),
    refused: graphError(400, 100),
  },
};
