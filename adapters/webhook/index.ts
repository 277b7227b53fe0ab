import { defineAdapter } from '#contract';
import { media, probe } from './client.ts';
import { normalise } from './items.ts';
import { poll, watch } from './poll.ts';
import { forward, publish, pushStatus, reconcile } from './publish.ts';
import { settings } from './settings.ts';
import { setup } from './setup.ts';
import { receive } from './webhook.ts';

const abilities = { receive, poll, watch, publish, reconcile, pushStatus, forward, media, probe, setup };

/** Any local application that speaks the item format. The reference: copy this folder to add a channel. */
export default defineAdapter({ name: 'webhook', settings, normalise, ...abilities });
