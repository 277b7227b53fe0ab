import { defineAdapter } from '#contract';
import { examine } from './examine.ts';
import { care, probe } from './health.ts';
import { normalise } from './items.ts';
import { poll } from './poll.ts';
import { alert, notify, publish, reach, reconcile } from './publish.ts';
import { settings } from './settings.ts';
import { setup } from './setup.ts';
import { receive } from './webhook.ts';

const abilities = { receive, poll, publish, reconcile, reach, notify, alert, probe, care };

/** SMS through any HTTP gateway, or through a modem with gammu-smsd. */
export default defineAdapter({ name: 'sms', settings, examine, normalise, ...abilities, setup });
