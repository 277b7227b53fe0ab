import type { Harness } from '../kit/index.ts';
import { AUDIENCE, certs, googleError, PUSHER, pushed, sign } from './google/signing.ts';
import {
  ACCOUNT,
  CLIENT_SECRET,
  CODE,
  consent,
  googlePlatform,
  LOCATION,
  nameOf,
  PLACE,
  REFRESH,
  reviewOf,
  TOPIC,
} from './google-reviews.platform.ts';

/** A channel that signs in: without a refresh token in its file. */
const googleApp = (origin: string) => ({
  ...{ clientId: '1234-contoh.apps.googleusercontent.com', clientSecret: '${KIT_CLIENT}' },
  ...{ locations: [{ id: LOCATION, name: 'Kantor Dukcapil' }], topic: TOPIC, authorizeUrl: `${origin}/auth` },
  ...{ tokenUrl: `${origin}/token`, apiBase: origin, infoBase: origin, noticeBase: origin },
});

export const googleReviewsHarness: Harness = {
  account: ACCOUNT,
  secrets: { KIT_CLIENT: CLIENT_SECRET, KIT_REFRESH: REFRESH },
  settings: (origin) => ({ ...googleApp(origin), refreshToken: '${KIT_REFRESH}' }),
  verbs: ['create', 'edit', 'delete'],
  raw(event) {
    if (event.verb === 'delete') return JSON.stringify({ gone: nameOf(event.objectId), at: event.at.toISOString() });
    return JSON.stringify({ review: reviewOf(event) });
  },
  objectId: ({ objectId }) => nameOf(objectId),
  platform: googlePlatform,
  target: { objectId: nameOf('kit-1'), threadId: nameOf('kit-1'), ref: { name: nameOf('kit-1') } },
  publishes: ({ method, path }) => method === 'PUT' && path.endsWith('/reply'),
  receive: {
    settings: { audience: AUDIENCE, email: PUSHER },
    body: ([event]) => pushed({ notificationType: 'NEW_REVIEW', locationName: PLACE, reviewName: event?.objectId }),
    sign,
    signatureHeaders: ['authorization'],
    wake: pushed({ review_name: nameOf('kit-1'), location_name: PLACE }),
    unsigned: true,
    asks: { serve: certs, settings: (origin) => ({ certsUrl: `${origin}/oauth2/v3/certs` }) },
  },
  connect: { serve: consent, settings: googleApp, code: CODE },
  pageSize: 50,
  answers: {
    auth: googleError(401, 'UNAUTHENTICATED'),
    throttled: googleError(429, 'RESOURCE_EXHAUSTED', { headers: { 'retry-after': '7' } }),
    refused: googleError(400, 'INVALID_ARGUMENT'),
  },
};
