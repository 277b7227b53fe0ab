import { defineAdapter } from '#contract';
import { connect, setup } from './connect.ts';
import { care, checkHealth } from './health.ts';
import { normalise } from './items.ts';
import { media } from './media.ts';
import { poll } from './poll.ts';
import { publish } from './publish.ts';
import { reconcile } from './reconcile.ts';
import { settings } from './settings.ts';
import { receive } from './webhook.ts';

/** X (Twitter): mentions and direct messages are polled, the webhook only wakes the poll; replies go to who mentions us. */
export default defineAdapter({
  name: 'twitter',
  settings,
  normalise,
  receive,
  poll,
  publish,
  reconcile,
  media,
  care,
  connect,
  setup,
  probe: checkHealth,
});
