import { defineAdapter, door } from '#contract';
import { publish } from './publish.ts';
import { setup } from './setup.ts';

/**
 * The citizen's own door: the hub's form and status page. There is no platform behind it. What is sent there is entered
 * at the hub itself, and an answer is published by standing on the status page.
 */
export default defineAdapter({
  name: 'website',
  settings: door,
  entry: { surfaces: ['form'], usual: () => 'form' },
  publish,
  door: (settings) => settings,
  setup,
});
