import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Item } from '#contract';
import { Courier } from './courier.ts';
import { Faults } from './faults.ts';
import { keepJournal } from './journal.ts';
import { type AppOptions, appOptions } from './options.ts';
import { Publications, tally } from './publications.ts';
import { json, readRequest, write } from './respond.ts';
import { answer, type Parts } from './routes.ts';
import { Store } from './store.ts';

export interface App {
  /** Such as `http://127.0.0.1:4000`; also the channel's `baseUrl`. */
  readonly url: string;
  readonly store: Store;
  readonly faults: Faults;
  /** Files a change of a citizen; it is delivered or waits to be polled, as its account says. */
  file(account: string, item: Item): void;
  /** What the hub published here, and which keys landed more than once. */
  replies(): ReturnType<typeof tally>;
  /** Resolves when everything filed for delivery was acknowledged by the hub. */
  delivered(): Promise<void>;
  close(): Promise<void>;
}

export type { AppOptions, FaultInput } from './options.ts';

const DELIVERED_AGAIN = 200;

/** The district's own application "Lapor": the other end of the adapter `webhook`, with fault knobs. */
export async function startApp(options: AppOptions): Promise<App> {
  const settings = appOptions.parse(options);
  const closing = new AbortController();
  const store = new Store().setMaxListeners(0);
  const faults = new Faults(settings.faults);
  let url = '';
  const publications = new Publications(settings, store, faults, () => url);
  const courier = settings.hub ? new Courier(settings.hub) : null;
  const deliver = (account: string, item: Item) => {
    if (settings.delivered.includes(account)) courier?.add(account, item);
  };
  const kept = settings.journal === undefined ? [] : keepJournal(store, settings.journal);
  store.on('filed', deliver);

  const parts: Parts = { settings, store, faults, publications, closing: closing.signal };
  const server = createServer((incoming, response) => void serve(parts, incoming, response));
  await new Promise<void>((done, fail) => server.once('error', fail).listen(settings.port, settings.host, done));
  url = `http://${settings.host}:${(server.address() as AddressInfo).port}`;
  // Which of them the hub acknowledged is not in the journal: at least once.
  for (const { account, item } of kept.slice(-DELIVERED_AGAIN)) deliver(account, item);
  return {
    url,
    store,
    faults,
    file: (account, item) => store.file(account, item),
    replies: () => tally(publications, store),
    delivered: async () => courier?.idle(),
    async close() {
      closing.abort();
      await courier?.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function serve(parts: Parts, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const outcome = await answer(parts, await readRequest(incoming, response));
    if (outcome === 'hangup') incoming.socket.destroy();
    else if (outcome !== 'silent') write(response, outcome);
  } catch (error) {
    if (!response.headersSent)
      write(response, json(400, { error: error instanceof Error ? error.message : 'bad request' }));
  }
}
