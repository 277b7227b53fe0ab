import { keepJournal } from '../journal.ts';
import { listen } from '../listen.ts';
import { Courier } from './courier.ts';
import { Faults } from './faults.ts';
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
  const endJournal = keepJournal(world, settings.journal);
  world.on('changed', (report, happened) => courier?.tell(report, happened));
  const parts: Parts = { settings, world, faults, url: () => url };
  const server = await listen(settings, (asked) => answer(parts, asked));
  url = server.url;
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
      await server.close();
      await endJournal();
    },
  };
}
