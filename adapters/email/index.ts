import { defineAdapter } from '#contract';
import { extract, normalise } from './normalise.ts';
import { poll } from './poll.ts';
import { probe } from './probe.ts';
import { settings } from './settings.ts';
import { watch } from './watch.ts';

/** A mailbox: read by IMAP. */
export default defineAdapter({ name: 'email', settings, normalise, extract, poll, watch, probe });
