import { defineAdapter, type Json, type NormaliseContext, type RawItem } from '#contract';
import { connect } from './oauth/connect.ts';
import { poll } from './poll.ts';
import { probe } from './probe.ts';
import { alert, publish, reconcile } from './publish.ts';
import { reach } from './reach.ts';
import { type Settings, settings } from './settings.ts';
import { setup } from './setup.ts';
import { watch } from './watch.ts';

type Raw = RawItem['raw'];
type Context = NormaliseContext<Settings>;

/** Only the parser threads load the parser: it is large, and the main thread never needs it. */
const reading = () => import('./normalise.ts');
const normalise = async (raw: Raw, ctx: Context) => (await reading()).normalise(raw, ctx);
const extract = async (raw: Raw, inside: Json, ctx: Context) => (await reading()).extract(raw, inside, ctx);

const abilities = { alert, reach, extract, poll, watch, publish, reconcile, probe, connect, setup };

/** A mailbox: read by IMAP, answered by SMTP. */
export default defineAdapter({ name: 'email', settings, normalise, ...abilities });
