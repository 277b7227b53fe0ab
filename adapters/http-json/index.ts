import { defineAdapter } from '#contract';
import { examine } from './examine.ts';
import { probe } from './health.ts';
import { findForwarded, findStatus, reconcile } from './lookup.ts';
import { media } from './media.ts';
import { normalise } from './normalise.ts';
import { poll } from './poll.ts';
import { forward, publish, pushStatus, statusCode } from './publish.ts';
import { settings } from './settings.ts';
import { receive } from './webhook.ts';

const abilities = { receive, poll, publish, reconcile, pushStatus, findStatus, forward, findForwarded, media, probe };
const pure = { examine, normalise, statusCode };

/** Any portal that speaks HTTP and JSON. What is particular to one stands in its channel's file. */
export default defineAdapter({ name: 'http-json', settings, ...pure, ...abilities });
