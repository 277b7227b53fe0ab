import type { AnyAdapter, Json, RawItem } from '#contract';
import { type Bench, onBench } from '../context.ts';
import { must, mustEqual } from '../expect.ts';
import { type Harness, needs, objectIdOf } from '../harness.ts';
import { observed } from '../observe.ts';
import { crowdedEvents, event, objectIds } from '../samples.ts';
import { type Check, has } from './check.ts';

const applies = has('poll');
const MOST_PAGES = 100;

interface Step {
  items: RawItem[];
  next: Json;
}

/** Pages from `cursor` to the end, each cursor taken through JSON and its own schema as the hub does. */
async function walk(adapter: AnyAdapter, bench: Bench, cursor: Json): Promise<Step[]> {
  const steps: Step[] = [];
  for (let at = cursor; steps.length < MOST_PAGES; ) {
    const { items, next, more } = await adapter.poll!.page(at, bench.ctx);
    const stored: unknown = JSON.parse(JSON.stringify(next));
    const parsed = adapter.poll!.cursor.safeParse(stored);
    must(parsed.success, `poll: the cursor ${JSON.stringify(next)} does not fit its own schema once it was JSON`);
    steps.push({ items, next: parsed.data as Json });
    if (!more) return steps;
    at = parsed.data as Json;
  }
  throw new Error(`poll: still not at the end after ${MOST_PAGES} pages`);
}

const itemsOf = (steps: readonly Step[]) => steps.flatMap((step) => step.items);

async function mustHave(adapter: AnyAdapter, harness: Harness, bench: Bench, items: readonly RawItem[], what: string) {
  const have = new Set(await objectIds(adapter, harness, items));
  const lost = bench.state.events.map((one) => objectIdOf(harness, one)).filter((id) => !have.has(id));
  must(lost.length === 0, `poll: ${what}: lost ${lost.length} of ${bench.state.events.length} (${lost.slice(0, 5)})`);
}

const complete: Check = {
  name: 'poll gives everything, page after page, with the account of the channel',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      bench.state.events.push(...crowdedEvents(harness, needs(harness.pageSize, 'pageSize') * 2 + 5));
      const items = itemsOf(await walk(adapter, bench, null));
      await mustHave(adapter, harness, bench, items, 'a walk from the start');
      must(
        items.every((one) => one.account === harness.account),
        'poll: an item names another account',
      );
    }),
};

const stopped: Check = {
  name: 'poll loses nothing when it is stopped after any page',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      bench.state.events.push(...crowdedEvents(harness, needs(harness.pageSize, 'pageSize') * 2 + 5));
      const steps = await walk(adapter, bench, null);
      for (const [number, { next }] of steps.entries()) {
        const before = itemsOf(steps.slice(0, number + 1));
        const after = itemsOf(await walk(adapter, bench, next));
        await mustHave(adapter, harness, bench, [...before, ...after], `stopped after page ${number + 1}`);
      }
    }),
};

const equalTimes: Check = {
  name: 'poll finds what comes later with a timestamp it has already seen',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      const size = needs(harness.pageSize, 'pageSize');
      bench.state.events.push(...crowdedEvents(harness, size + 1));
      const first = await walk(adapter, bench, null);
      const twin = { ...bench.state.events.at(-1)!, objectId: 'kit-twin' };
      bench.state.events.push(twin);
      const second = await walk(adapter, bench, first.at(-1)?.next ?? null);
      await mustHave(adapter, harness, bench, itemsOf([...first, ...second]), 'an event with a timestamp seen before');
    }),
};

const keys: Check = {
  name: 'poll names an event the same each time',
  applies,
  run: (adapter, harness) =>
    onBench(adapter, harness, async (bench) => {
      bench.state.events.push(event(harness, 1), event(harness, 2), event(harness, 3));
      const once = itemsOf(await walk(adapter, bench, null)).map((one) => one.key);
      mustEqual(
        itemsOf(await walk(adapter, bench, null)).map((one) => one.key),
        once,
        'poll: the keys of a second walk',
      );
      must(new Set(once).size >= bench.state.events.length, 'poll: different events have the same key');
    }),
};

const idle: Check = {
  name: 'poll says by the settings alone that there is nothing to poll, and not of a channel that is polled',
  applies: (adapter) => adapter.poll?.idle !== undefined,
  async run(adapter, harness) {
    const settings: unknown = adapter.settings.parse(harness.settings('http://127.0.0.1:9'));
    let said: unknown;
    const { seen } = await observed(async () => {
      said = adapter.poll!.idle!(settings);
    });
    must(seen.length === 0, `poll.idle: used ${[...new Set(seen)].join(', ')}`);
    mustEqual(said, false, "poll.idle of the harness's settings, which are polled");
  },
};

export const pollChecks: readonly Check[] = [complete, stopped, equalTimes, keys, idle];
