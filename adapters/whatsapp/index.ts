import { defineAdapter } from '#contract';
import { receive } from '../_meta/webhook.ts';
import { care, probe } from './health.ts';
import { normalise } from './items.ts';
import { media } from './media.ts';
import { alert, markRead, notify, publish } from './publish.ts';
import { settings } from './settings.ts';
import { setup } from './setup.ts';

/** A number of the WhatsApp Business Platform (Cloud API). There is nothing to poll: what comes, comes by webhook. */
export default defineAdapter({
  name: 'whatsapp',
  settings,
  normalise,
  receive,
  publish,
  notify,
  alert,
  markRead,
  media,
  probe,
  care,
  setup,
});
