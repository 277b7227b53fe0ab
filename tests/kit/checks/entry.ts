import { SURFACES } from '#contract';
import { must, mustEqual } from '../expect.ts';
import { needs } from '../harness.ts';
import { observed } from '../observe.ts';
import { type Check, has } from './check.ts';

const ORIGIN = 'http://127.0.0.1:9';

const surfaces: Check = {
  name: 'entry names what is entered, each surface once',
  applies: has('entry'),
  async run(adapter, harness) {
    const { surfaces: named, usual } = adapter.entry!;
    must(named.length > 0, 'entry.surfaces: empty; leave `entry` out where nothing is entered');
    must(new Set(named).size === named.length, 'entry.surfaces: one is named twice');
    const unknown = named.filter((one) => !SURFACES.includes(one));
    must(unknown.length === 0, `entry.surfaces: there is no ${unknown}`);
    const settings: unknown = adapter.settings.parse(harness.settings(ORIGIN));
    must(named.includes(usual(settings)), `entry.usual: "${usual(settings)}" is not among entry.surfaces`);
  },
};

const reachable: Check = {
  name: 'reach says where somebody can be written to, or nowhere, and asks nobody',
  applies: has('reach'),
  async run(adapter, harness) {
    const settings: unknown = adapter.settings.parse(harness.settings(ORIGIN));
    const reach = adapter.reach!;
    mustEqual(reach({ name: 'Budi Santoso' }, settings), null, 'reach of somebody who left neither number nor address');
    const author = needs(harness.reach, 'reach');
    let place: ReturnType<typeof reach> = null;
    const { seen } = await observed(async () => {
      place = reach(author, settings);
    });
    must(seen.length === 0, `reach: used ${[...new Set(seen)].join(', ')}`);
    must(place !== null, 'reach: finds no way to the author that the harness names');
    mustEqual(reach(author, settings), place, 'reach of the same author again');
    const { objectId, threadId, surface } = place as NonNullable<ReturnType<typeof reach>>;
    must(objectId !== '' && threadId !== '', 'reach: an id is empty');
    const answered = adapter.publish?.surfaces ?? [];
    must(answered.includes(surface), `reach: "${surface}" is not among publish.surfaces, so nothing can be said there`);
  },
};

export const entryChecks: readonly Check[] = [surfaces, reachable];
