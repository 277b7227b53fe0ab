import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Delivery } from '#contract';
import type { Harness } from '../kit/index.ts';
import { itemOf, PAGE, PHOTO, TOKEN, webhookPlatform } from './webhook.platform.ts';

const hook = `whsec_${Buffer.from('kit-hook-secret-0123456789abcdef').toString('base64')}`;
const signing = `whsec_${Buffer.from('kit-reply-secret-fedcba9876543210').toString('base64')}`;

/** Signed by the specification's own library. It takes text only, so bytes that are no text are signed by hand. */
export function sign(body: Uint8Array, at: Date, id = 'msg_kit', secret = hook): Delivery {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signature = isUtf8(body)
    ? new Webhook(secret).sign(id, at, Buffer.from(body))
    : byHand(body, timestamp, id, secret);
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return { body, headers, query: {} };
}

function byHand(body: Uint8Array, timestamp: string, id: string, secret: string): string {
  const hmac = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'));
  return `v1,${hmac.update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}

export const webhookHarness: Harness = {
  account: 'laporan',
  secrets: { KIT_TOKEN: TOKEN, KIT_HOOK: hook, KIT_SIGNING: signing },
  settings: (origin) => ({ baseUrl: `${origin}/api/`, token: '${KIT_TOKEN}', signingSecret: '${KIT_SIGNING}' }),
  verbs: ['create', 'edit', 'delete'],
  raw: (event) => JSON.stringify(itemOf(event)),
  platform: webhookPlatform,
  publishes: ({ method }) => method === 'POST',
  receive: {
    settings: { secrets: ['${KIT_HOOK}'] },
    body: (events) => Buffer.from(JSON.stringify({ items: events.map(itemOf) })),
    sign,
    signatureHeaders: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    dated: true,
    wake: Buffer.from('{"wake":true}'),
    // It takes no such request; adapters that break the promise do.
    erasure: {
      ask: { body: Buffer.from('signed_request=c2lnbg.cGVyc29u'), headers: {}, query: {} },
      person: 'kit-person',
    },
    handshake: { ask: { body: new Uint8Array(), headers: {}, query: { challenge: 'kit-123' } }, answer: 'kit-123' },
  },
  pageSize: PAGE,
  bare: ({ account, objectId }) => JSON.stringify({ account, objectId }),
  media: {
    ref: '/media/1.jpg',
    bytes: PHOTO,
    stray: [
      '@elsewhere.example/x',
      'http://elsewhere.example/x',
      '/../health',
      '/%2e%2e/health',
      '',
      null,
      7,
      { path: '/media/1.jpg' },
    ],
  },
};
