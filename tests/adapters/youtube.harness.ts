import type { Harness } from '../kit/index.ts';
import { googleError } from './google/signing.ts';
import { CHANNEL, CLIENT_SECRET, commentOf, PAGE_SIZE, REFRESH, youtubePlatform } from './youtube.platform.ts';

const refusal = (code: number, reason: string, headers = {}) => ({
  ...{ status: code, headers },
  body: { error: { code, errors: [{ domain: 'youtube', reason, message: reason }], status: 'INVALID_ARGUMENT' } },
});

export const youtubeHarness: Harness = {
  account: CHANNEL,
  secrets: { KIT_CLIENT: CLIENT_SECRET, KIT_REFRESH: REFRESH },
  settings: (origin) => ({
    ...{ clientId: '1234-contoh.apps.googleusercontent.com', clientSecret: '${KIT_CLIENT}' },
    ...{ refreshToken: '${KIT_REFRESH}', tokenUrl: `${origin}/token`, apiBase: origin, webUrl: origin },
  }),
  verbs: ['create', 'edit', 'delete'],
  raw(event) {
    if (event.verb === 'delete') return JSON.stringify({ gone: event.objectId, at: event.at.toISOString() });
    return JSON.stringify({ comment: commentOf(event), ...(event.verb === 'edit' && { edited: true }) });
  },
  platform: youtubePlatform,
  publishes: ({ method, path }) => method === 'POST' && path === '/comments',
  pageSize: PAGE_SIZE,
  spent: refusal(403, 'quotaExceeded'),
  answers: {
    auth: googleError(401, 'UNAUTHENTICATED'),
    throttled: refusal(403, 'rateLimitExceeded', { 'retry-after': '7' }),
    refused: refusal(400, 'operationNotSupported'),
  },
};
