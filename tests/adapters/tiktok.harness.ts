import { createHmac } from 'node:crypto';
import type { Harness, KitEvent } from '../kit/index.ts';
import {
  ACCOUNT,
  APP_SECRET,
  CODE,
  commentOf,
  consent,
  failure,
  PAGE_SIZE,
  REFRESH,
  tiktokPlatform,
  VIDEO,
} from './tiktok.platform.ts';

/** A delivery as TikTok words it: what happened stands as a text inside. */
export function deliveryOf({ verb, account, objectId, at, text }: KitEvent): Record<string, unknown> {
  const about = { client_key: '7300000000000000001', event: 'comment.update', user_openid: account };
  const create_time = Math.floor(at.getTime() / 1_000);
  if (verb === 'garbage') return { ...about, create_time, content: `{"text":"${text}` };
  const content = {
    ...{ comment_id: objectId, video_id: VIDEO, comment_type: 'comment', timestamp: create_time },
    comment_action: verb === 'delete' ? 'delete' : 'insert',
    ...(verb !== 'delete' && { unique_identifier: 'uid-9f77', text }),
  };
  return { ...about, create_time, content: JSON.stringify(content) };
}

export function sign(body: Uint8Array, at: Date, secret = APP_SECRET) {
  const time = String(Math.floor(at.getTime() / 1_000));
  const mark = createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from(`${time}.`), body]))
    .digest('hex');
  const headers = { 'tiktok-signature': `t=${time},s=${mark}`, 'webhook-schema-version': '1.0' };
  return { body, headers, query: {} };
}

const settings = (origin: string) => ({
  ...{ clientId: '7300000000000000001', clientSecret: '${KIT_CLIENT}', apiBase: origin },
  ...{ authorizeUrl: `${origin}/v2/auth/authorize`, webUrl: origin, handle: '@pemkab' },
  messages: true,
});

export const tiktokHarness: Harness = {
  account: ACCOUNT,
  secrets: { KIT_CLIENT: APP_SECRET, KIT_REFRESH: REFRESH },
  settings: (origin) => ({ ...settings(origin), refreshToken: '${KIT_REFRESH}' }),
  verbs: ['create', 'delete'],
  raw(event) {
    const comment = commentOf(event);
    return JSON.stringify({ action: event.verb === 'delete' ? 'delete' : 'insert', comment });
  },
  bare: (event) => JSON.stringify({ action: 'insert', comment: { comment_id: event.objectId, video_id: VIDEO } }),
  platform: tiktokPlatform,
  target: { ref: { thread: 'kit-1', video: VIDEO } },
  publishes: ({ method, path }) => method === 'POST' && /\/(reply\/create|message\/send)\/$/.test(path),
  receive: {
    settings: { secrets: ['${KIT_CLIENT}'] },
    body: (events) => Buffer.from(JSON.stringify(events.map(deliveryOf))),
    sign,
    signatureHeaders: ['tiktok-signature'],
    dated: true,
    wake: Buffer.from('{"event":"authorization.removed","user_openid":"_000KitPemkabContoh","content":"{}"}'),
  },
  connect: { serve: consent, settings, code: CODE },
  pageSize: PAGE_SIZE,
  answers: {
    unavailable: failure(50000, 'System error'),
    auth: failure(40105, 'Access token is incorrect or has been revoked'),
    throttled: failure(40100, 'Too many requests', { 'retry-after': '7' }),
    refused: failure(40002, 'comment not found'),
  },
};
