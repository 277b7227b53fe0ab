import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, readRequest, write } from '../app/respond.ts';
import { Courier } from './courier.ts';
import { Faults } from './faults.ts';
import { keepJournal } from './journal.ts';
import { type KnobsInput, type PortalOptions, portalOptions } from './options.ts';
import type { Parts } from './parts.ts';
import { answer } from './routes.ts';
import { FOREIGN, type NewReport, type Report, tally, World } from './world.ts';

export type { KnobName, KnobsInput, PortalOptions, Profile } from './options.ts';
export { PROFILES } from './options.ts';
export type { NewReport, Report } from './world.ts';

export interface Portal {
  /** Such as `http://127.0.0.1:4400`. */
  readonly url: string;
  readonly world: World;
  readonly faults: Faults;
  /** A citizen files a report; under `status_asing` it may get a status that nobody knows. */
  file(report: NewReport): Report;
  set(knobs: KnobsInput): void;
  /** Where changes are announced from now on. */
  deliverTo(hook: { url: string; secret: string }): void;
  /** What the hub wrote here, and what came twice. */
  published(): ReturnType<typeof tally>;
  delivered(): Promise<void>;
  close(): Promise<void>;
}

/** A government's portal on this machine, with the surface of one profile. */
export async function startPortal(options: PortalOptions): Promise<Portal> {
  const settings = portalOptions.parse(options);
  const world = new World();
  const faults = new Faults(settings.knobs);
  let url = '';
  let courier = settings.hook && new Courier(settings.hook, faults);
  const endJournal = settings.journal === undefined ? async () => {} : keepJournal(world, settings.journal);
  world.on('changed', (report, happened) => courier?.tell(report, happened));
  const parts: Parts = { settings, world, faults, url: () => url };
  const server = createServer((incoming, response) => void serve(parts, incoming, response));
  await new Promise<void>((done, fail) => server.once('error', fail).listen(settings.port, settings.host, done));
  url = `http://${settings.host}:${(server.address() as AddressInfo).port}`;
  return {
    ...{ url, world, faults },
    file: (report) => world.file({ ...report, ...(faults.meets('status_asing') && { status: FOREIGN }) }),
    set: (given) => faults.set(given),
    deliverTo: (hook) => {
      courier = new Courier(hook, faults);
    },
    published: () => tally(world),
    delivered: async () => courier?.idle(),
    async close() {
      await courier?.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await endJournal();
    },
  };
}

async function serve(parts: Parts, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const outcome = await answer(parts, await readRequest(incoming, response));
    if (outcome === 'hangup') incoming.socket.destroy();
    else write(response, outcome);
  } catch (error) {
    if (!response.headersSent) write(response, json(400, { message: error instanceof Error ? error.message : 'bad' }));
  }
}
