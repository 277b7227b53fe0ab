import { defineAdapter, type Unpacked } from '#contract';
import { verifyPush } from '../_google/oidc.ts';
import { connect, setup } from './connect.ts';
import { checkHealth, lookAfter } from './health.ts';
import { normalise } from './items.ts';
import { poll } from './poll.ts';
import { publish, reconcile } from './publish.ts';
import { endpointSettings, settings } from './settings.ts';

/**
 * Pub/Sub only says that there is something to look at. Its token does not cover the body, and no page of Google shows
 * what the body holds: whatever it is, the reviews are read.
 */
const receive = { settings: endpointSettings, verify: verifyPush, unpack: (): Unpacked => 'wake' };

const care = { every: '12h', run: lookAfter };

/** Reviews of the places of a Google Business Profile. */
export default defineAdapter({
  ...{ name: 'google-reviews', settings, normalise, receive, poll, publish, reconcile, care },
  ...{ probe: checkHealth, connect, setup },
});
