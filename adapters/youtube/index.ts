import { defineAdapter } from '#contract';
import { connect, setup } from './connect.ts';
import { checkHealth } from './health.ts';
import { normalise } from './items.ts';
import { poll } from './poll.ts';
import { publish, reconcile } from './publish.ts';
import { settings } from './settings.ts';

const care = { every: '12h', run: checkHealth };

/** Comments on the videos of a YouTube channel. YouTube tells of none: they are polled. */
export default defineAdapter({
  name: 'youtube',
  settings,
  normalise,
  poll,
  publish,
  reconcile,
  care,
  probe: checkHealth,
  connect,
  setup,
});
