import { type Answer, type Asked, json } from '../app/respond.ts';
import { Consent } from '../consent/index.ts';
import { keepJournal } from '../journal.ts';
import { listen, type Outcome } from '../listen.ts';
import { Access, type Token } from './access.ts';
import { Citizens } from './citizens.ts';
import { Login } from './consent.ts';
import { Courier } from './courier.ts';
import { Faults } from './faults.ts';
import { answerGraph } from './graph.ts';
import { type FaultInput, type MetaOptions, metaOptions } from './options.ts';
import type { Parts, Subscriptions } from './parts.ts';
import { Phones } from './phones.ts';
import { screen } from './screen.ts';
import { FIELDS, isHeard } from './subscribed.ts';
import { tally } from './tally.ts';
import type { World } from './world.ts';
import { World as NewWorld } from './world.ts';

export interface Meta {
  /** Such as `http://127.0.0.1:4100`; also `graphUrl` of a channel. */
  readonly url: string;
  readonly world: World;
  readonly citizens: Citizens;
  /** What people do on WhatsApp, and staff on the office's own phone. */
  readonly phones: Phones;
  readonly access: Access;
  /** The consent screen, and the pages that are ticked there. */
  readonly login: Login;
  readonly subscriptions: Parts['subscriptions'];
  readonly usage: Parts['usage'];
  /** What goes wrong from now on. */
  setFaults(faults: readonly FaultInput[]): void;
  /** A new token for an account; its others are dead. */
  replaceToken(account: string, token: string): Token;
  /** Where to deliver from now on; undefined: nowhere, everything waits to be polled. */
  deliverTo(hook: string | undefined): void;
  /** What the hub published here, and which text came more than once to the same place. */
  published(): ReturnType<typeof tally>;
  /** Resolves when everything was acknowledged by the hub. */
  delivered(): Promise<void>;
  close(): Promise<void>;
}

export type { FaultInput, MetaOptions } from './options.ts';
export type { Chat, Comment, Landed, Person, Post } from './world.ts';

/** Meta on this machine: Graph for Facebook and Instagram, its deliveries, its troubles, and what citizens see. */
export async function startMeta(options: MetaOptions): Promise<Meta> {
  const settings = metaOptions.parse(options);
  const world = new NewWorld().setMaxListeners(0);
  const subscriptions: Subscriptions = { app: new Map(Object.entries(FIELDS)), assets: new Map() };
  const courier = new Courier(settings, (event) => settings.deliverAnyway || isHeard(settings, subscriptions, event));
  const { appId: clientId, appSecret: clientSecret, redirectUris } = settings;
  const login = new Login(new Consent({ clientId, clientSecret, redirectUris }));
  let url = '';
  const parts: Parts = {
    ...{ settings, world, courier, url: () => url },
    access: new Access(settings, (token) => login.personOf(token) !== undefined),
    login,
    faults: new Faults(settings.faults),
    subscriptions,
    usage: { percent: 1, minutes: 0 },
  };
  const stopKeeping = keepJournal(world, settings.journal);
  const server = await listen(settings, (asked) => answer(parts, asked));
  url = server.url;
  const { access, usage } = parts;
  return {
    ...{ url, world, access, login, subscriptions, usage },
    citizens: new Citizens(parts),
    phones: new Phones(parts),
    setFaults: (faults) => parts.faults.set(faults),
    replaceToken(account, token) {
      access.kill(account, 460);
      return access.give({ id: account, token });
    },
    deliverTo(hook) {
      courier.hook = hook;
    },
    published: () => tally(world),
    delivered: () => courier.idle(),
    async close() {
      await courier.close();
      await server.close();
      await stopKeeping();
    },
  };
}

async function answer(parts: Parts, asked: Asked): Promise<Outcome> {
  if (/^\/v\d\d\.\d\//.test(asked.path)) return answerGraph(parts, asked);
  if (asked.path.startsWith('/cdn/')) return file(parts, asked.path.slice(5));
  if (asked.path === '/_published') return json(200, tally(parts.world));
  if (asked.method === 'POST' && asked.path === '/_faults') {
    parts.faults.set(JSON.parse(asked.body.toString()));
    return json(200, parts.faults.list());
  }
  return { status: 200, type: 'text/html; charset=utf-8', body: screen(parts) };
}

function file({ world }: Parts, name: string): Answer {
  const found = world.files.get(name);
  return found ? { status: 200, type: found.mime, body: found.bytes } : { status: 403, body: 'URL signature expired' };
}
