import { createHmac } from 'node:crypto';
import { KIT_NOW } from '../kit/context.ts';
import type { Harness } from '../kit/index.ts';
import {
  ACCOUNT, CITIZEN, CLIENT_SECRET, 
  CODE,PAGE_SIZE, PHOTO, PHOTO_PATH, postId, postOf, REFRESH, SIGNER, UNAUTHORISED, 
  xConsent,xPlatform,
} from './twitter.platform.ts'; // biome-ignore format: one glance

const problem = (type: string, detail: string) => ({
  ...{ title: type, detail, type: `https://api.x.com/2/problems/${type}` },
});
const reset = String(KIT_NOW.getTime() / 1_000 + 7);

const mac = (body: Uint8Array | string): string =>
  `sha256=${createHmac('sha256', SIGNER.consumerSecret).update(body).digest('base64')}`;

const app2 = (origin: string) => ({
  ...common(origin),
  ...{ clientId: 'kit-client', clientSecret: '${KIT_X_CLIENT}', authorizeUrl: `${origin}/i/oauth2/authorize` },
});

const common = (origin: string) => ({ username: 'PemkabContoh', apiBase: origin, webUrl: 'https://x.example' });

/** With OAuth 1.0a, whose keys do not end. */
export const twitterHarness: Harness = {
  variant: 'OAuth 1.0a',
  account: ACCOUNT,
  secrets: {
    ...{ KIT_X_KEY: SIGNER.consumerKey, KIT_X_SECRET: SIGNER.consumerSecret },
    ...{ KIT_X_TOKEN: SIGNER.accessToken, KIT_X_TOKEN_SECRET: SIGNER.accessSecret },
    ...{ KIT_X_REFRESH: REFRESH, KIT_X_CLIENT: CLIENT_SECRET },
  },
  settings: (origin) => ({
    ...common(origin),
    ...{ consumerKey: '${KIT_X_KEY}', consumerSecret: '${KIT_X_SECRET}' },
    ...{ accessToken: '${KIT_X_TOKEN}', accessSecret: '${KIT_X_TOKEN_SECRET}' },
  }),
  verbs: ['create', 'edit', 'delete'],
  raw(event) {
    if (event.verb === 'delete') return JSON.stringify({ gone: postId(event.objectId), at: event.at.toISOString() });
    return JSON.stringify({ post: postOf(event), media: [], near: [], nearUsers: [] });
  },
  objectId: ({ objectId }) => postId(objectId),
  platform: xPlatform,
  target: {
    ...{ objectId: postId('kit-1'), threadId: `${postId('kit-1')}:${CITIZEN}` },
    ref: { post: postId('kit-1'), author: CITIZEN, replyable: true, participant: CITIZEN },
  },
  publishes: ({ method, path }) =>
    method === 'POST' && /^\/2\/(tweets|dm_conversations\/with\/\d+\/messages)$/.test(path),
  receive: {
    settings: { secrets: ['${KIT_X_SECRET}'] },
    body: ([event]) =>
      Buffer.from(JSON.stringify({ data: { event_type: 'post.mention.create', payload: event && postOf(event) } })),
    sign: (body) => ({ body, headers: { 'x-twitter-webhooks-signature': mac(body) }, query: {} }),
    signatureHeaders: ['x-twitter-webhooks-signature'],
    wake: Buffer.from('{"data":{"event_type":"oauth.revoke"}}'),
    onlyWakes: true,
    handshake: {
      ask: { body: new Uint8Array(), headers: {}, query: { crc_token: 'kit-crc' } },
      answer: JSON.stringify({ response_token: mac('kit-crc') }),
    },
  },
  connect: { serve: xConsent, settings: app2, code: CODE },
  pageSize: PAGE_SIZE,
  media: {
    ref: PHOTO_PATH,
    bytes: PHOTO,
    stray: [
      '/2/dm_conversations/media/../../users/me',
      'http://elsewhere.example/x',
      '@elsewhere.example/x',
      '/2/users/me',
      '',
      null,
      7,
    ],
  },
  spent: {
    status: 402,
    body: { title: 'CreditsDepleted', detail: 'Your account has no credits.', type: 'about:blank' },
  },
  answers: {
    auth: UNAUTHORISED,
    throttled: {
      ...{ status: 429, headers: { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': reset } },
      body: problem('rate-limit-exceeded', 'Too Many Requests'),
    },
    refused: { status: 400, body: problem('invalid-request', 'One or more parameters to your request was invalid.') },
  },
};

/** With OAuth 2.0, whose refresh tokens are used once. */
export const twitterHarness2: Harness = {
  ...twitterHarness,
  variant: 'OAuth 2.0',
  settings: (origin) => ({ ...app2(origin), refreshToken: '${KIT_X_REFRESH}' }),
};
