import { defineAdapter } from '#contract';
import { extract, normalise } from './normalise.ts';
import { poll } from './poll.ts';
import { probe } from './probe.ts';
import { publish, reconcile } from './publish.ts';
import { settings } from './settings.ts';
import { watch } from './watch.ts';

const abilities = { extract, poll, watch, publish, reconcile, probe };

/** A mailbox: read by IMAP, answered by SMTP. */
export default defineAdapter({ name: 'email', settings, normalise, ...abilities });
