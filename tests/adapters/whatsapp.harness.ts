import type { Harness } from '../kit/index.ts';
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
import { BUSINESS, CITIZEN, entryOf, messageOf, NUMBER, PHOTO, whatsappPlatform } from './whatsapp.platform.ts';

let standIn = '';
const REF = { at: '2026-11-24T01:00:00.000Z', to: CITIZEN.wa_id, user: CITIZEN.user_id };

export const whatsappHarness: Harness = {
  account: NUMBER,
  secrets: { KIT_APP_SECRET: APP_SECRET, KIT_TOKEN: TOKEN, KIT_VERIFY: VERIFY_TOKEN },
  settings(origin) {
    standIn = origin;
    return {
      ...{ appId: APP_ID, appSecret: '${KIT_APP_SECRET}', token: '${KIT_TOKEN}', graphUrl: origin, business: BUSINESS },
      mediaHosts: [new URL(origin).host],
      answerTemplate: { name: 'jawaban_aduan' },
      noticeTemplates: { new: { name: 'aduan_baru' } },
      alertTemplate: { name: 'kabar_kanal' },
    };
  },
  verbs: ['create', 'edit', 'delete'],
  raw: (event) =>
    JSON.stringify({ account: event.account, field: 'messages', message: messageOf(event), contact: CITIZEN }),
  platform: (state) => whatsappPlatform(state, () => standIn),
  publishes: ({ method, path }) => method === 'POST' && path.endsWith('/messages'),
  target: { ref: REF },
  alertTo: '+6281255512345',
  receive: {
    settings: { secrets: ['${KIT_APP_SECRET}'], verifyToken: '${KIT_VERIFY}' },
    body: (events) =>
      metaJson({ object: 'whatsapp_business_account', entry: [{ ...entryOf(events), time: seconds(new Date()) }] }),
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
  media: {
    ...{ ref: { media: '2754859441498128' }, bytes: PHOTO },
    stray: ['https://elsewhere.example/x.jpg', { url: 'https://elsewhere.example/x' }, { media: '../x' }, null, 7, {}],
  },
  answers: {
    auth: graphError(401, 190, 463),
    throttled: graphError(400, 80_007, undefined, { 'retry-after': '7' }),
    refused: graphError(400, 131_009),
  },
};
