import type { Harness } from '../kit/index.ts';
import { googleError } from './google/signing.ts';
import {
  CHANNEL,
  CLIENT_SECRET,
  CODE,
  commentOf,
  consent,
  PAGE_SIZE,
  REFRESH,
  youtubePlatform,
} from './youtube.platform.ts';

const refusal = (code: number, reason: string, headers = {}) => ({
  ...{ status: code, headers },
  body: { error: { code, errors: [{ domain: 'youtube', reason, message: reason }], status: 'INVALID_ARGUMENT' } },
});

/** A channel that signs in: without a refresh token in its file. */
const googleApp = (origin: string) => ({
  ...{ clientId: '1234-contoh.apps.googleusercontent.com', clientSecret: '${KIT_CLIENT}' },
  ...{ tokenUrl: `${origin}/token`, authorizeUrl: `${origin}/auth`, apiBase: origin, webUrl: origin },
});

export const youtubeHarness: Harness = {
  account: CHANNEL,
  secrets: { KIT_CLIENT: CLIENT_SECRET, KIT_REFRESH: REFRESH },
  settings: (origin) => ({ ...googleApp(origin), refreshToken: '${KIT_REFRESH}' }),
  verbs: ['create', 'edit', 'delete'],
  raw(event) {
    if (event.verb === 'delete') return JSON.stringify({ gone: event.objectId, at: event.at.toISOString() });
    return JSON.stringify({ comment: commentOf(event), ...(event.verb === 'edit' && { edited: true }) });
  },
  platform: youtubePlatform,
  publishes: ({ method, path }) => method === 'POST' && path === '/comments',
  connect: { serve: consent, settings: (origin) => googleApp(origin), code: CODE },
  pageSize: PAGE_SIZE,
  spent: refusal(403, 'quotaExceeded'),
  answers: {
    auth: googleError(401, 'UNAUTHENTICATED'),
    throttled: refusal(403, 'rateLimitExceeded', { 'retry-after': '7' }),
    refused: refusal(400, 'operationNotSupported'),
  },
};
