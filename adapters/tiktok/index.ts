import { defineAdapter } from '#contract';
import { complete } from './complete.ts';
import { connect, setup } from './connect.ts';
import { checkHealth } from './health.ts';
import { receive } from './hook.ts';
import { normalise } from './items.ts';
import { poll } from './poll.ts';
import { moderate, publish, reconcile } from './publish.ts';
import { settings } from './settings.ts';

const care = { every: '6h', run: checkHealth };

/** Comments below the videos of a TikTok business account. */
export default defineAdapter({
  ...{ name: 'tiktok', settings, normalise, receive, poll, complete, publish, reconcile, moderate, care },
  ...{ probe: checkHealth, connect, setup },
});
